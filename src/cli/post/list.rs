//! `vestnik post list`.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::Done;
use crate::cli::output::{Output, rfc3339, table};
use crate::domain::PostId;
use crate::domain::wall_time::show;
use crate::office::Office;
use crate::store::PostFilter;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// One organisation only.
    #[arg(long, value_name = "SLUG")]
    organisation: Option<String>,
    /// Posts queued before this one.
    #[arg(long, value_name = "ID")]
    before: Option<PostId>,
    /// How many at the most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    most: u32,
}

pub(in crate::cli) async fn run(args: Args, office: &Office, output: Output) -> Done {
    if let Some(slug) = args.organisation.as_deref() {
        office.organisation(Some(slug))?;
    }
    let filter = PostFilter { organisations: args.organisation.map(|slug| vec![slug]), ..PostFilter::default() };
    let most = usize::try_from(args.most).unwrap_or(usize::MAX);
    let posts = office.store.post_page(&filter, args.before, most).await?.posts;
    let value: Vec<_> = posts
        .iter()
        .map(|p| {
            json!({
                "id": p.id, "organisation": p.organisation, "title": p.title,
                "created_at": rfc3339(p.created_at), "created_by": p.created_by,
                "deliveries": p.deliveries.iter().map(super::show::delivery_json).collect::<Vec<_>>(),
            })
        })
        .collect();
    output.print(&value, || {
        if posts.is_empty() {
            return "no posts yet; `vestnik post add FILE.md` queues one".into();
        }
        let rows = posts.iter().map(|p| {
            let zone = office.config.organisation(&p.organisation).map_or(chrono_tz::UTC, |o| o.zone);
            let states =
                p.deliveries.iter().map(|d| format!("{} {}", d.channel, d.state)).collect::<Vec<_>>().join("\n");
            [p.id.to_string(), p.title.clone(), show(p.created_at, zone), states]
        });
        table(["post", "title", "queued", "channels"], rows)
    });
    Ok(ExitCode::SUCCESS)
}
