//! `vestnik post resolve`: a person settles what vestnik could not.

use std::process::ExitCode;

use serde_json::json;
use url::Url;

use crate::cli::output::Output;
use crate::cli::{Common, Done};
use crate::domain::PostId;
use crate::office::Office;
use crate::release::Resolution;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The post.
    id: PostId,
    /// The channel.
    channel: String,
    #[command(flatten)]
    word: Word,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Word {
    /// It stands at this public address.
    #[arg(long, value_name = "URL")]
    published: Option<Url>,
    /// It does not stand, or was taken down by hand. The platform is asked once more and may contradict.
    #[arg(long)]
    not_published: bool,
}

pub(in crate::cli) async fn run(args: Args, office: &Office, common: &Common, output: Output) -> Done {
    let by = common.actor()?;
    let resolution = args.word.published.map_or(Resolution::NotPublished, Resolution::Published);
    let state = office.resolve(args.id, &args.channel, resolution, &by).await?;
    output.print(&json!({"id": args.id, "channel": args.channel, "state": state}), || {
        format!("{} on channel `{}` is {state}", args.id, args.channel)
    });
    Ok(ExitCode::SUCCESS)
}
