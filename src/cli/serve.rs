//! `vestnik serve`: the daemon in the foreground.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use rand::RngExt as _;
use tokio::runtime::{Handle, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::user::at_desk;
use super::{Common, Done, Failure, closing};
use crate::config::StoreUrl;
use crate::jobs;
use crate::office::Office;
use crate::office::people::FIRST_HOURS;
use crate::release::{ProcessLock, run as run_daemon};
use crate::web::{self, Desk};

pub(super) async fn run(common: &Common) -> Done {
    start_log();
    let config = common.load()?;
    let StoreUrl::Sqlite(place) = &config.store;
    // Before anything is opened: what a dead daemon left behind is only ours once nobody else releases.
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder).map_err(|e| {
            Failure(format!("folder {} cannot be made ({e}); give vestnik the right to", folder.display()))
        })?;
    }
    let _lock = ProcessLock::take(place)?;
    let threads = DeskThreads::start()?;
    let clock = config.clock();
    closing(Office::open_to_serve(config, clock).await?, async |office: &Office| serve(office, &threads.handle()).await)
        .await
}

/// The threads of the desk: the release has its own, so that no page can delay a post.
struct DeskThreads(Option<Runtime>);

impl DeskThreads {
    fn start() -> std::io::Result<Self> {
        tokio::runtime::Builder::new_multi_thread().thread_name("desk").enable_all().build().map(Some).map(Self)
    }

    fn handle(&self) -> Handle {
        self.0.as_ref().map_or_else(Handle::current, |runtime| runtime.handle().clone())
    }
}

impl Drop for DeskThreads {
    fn drop(&mut self) {
        // Nothing of the desk is waited for here: that was done, with patience.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(office: &Office, threads: &Handle) -> Done {
    #[expect(clippy::disallowed_methods, reason = "the one place where the daemon's chance is seeded")]
    let (seed, nonce) = {
        let mut rng = rand::rng();
        (rng.random(), rng.random::<u32>())
    };
    let daemon = office.daemon(format!("{}-{nonce:08x}", std::process::id()), seed);
    let desk = threads.spawn(web::listen(Desk::new(office.clone(), Some(daemon.pulse())))).await??;
    let address = desk.address()?;
    let calendar = jobs::start(office.jobs()).await?;
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tracing::info!(database = %office.store.place().display(), channels = office.channels.all().len(), desk = %format!("http://{address}/"), "vestnik is at work");
    invite_first(office, address).await?;
    let ending = CancellationToken::new();
    let desk = threads.spawn(desk.run(ending.clone().cancelled_owned()));
    let ended = run_daemon(&daemon, async {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        // What arrives is finished beside the daemon's calls, not after them: a unit has so much time and no more.
        ending.cancel();
    })
    .await;
    ending.cancel();
    calendar.stop().await;
    match desk.await {
        Ok(desk) => desk?,
        Err(error) => tracing::error!(%error, "the desk ended in disorder"),
    }
    ended?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the address at which the first administrator begins. Past the log: a log is kept, sent on and read by others.
async fn invite_first(office: &Office, address: SocketAddr) -> Result<(), Failure> {
    if let Some(path) = office.invite_first().await? {
        let address = at_desk(&office.config, address, &path);
        let told = format!(
            "Nobody works at the desk yet. Whoever opens this address first, within {FIRST_HOURS} h, becomes its \
             administrator:\n\n  {address}\n"
        );
        // Whoever reads a log of JSON lines reads nothing else there.
        if logs_json() { println!("{told}") } else { eprintln!("{told}") }
    }
    Ok(())
}

/// Logs go to stderr; `RUST_LOG` chooses, `VESTNIK_LOG=json` gives one JSON object a line.
fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,tokio_cron_scheduler=warn"));
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    if logs_json() { log.json().init() } else { log.init() }
}

fn logs_json() -> bool {
    std::env::var("VESTNIK_LOG").is_ok_and(|v| v == "json")
}
