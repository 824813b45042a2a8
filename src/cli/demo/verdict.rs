//! The end of the demo: the table, the weekly counter, the verified journal, and whether all of it was as promised.

use url::Url;
use vestnik_sandbox::town::Town;

use super::proof::{self, Proof};
use super::screen::Screen;
use super::story::{hms, stamp};
use super::{ZONE, told};
use crate::cli::output::table;
use crate::history::audit::{self, Audit};
use crate::jobs::{count_week, weeks};
use crate::office::Office;

/// Shows everything; an error when anything is not as promised.
pub(super) async fn judge(office: &Office, town: &Town, titles: &[&str], screen: &Screen) -> Result<(), String> {
    let proof = proof::look(town, titles);
    screen.say(&format!("\nWhat readers see, by the platforms' own times:\n{}", publications(&proof)));
    screen.say(&format!("\nThe week, against the minimum of posts:\n{}", counted(office).await?));
    let audit = audit::verify(&office.store, None, office.clock.now()).await.map_err(told)?;
    screen.say(&format!("\nThe journal, verified and the four-hour rule computed again:\n{}", proven(&audit)));
    if !audit.ok {
        return Err(format!("the history does not prove what happened:\n{audit}"));
    }
    if !proof.broken.is_empty() {
        return Err(format!("the platforms show what must not be: {}", proof.broken.join("; ")));
    }
    screen.say(&closing(titles.len(), &proof));
    Ok(())
}

fn publications(proof: &Proof) -> String {
    let mut lines = vec![format!("  {:<10}  {:<12}  {:<9}  Address", "Channel", "Its own time", "After MAX")];
    let mut last = "";
    for seen in &proof.seen {
        if seen.title != last {
            lines.push(format!("«{}»", seen.title));
            last = &seen.title;
        }
        let after = seen.after_max.map_or_else(|| "first".to_owned(), |after| format!("+{}", hms(after)));
        let address = seen.url.as_ref().map_or("", Url::as_str);
        let (platform, at) = (seen.platform, stamp(seen.published_at, ZONE));
        lines.push(format!("  {platform:<10}  {at:<12}  {after:<9}  {address}"));
    }
    lines.join("\n")
}

/// Runs the weekly job, as the daemon does by the calendar, and shows what it counted.
async fn counted(office: &Office) -> Result<String, String> {
    let jobs = office.jobs();
    count_week(&jobs).await.map_err(told)?;
    let minimum = office.config.week_minimum;
    let reports = weeks(&office.store, &jobs.organisations, minimum, None, office.clock.now()).await.map_err(told)?;
    let rows = reports.iter().map(|report| {
        [
            report.week.to_string(),
            report.channel.clone(),
            report.count.published.to_string(),
            report.count.minimum.to_string(),
            report.count.verdict.to_string(),
        ]
    });
    Ok(table(["Week", "Channel", "Published", "Minimum", "Verdict"], rows))
}

fn proven(audit: &Audit) -> String {
    let rows = audit.report.chains.iter().map(|chain| {
        let state = if chain.fault.is_some() { "BROKEN" } else { "unbroken" };
        let early = chain.rule.broken().len() + chain.rule.without_primary().len();
        [
            chain.chain.clone(),
            format!("{}, {state}", chain.entries),
            chain.head.hash.to_string().chars().take(16).collect(),
            format!("{} of {}", chain.rule.kept(), chain.rule.total()),
            early.to_string(),
        ]
    });
    table(["Chain", "Entries", "Head", "Followers that kept the rule", "Too early"], rows)
}

fn closing(posts: usize, proof: &Proof) -> String {
    let nearest = proof.nearest().map(hms).unwrap_or_default();
    format!(
        "\nProven: {posts} posts, {} publications, each post exactly once on each channel, the nearest\n\
         {nearest} after MAX.\n\n\
         Go on with `vestnik sandbox` in one terminal and `vestnik serve` in another; then queue a\n\
         post with `vestnik post add FILE.md`. README.md tells how to go live with real channels.",
        proof.seen.len()
    )
}
