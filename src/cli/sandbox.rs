//! `vestnik sandbox`: the outside world on this machine, to try everything without accounts.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::signal::unix::{SignalKind, signal};
use vestnik_contract::{Clock as _, SystemClock};
use vestnik_sandbox::town::{self, Addresses, ConfigOptions, Platform, Town};
use vestnik_sandbox::{Server, WorldClock};

use super::output::line;
use crate::clock;

/// What the shipped configuration says.
const FIRST_PORT: u16 = 8101;
const FOLDER: &str = "data/sandbox";

/// The options of `vestnik sandbox`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the secrets are written that a configuration names.
    #[arg(long, value_name = "FOLDER", default_value = FOLDER)]
    dir: PathBuf,
    /// The loopback address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// The first of six ports in a row; the control face takes the one before it.
    #[arg(long, value_name = "PORT", default_value_t = FIRST_PORT, value_parser = clap::value_parser!(u16).range(2..))]
    ports: u16,
    /// How many times faster than real time everything runs, from now on.
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    speed: u32,
}

/// Runs the town until it is told to stop.
pub(crate) async fn run(args: &Args) -> Result<(), String> {
    if !args.host.is_loopback() {
        return Err(format!(
            "--host {} is not an address of this machine alone; the sandbox has no real secrets, so it listens on loopback only, like 127.0.0.1",
            args.host
        ));
    }
    let addresses = Addresses::from_port(args.host, args.ports)
        .ok_or_else(|| format!("--ports {} leaves no room for six ports; take one up to 65530", args.ports))?;
    let stop = stopped()?;
    // The configuration that is written tells vestnik the same origin, so that both see the same time.
    let origin = (args.speed > 1).then(|| SystemClock.now());
    let clock = clock::configured(args.speed, origin);
    let town = Town::start(clock.clone(), addresses).await.map_err(|e| busy(e.platform, e.address, &e.cause))?;
    town.allow_for_speed(args.speed);
    let town = Arc::new(town);
    let at = SocketAddr::new(args.host, args.ports - 1);
    let router = town::control_router(Arc::clone(&town));
    let control = Server::start(at, WorldClock::new(clock), router, |call| call.parts.uri.path().to_owned());
    let control = control.await.map_err(|cause| busy("the control face", at, &cause))?;
    town.write_secrets(&args.dir).map_err(|e| {
        format!("the secrets cannot be written to {} ({e}); name another folder with --dir", args.dir.display())
    })?;
    let config = if is_as_shipped(args) { None } else { Some(write_config(&town, args, origin)?) };
    line(&welcome(&town, &control, &args.dir, config.as_deref()));
    stop.await;
    line("The sandbox ends; what stood on it is forgotten.");
    Ok(())
}

/// Resolves when the process is told to end (SIGTERM, SIGINT).
pub(super) fn stopped() -> Result<impl Future<Output = ()> + use<>, String> {
    let listen = |kind| signal(kind).map_err(|e| format!("signals cannot be listened for ({e}); start it again"));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    })
}

fn busy(who: impl std::fmt::Display, address: SocketAddr, cause: &std::io::Error) -> String {
    if cause.kind() == std::io::ErrorKind::AddrInUse {
        format!(
            "port {} of {}, which {who} needs, is taken (perhaps by another sandbox); end that, or take others, \
             like --ports 9101",
            address.port(),
            address.ip()
        )
    } else {
        format!("{who} cannot listen on {address} ({cause}); take other ports, like --ports 9101")
    }
}

fn is_as_shipped(args: &Args) -> bool {
    args.speed == 1
        && args.ports == FIRST_PORT
        && args.host == IpAddr::from([127, 0, 0, 1])
        && args.dir == Path::new(FOLDER)
}

/// A configuration for other ports, another folder or another speed than those of the shipped one.
fn write_config(town: &Town, args: &Args, origin: Option<DateTime<Utc>>) -> Result<PathBuf, String> {
    let options = ConfigOptions {
        listen: "127.0.0.1:8080".into(),
        secrets: PathBuf::new(),
        platforms: Platform::ALL.to_vec(),
        speed: args.speed,
        origin,
        ..ConfigOptions::default()
    };
    let path = args.dir.join("config.toml");
    let head = "# Written by `vestnik sandbox` at every start, for the addresses it listens on.\n\n";
    std::fs::write(&path, format!("{head}{}", town.config(&options)))
        .map_err(|e| format!("{} cannot be written ({e}); name another folder with --dir", path.display()))?;
    Ok(path)
}

fn welcome(town: &Town, control: &Server, folder: &Path, config: Option<&Path>) -> String {
    let address = |platform| {
        let (url, entry) = (town.server(platform).url(), entry(town, platform));
        format!("  {platform:<10} {:<24} {entry}", url.as_str().trim_end_matches('/'))
    };
    let (named, command) = match config {
        None => ("The shipped config.toml names these addresses and files already.".to_owned(), "vestnik".to_owned()),
        Some(path) => (
            format!("{} names these addresses and files.", path.display()),
            format!("vestnik --config {}", path.display()),
        ),
    };
    let mut lines =
        vec!["The sandbox runs: loopback servers of all platforms, with one organisation.".into(), String::new()];
    lines.extend(Platform::ALL.map(address));
    lines.extend([
        String::new(),
        format!("What stands on every channel, and faults to play with (docs/sandbox.md): {}", control.url()),
        format!("The secrets lie in {}, one to a file. {named}", folder.display()),
        String::new(),
        "Go on in another terminal:".into(),
        String::new(),
        format!("  {command} check              asks every channel whether it would take a post"),
        format!("  {command} serve              releases what is queued"),
        format!("  {command} post add FILE.md   queues a post"),
        String::new(),
        "Ctrl-C ends the sandbox.".into(),
    ]);
    lines.join("\n")
}

/// What stands in the configuration of a channel beside address and secrets.
fn entry(town: &Town, platform: Platform) -> String {
    let Some(accounts) = town.organisations().next() else { return String::new() };
    match platform {
        Platform::Max => format!("chat_id = {}", accounts.chat_id),
        Platform::Vk => format!("group_id = {}", accounts.vk_group_id),
        Platform::Ok => format!("group_id = \"{}\", application_key = \"CBAEXAMPLEKEY\"", accounts.ok_group_id),
        Platform::WordPress => "user = \"vestnik\"".to_owned(),
        Platform::Webhook => format!("url = \"{}\"", town.webhook().receiver()),
        Platform::Manual => format!("site = \"{}\"", town.manual().server.url()),
    }
}
