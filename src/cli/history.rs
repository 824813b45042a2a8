//! `vestnik history` and `vestnik history verify`.

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono_tz::Tz;
use clap::{Subcommand, ValueEnum};

use super::output::Output;
use super::{Common, Done, Failure};
use crate::domain::wall_time::{Edge, edge};
use crate::domain::{PostId, State};
use crate::history::export::Format;
use crate::history::search::{Filter, write_table};
use crate::history::{audit, copy};
use crate::journal::Hash;
use crate::office::Office;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    search: Search,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the chains and recompute the four-hour rule, in the database or in an export.
    Verify {
        /// An export (JSON Lines), instead of the database.
        #[arg(value_name = "EXPORT")]
        export: Option<PathBuf>,
        /// A hash that was noted earlier: it must still stand in a chain.
        #[arg(long, value_name = "HASH")]
        head: Option<Hash>,
    },
}

#[derive(Debug, clap::Args)]
struct Search {
    /// From this moment or day.
    #[arg(long, value_name = "T")]
    from: Option<String>,
    /// Up to this moment, or to the end of this day.
    #[arg(long, value_name = "T")]
    to: Option<String>,
    /// What happened on one channel.
    #[arg(long, value_name = "SLUG")]
    channel: Option<String>,
    /// Words that must all occur.
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
    /// Deliveries that are in this state now.
    #[arg(long, value_name = "S")]
    state: Option<State>,
    /// What happened to one post.
    #[arg(long, value_name = "ID")]
    post: Option<PostId>,
    /// One organisation only.
    #[arg(long, value_name = "SLUG")]
    organisation: Option<String>,
    /// How to print; `jsonl` without any filter is the export that can be verified.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<As>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum As {
    Table,
    Json,
    Jsonl,
    Csv,
}

pub(super) async fn run(args: Args, common: &Common, output: Output) -> Done {
    match args.command {
        Some(Command::Verify { export: Some(file), head }) => {
            let report = copy::verify_file(&file, head)?;
            output.print(&report, || report.to_string());
            Ok(status(report.proof() == crate::history::verify::Proof::Proven))
        }
        Some(Command::Verify { export: None, head }) => {
            let verify = async |office: &Office| Ok(audit::verify(&office.store, head, office.clock.now()).await?);
            let report = common.in_office(verify).await?;
            output.print(&report, || report.to_string());
            Ok(status(report.ok))
        }
        None => common.in_office(async |office| search(args.search, office, common, output).await).await,
    }
}

fn status(ok: bool) -> ExitCode {
    if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn search(search: Search, office: &Office, common: &Common, output: Output) -> Done {
    let format = search.format.unwrap_or(if output.json { As::Json } else { As::Table });
    let zone = zone(office, search.organisation.as_deref())?;
    let filter = filter(search, office, zone)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let copied = match format {
        As::Table => write_table(&office.store, filter, zone, &mut out).await.map(drop).map_err(Failure::from),
        As::Json => export(office, filter, Format::Json, common, &mut out).await,
        As::Jsonl => export(office, filter, Format::JsonLines, common, &mut out).await,
        As::Csv => export(office, filter, Format::Csv, common, &mut out).await,
    };
    let flushed = out.flush();
    copied?;
    flushed?;
    Ok(ExitCode::SUCCESS)
}

async fn export(
    office: &Office,
    filter: Filter,
    format: Format,
    common: &Common,
    out: &mut impl std::io::Write,
) -> Result<(), Failure> {
    let actor = common.actor()?;
    copy::take(&office.store, filter, format, &actor, office.clock.now(), out).await?;
    Ok(())
}

/// The zone in which times are read and shown: that of the named organisation, or of the only one, else UTC.
fn zone(office: &Office, organisation: Option<&str>) -> Result<Tz, Failure> {
    match (organisation, office.config.organisations.as_slice()) {
        (Some(slug), _) => Ok(office.organisation(Some(slug))?.zone),
        (None, [only]) => Ok(only.zone),
        (None, _) => Ok(Tz::UTC),
    }
}

fn filter(search: Search, office: &Office, zone: Tz) -> Result<Filter, Failure> {
    let now = office.clock.now();
    let at = |text: Option<String>, which| {
        text.map(|t| edge(&t, which, zone, now)).transpose().map_err(|error| Failure(error.to_string()))
    };
    if let Some(channel) = &search.channel
        && office.config.channel(channel).is_none()
    {
        return Err(Failure(format!("there is no channel `{channel}`; `vestnik channel list` shows them")));
    }
    Ok(Filter {
        from: at(search.from, Edge::From)?,
        to: at(search.to, Edge::To)?,
        channel: search.channel,
        text: search.text,
        state: search.state,
        post: search.post,
        organisation: search.organisation,
    })
}
