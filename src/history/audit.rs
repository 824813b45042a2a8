//! Is the database what happened? Every chain is checked as a copy of it would be, and then every row that the journal
//! tells of is held against it: posts, revisions, deliveries, attempts and the platforms' answers. A row that was
//! changed behind vestnik's back is found, and so is an entry that is missing although the row it told of is there.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::time::Instant;

use super::export::Header;
use super::rule::printable;
use super::verify::{ChainCheck, ChainFault, ChainReport, Proof, Report};
use crate::journal::{Break, Entry, Fault, Hash, Head};
use crate::store::{AuditPage, Store, StoreError};

mod columns;
mod post;
mod progress;

pub use progress::Progress;

/// Entries are read so many at a time.
const ENTRIES_PAGE: u32 = 1_000;
/// Posts are read so many at a time, with all their rows.
const POSTS_PAGE: u32 = 200;
/// So many findings are told; where there are more, the database as a whole is not to be trusted.
const FINDINGS_MAX: usize = 100;

/// What a check of the database came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// Whether everything is in order: every chain whole and unbroken, the rule kept, every row as the journal tells.
    pub ok: bool,
    /// The chains and the rule.
    #[serde(flatten)]
    pub report: Report,
    /// Where rows and journal differ, at most the first hundred.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub more_findings: u64,
}

/// A row is not what the journal tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The row, for example `delivery 0192…` or `chain press, row 7`.
    pub place: String,
    /// What is wrong with it.
    pub problem: String,
}

/// What was found so far.
#[derive(Debug, Default)]
struct Findings {
    told: Vec<Finding>,
    more: u64,
}

impl Findings {
    fn add(&mut self, place: impl Into<String>, problem: impl Into<String>) {
        if self.told.len() < FINDINGS_MAX {
            self.told.push(Finding { place: place.into(), problem: problem.into() });
        } else {
            self.more += 1;
        }
    }
}

/// Checks the whole database. `expected`: a hash that someone noted; it must be that of an entry, so that a cut tail or
/// a chain written anew is found, also when the chain has grown since. An error means that the database could not be
/// read, which says nothing of the history.
pub async fn verify(store: &Store, expected: Option<Hash>, now: DateTime<Utc>) -> Result<Audit, StoreError> {
    let chains = store.chains().await?;
    verify_chains(store, &chains, None, expected, now, &Progress::alone()).await
}

/// Checks one chain, and the rows of the posts that it tells of or ought to tell of. What was found until the check was
/// asked to stop is no result: `None`.
pub async fn verify_chain(
    store: &Store,
    chain: &str,
    expected: Option<Hash>,
    now: DateTime<Utc>,
    progress: &Progress,
) -> Result<Option<Audit>, StoreError> {
    let audit = verify_chains(store, &[chain.to_owned()], Some(chain), expected, now, progress).await?;
    Ok((!progress.is_stopped()).then_some(audit))
}

async fn verify_chains(
    store: &Store,
    chains: &[String],
    only: Option<&str>,
    expected: Option<Hash>,
    now: DateTime<Utc>,
    progress: &Progress,
) -> Result<Audit, StoreError> {
    let mut findings = Findings::default();
    let mut report = Report::new(expected);
    for chain in chains {
        report.chains.push(check_chain(store, chain, expected, now, &mut findings, progress).await?);
    }
    let mut after = Some(String::new());
    while let Some(id) = after.filter(|_| !progress.is_stopped()) {
        let begun = Instant::now();
        let mut page = store.audit_page(&id, POSTS_PAGE).await?;
        if let Some(chain) = only {
            keep_only(&mut page, chain);
        }
        post::check(&page, &mut findings);
        progress.did_posts(page.posts.len() as u64, begun).await;
        after = page.next;
    }
    let Findings { told: findings, more: more_findings } = findings;
    let mut audit = Audit { ok: false, report, findings, more_findings };
    audit.ok = audit.proof() == Proof::Proven;
    Ok(audit)
}

/// Leaves the posts that a chain tells of, and those whose organisation's chain it is.
fn keep_only(page: &mut AuditPage, chain: &str) {
    let own = page.posts.iter().filter(|post| post.organisation == chain).map(|post| post.id.clone());
    let told = page.journal.iter().filter(|row| row.chain == chain).filter_map(|row| row.post.clone());
    let kept: HashSet<String> = own.chain(told).collect();
    page.posts.retain(|post| kept.contains(&post.id));
    page.revisions.retain(|revision| kept.contains(&revision.post));
    page.deliveries.retain(|delivery| kept.contains(&delivery.post));
    page.attempts.retain(|attempt| kept.contains(&attempt.post));
    page.journal.retain(|row| row.post.as_ref().is_some_and(|post| kept.contains(post)));
}

/// Checks a chain up to where it ends now; what is appended meanwhile is left to the next check.
async fn check_chain(
    store: &Store,
    chain: &str,
    expected: Option<Hash>,
    now: DateTime<Utc>,
    findings: &mut Findings,
    progress: &Progress,
) -> Result<ChainReport, StoreError> {
    let last = store.journal_last(chain).await?;
    // A last row that is no entry is a fault that the check below comes to.
    let head = last
        .as_ref()
        .and_then(|row| Entry::parse(&row.entry).ok())
        .map_or(Head::genesis(chain), |entry| Head { hash: entry.hash, seq: entry.seq });
    let last_row = last.map_or(0, |row| place_of(row.seq));
    let mut check = ChainCheck::new(Header::whole(chain, head, now), expected);
    progress.expect_entries(last_row);
    let mut after = 0;
    while after < last_row && !progress.is_stopped() {
        let begun = Instant::now();
        let page = store.journal_page(chain, after, ENTRIES_PAGE).await?;
        let Some(end) = page.last().map(|row| place_of(row.seq)) else { break };
        for row in page.iter().filter(|row| place_of(row.seq) <= last_row) {
            match Entry::parse(&row.entry) {
                Ok(entry) => {
                    columns::check(row, &entry, findings);
                    check.push(&entry);
                }
                Err(error) => {
                    let fault = Break { chain: chain.into(), seq: place_of(row.seq), fault: Fault::Unreadable(error) };
                    check.fail(ChainFault::Break(fault));
                }
            }
        }
        progress.did_entries(end.min(last_row).saturating_sub(after), begun).await;
        after = end;
    }
    Ok(check.finish())
}

/// The place of a row. The table takes none below 1.
fn place_of(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", printable(&self.place), printable(&self.problem))
    }
}

impl Audit {
    /// What follows. Only [`Proof::Proven`] is `ok`.
    pub fn proof(&self) -> Proof {
        if self.findings.is_empty() { self.report.proof() } else { Proof::Broken }
    }
}

impl std::fmt::Display for Audit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.report.chains.iter().try_for_each(|chain| write!(f, "{chain}"))?;
        self.report.tell_expected(f)?;
        match (self.findings.len() as u64).saturating_add(self.more_findings) {
            0 => writeln!(f, "database: every post, attempt and answer is as the journal tells")?,
            all => writeln!(f, "database: DIFFERS from the journal in {all} places")?,
        }
        self.findings.iter().try_for_each(|finding| writeln!(f, "  {finding}"))?;
        if self.more_findings > 0 {
            writeln!(f, "  and {} more", self.more_findings)?;
        }
        writeln!(f, "verdict: {}", self.proof())
    }
}

#[cfg(test)]
mod tests;
