//! `vestnik serve`: the daemon in the foreground.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use rand::RngExt as _;
use tokio::signal::unix::{SignalKind, signal};

use super::{Common, Done, Failure, closing};
use crate::config::StoreUrl;
use crate::jobs;
use crate::office::Office;
use crate::release::{ProcessLock, run as run_daemon};

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
    let clock = config.clock();
    closing(Office::open_to_serve(config, clock).await?, serve).await
}

async fn serve(office: &Office) -> Done {
    #[expect(clippy::disallowed_methods, reason = "the one place where the daemon's chance is seeded")]
    let (seed, nonce) = {
        let mut rng = rand::rng();
        (rng.random(), rng.random::<u32>())
    };
    let daemon = office.daemon(format!("{}-{nonce:08x}", std::process::id()), seed);
    let calendar = jobs::start(office.jobs()).await?;
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tracing::info!(database = %office.store.place().display(), channels = office.channels.all().len(), "vestnik is at work");
    let ended = run_daemon(&daemon, async {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    })
    .await;
    calendar.stop().await;
    ended?;
    Ok(ExitCode::SUCCESS)
}

/// Logs go to stderr; `RUST_LOG` chooses, `VESTNIK_LOG=json` gives one JSON object a line.
fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,tokio_cron_scheduler=warn"));
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    if std::env::var("VESTNIK_LOG").is_ok_and(|v| v == "json") {
        log.json().init();
    } else {
        log.init();
    }
}
