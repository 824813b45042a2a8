//! `vestnik week`.

use std::process::ExitCode;

use super::output::{Output, table};
use super::{Common, Done};
use crate::domain::week::IsoWeek;
use crate::jobs::weeks;
use crate::office::Office;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The ISO week, for example 2026-W47; the current one if not named.
    #[arg(long, value_name = "WEEK")]
    week: Option<IsoWeek>,
}

pub(super) async fn run(args: Args, common: &Common, output: Output) -> Done {
    let count = async |office: &Office| {
        let (organisations, minimum) = (office.jobs().organisations, office.config.week_minimum);
        Ok(weeks(&office.store, &organisations, minimum, args.week, office.clock.now()).await?)
    };
    let reports = common.in_office(count).await?;
    output.print(&reports, || {
        let rows = reports.iter().map(|r| {
            [
                r.week.to_string(),
                r.channel.clone(),
                r.count.published.to_string(),
                r.count.planned.to_string(),
                r.count.minimum.to_string(),
                r.count.verdict.to_string(),
            ]
        });
        table(["week", "channel", "published", "planned", "minimum", "verdict"], rows)
    });
    Ok(ExitCode::SUCCESS)
}
