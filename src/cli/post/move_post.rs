//! `vestnik post move`.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::output::{Output, rfc3339, table};
use crate::cli::{Common, Done};
use crate::domain::PostId;
use crate::domain::wall_time::show;
use crate::office::{MoveTo, Office};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The post.
    id: PostId,
    /// When instead: 2026-11-23 10:00, 10:00 (today), +2h30m.
    #[arg(long, value_name = "TIME")]
    at: String,
    /// One follower's own time, instead of the whole post's; never before its hold has passed.
    #[arg(long, value_name = "SLUG")]
    channel: Option<String>,
}

pub(super) async fn run(args: Args, office: &Office, common: &Common, output: Output) -> Done {
    let by = common.actor()?;
    let to = MoveTo { at: args.at, channel: args.channel, seen: None };
    let moved = office.move_post(args.id, to, &by).await?;
    let zone = moved.planned.first().and_then(|(channel, _)| office.config.channel(channel)).map(|(o, _)| o.zone);
    let planned = moved.planned.iter().map(|(channel, at)| json!({"channel": channel, "planned_at": rfc3339(*at)}));
    output.print(&json!({"id": args.id, "planned": planned.collect::<Vec<_>>()}), || {
        let rows = moved.planned.iter().map(|(channel, at)| [channel.clone(), show(*at, zone.unwrap_or_default())]);
        table(["channel", "planned"], rows)
    });
    Ok(ExitCode::SUCCESS)
}
