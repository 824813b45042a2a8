//! `vestnik channel`.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::output::{Output, rfc3339, table};
use super::{Common, Done};
use crate::domain::wall_time::show;
use crate::office::{Office, reason};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// All channels, with what is paused and why.
    List,
    /// Begin nothing more on a channel. Holds keep running.
    Pause {
        /// The channel.
        slug: String,
        /// Why, for the journal.
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Let a paused channel go on.
    Resume {
        /// The channel.
        slug: String,
    },
}

pub(super) async fn run(command: Command, common: &Common, output: Output) -> Done {
    let obey = async |office: &Office| match command {
        Command::List => list(office, output).await,
        Command::Pause { slug, reason } => {
            office.pause(&slug, &common.actor()?, &reason).await?;
            output.print(&json!({"channel": slug, "paused": true}), || format!("{slug} is paused; holds keep running"));
            Ok(ExitCode::SUCCESS)
        }
        Command::Resume { slug } => {
            office.resume(&slug, &common.actor()?).await?;
            output.print(&json!({"channel": slug, "paused": false}), || format!("{slug} goes on"));
            Ok(ExitCode::SUCCESS)
        }
    };
    common.in_office(obey).await
}

async fn list(office: &Office, output: Output) -> Done {
    let channels = office.store.channel_views().await?;
    let unfinished = office.store.unfinished().await?;
    let unfinished = |slug: &str| unfinished.get(slug).copied().unwrap_or_default();
    let value: Vec<_> = channels
        .iter()
        .map(|c| {
            json!({
                "channel": c.slug, "organisation": c.organisation, "platform": c.platform, "primary": c.is_primary,
                "paused_at": c.paused_at.map(rfc3339), "paused_by": c.paused_by, "paused_reason": c.paused_reason,
                "unfinished": unfinished(&c.slug),
            })
        })
        .collect();
    output.print(&value, || {
        let rows = channels.iter().map(|c| {
            let zone = office.config.organisation(&c.organisation).map_or(chrono_tz::UTC, |o| o.zone);
            let paused = c.paused_at.map_or_else(String::new, |at| {
                let (by, why) =
                    (c.paused_by.as_deref().unwrap_or_default(), c.paused_reason.as_deref().unwrap_or_default());
                format!("since {} by {by}: {why}", show(at, zone))
            });
            let role = if c.is_primary { "primary" } else { "follower" };
            [
                c.slug.clone(),
                c.organisation.clone(),
                c.platform.clone(),
                role.into(),
                unfinished(&c.slug).to_string(),
                paused,
            ]
        });
        table(["channel", "organisation", "platform", "role", "unfinished", "paused"], rows)
    });
    Ok(ExitCode::SUCCESS)
}
