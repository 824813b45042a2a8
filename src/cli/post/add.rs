//! `vestnik post add`: prints the id and, for every channel, the planned time.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::cli::output::{Output, rfc3339, table};
use crate::cli::{Common, Done};
use crate::domain::wall_time::show;
use crate::office::{Office, QueueOptions};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The post file: Markdown with front matter.
    #[arg(value_name = "FILE.md")]
    file: PathBuf,
    /// When it goes out in MAX, instead of the file's `at`; without either, now.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// A follower it goes to, instead of the file's `channels`; may be repeated.
    #[arg(long = "channel", value_name = "SLUG")]
    channels: Vec<String>,
    /// The organisation, when the configuration has several.
    #[arg(long, value_name = "SLUG")]
    organisation: Option<String>,
    /// The same key twice queues once.
    #[arg(long, value_name = "IDEMPOTENCY_KEY", value_parser = key)]
    key: Option<String>,
}

fn key(text: &str) -> Result<String, String> {
    let fits = (1..=200).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
    if fits { Ok(text.into()) } else { Err("1 to 200 printable ASCII characters without blanks".into()) }
}

pub(in crate::cli) async fn run(args: Args, office: &Office, common: &Common, output: Output) -> Done {
    let by = common.actor()?;
    let zone = office.organisation(args.organisation.as_deref())?.zone;
    let options =
        QueueOptions { organisation: args.organisation, at: args.at, channels: args.channels, key: args.key, by };
    let queued = office.queue(&args.file, options).await?;
    let value = json!({
        "id": queued.id,
        "repeated": queued.repeated,
        "deliveries": queued.planned.iter()
            .map(|(channel, at)| json!({"channel": channel, "planned_at": rfc3339(*at)})).collect::<Vec<_>>(),
    });
    output.print(&value, || {
        let head = if queued.repeated {
            format!("{}\nqueued before under the same key; nothing was done now", queued.id)
        } else {
            queued.id.to_string()
        };
        let rows = queued.planned.iter().enumerate().map(|(i, (channel, at))| {
            let when = if i == 0 { show(*at, zone) } else { format!("not before {}", show(*at, zone)) };
            [channel.clone(), when]
        });
        format!("{head}\n{}", table(["channel", "planned"], rows))
    });
    Ok(ExitCode::SUCCESS)
}
