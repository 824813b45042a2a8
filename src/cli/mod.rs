//! The command line: a thin shell over [`crate::office`], [`crate::store`] and [`crate::history`].
//!
//! Exit status: 0 done, 1 refused or failed, 2 wrong usage. `--json` prints one JSON value wherever something is
//! printed; times in it are RFC 3339 in UTC, times for people are in the organisation's zone.

mod attention;
mod backup;
mod channel;
mod check;
mod demo;
mod history;
mod output;
mod post;
mod sandbox;
mod serve;
mod user;
mod week;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::office::Office;
use output::Output;

/// Publishes a press office's news in MAX first, everywhere else four hours later, and proves it.
#[derive(Debug, Parser)]
#[command(name = "vestnik", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Common {
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE", env = "VESTNIK_CONFIG", default_value = "config.toml")]
    config: PathBuf,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Who acts, for the journal [default: the system user].
    #[arg(long, global = true, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Release posts until told to stop (SIGTERM, SIGINT).
    Serve,
    /// Ask every channel whether it would take a post, and say what to do if not.
    Check,
    /// See the whole job done in under a minute, on a sandbox.
    Demo(demo::Args),
    /// Run loopback servers of all platforms, to try vestnik without accounts.
    Sandbox(sandbox::Args),
    /// Queue, show and change posts.
    #[command(subcommand)]
    Post(post::Command),
    /// Everything that waits for a person, each with what to do.
    Attention,
    /// Show, pause and resume channels.
    #[command(subcommand)]
    Channel(channel::Command),
    /// Copy the database and the files of all posts into one archive, also while the daemon works.
    Backup(backup::BackupArgs),
    /// Put such a copy back. The daemon must have ended.
    Restore(backup::RestoreArgs),
    /// Search, export and verify the history.
    History(history::Args),
    /// Add people, change what they may do, keep them out.
    #[command(subcommand)]
    User(user::Command),
    /// Each channel's week against the weekly minimum.
    Week(week::Args),
}

/// A command that did not do what it was asked.
#[derive(Debug)]
struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

type Done = Result<ExitCode, Failure>;

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("vestnik: the program cannot start ({error})");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(Failure(why)) => {
            eprintln!("vestnik: {}", vestnik_contract::text::printable(&why));
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Done {
    let Cli { common, command } = cli;
    let output = Output { json: common.json };
    match command {
        Command::Serve => serve::run(&common).await,
        Command::Check => check::run(&common, output).await,
        Command::Demo(args) => demo::run(&args).await.map(|()| ExitCode::SUCCESS).map_err(Failure),
        Command::Sandbox(args) => sandbox::run(&args).await.map(|()| ExitCode::SUCCESS).map_err(Failure),
        Command::Post(command) => post::run(command, &common, output).await,
        Command::Attention => attention::run(&common, output).await,
        Command::Channel(command) => channel::run(command, &common, output).await,
        Command::Backup(args) => backup::save(args, &common, output).await,
        Command::Restore(args) => backup::restore(args, &common, output).await,
        Command::History(args) => history::run(args, &common, output).await,
        Command::User(command) => user::run(command, &common, output).await,
        Command::Week(args) => week::run(args, &common, output).await,
    }
}

/// Works in an office and closes it, whatever became of the work: the last to close a database puts everything into
/// its one file.
async fn closing<T>(office: Office, work: impl AsyncFnOnce(&Office) -> Result<T, Failure>) -> Result<T, Failure> {
    let done = work(&office).await;
    let closed = office.close().await;
    let done = done?;
    closed?;
    Ok(done)
}

impl Common {
    fn load(&self) -> Result<Config, Failure> {
        Ok(Config::load(&self.config)?)
    }

    /// Opens the office for one command.
    async fn in_office<T>(&self, command: impl AsyncFnOnce(&Office) -> Result<T, Failure>) -> Result<T, Failure> {
        let config = self.load()?;
        let clock = config.clock();
        closing(Office::open(config, clock).await?, command).await
    }

    /// Who acts.
    fn actor(&self) -> Result<String, Failure> {
        let name = self.by.clone().unwrap_or_else(system_user);
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(Failure("--by must be a name of 1 to 100 characters".into()));
        }
        if name == crate::journal::VESTNIK && self.by.is_none() {
            return Ok(format!("{name} (system user)"));
        }
        if name == crate::journal::VESTNIK {
            return Err(Failure(format!(
                "--by `{name}`: the program itself stands in the journal under this name; use your own"
            )));
        }
        Ok(name.to_owned())
    }
}

fn system_user() -> String {
    use std::os::unix::fs::MetadataExt as _;
    let named = || ["LOGNAME", "USER"].iter().find_map(|name| std::env::var(name).ok().filter(|n| !n.is_empty()));
    let by_id = || {
        let uid = std::fs::metadata("/proc/self").ok()?.uid();
        // name:password:uid:... (passwd(5))
        let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let known = passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            (fields.nth(1)? == uid.to_string()).then(|| name.to_owned())
        });
        Some(known.unwrap_or_else(|| format!("uid {uid}")))
    };
    named().or_else(by_id).unwrap_or_else(|| "unknown".into())
}
