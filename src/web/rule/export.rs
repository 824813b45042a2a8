//! Copies of the rule's table.

use axum::extract::State;
use axum::response::Response;
use chrono_tz::Tz;
use futures_util::stream::try_unfold;
use serde::Deserialize;

use super::{Asked, Question};
use crate::history::export::harmless;
use crate::history::index;
use crate::history::rule::Distance;
use crate::history::rule::copy;
use crate::history::rule::period::{Measured, smallest};
use crate::journal::stamp;
use crate::store::{DistancePeriod, DistancePlace, Store};
use crate::web::export::{Buffer, Cell, Column, Kind, Workbook, broken_off, from_file, streamed};
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

/// Publications are read so many at a time.
const BATCH: u32 = 500;

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    kind_of_copy: Table,
    #[serde(flatten)]
    asked: Asked,
}

/// What a table can be copied as: it is no chain that could be verified.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Table {
    Csv,
    Xlsx,
}

/// Takes a copy. It is a form and not a link, because it stands in the journal afterwards.
pub(super) async fn take(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Posted(Wanted { kind_of_copy, asked }): Posted<Wanted>,
) -> Result<Response, WebError> {
    let Question { organisation, period, days } = asked.question(&desk, &visitor)?;
    let permit = desk.auditing.copies.one(&visitor.page)?;
    let store = desk.office.store.clone();
    // A copy leaves nothing out because it was not indexed yet.
    index::catch_up(&store, &period.chain, u64::MAX).await?;
    let name = format!("rule-{}-{}-{}", organisation.slug, days.0, days.1);
    // Noted when what can fail has succeeded: the journal tells of no copy that nobody has.
    let noted = async |kind: Kind| {
        copy::note(&store, &period, kind.name(), &visitor.person.name, desk.office.clock.now()).await
    };
    match kind_of_copy {
        Table::Xlsx => {
            let file = workbook(&visitor.page, &store, &period, organisation.zone).await?;
            drop(permit);
            let answer = from_file(Kind::Xlsx, &name, file)?;
            noted(Kind::Xlsx).await?;
            Ok(answer)
        }
        Table::Csv => {
            let buffer = Buffer::default();
            let mut table = csv::Writer::from_writer(buffer.clone());
            table.write_record(COLUMNS).map_err(WebError::internal)?;
            noted(Kind::Csv).await?;
            let parts = try_unfold(Some((DistancePlace::FIRST, table, permit)), move |state| {
                let (store, period, buffer) = (store.clone(), period.clone(), buffer.clone());
                async move {
                    let Some((after, mut table, permit)) = state else { return Ok(None) };
                    let rows = smallest(&store, &period, after, BATCH).await.map_err(broken_off)?;
                    for row in &rows {
                        table.write_record(record(row)).map_err(broken_off)?;
                    }
                    table.flush()?;
                    let next = rows.last().map(|row| (row.place, table, permit));
                    Ok(Some((buffer.take(), next)))
                }
            });
            Ok(streamed(Kind::Csv, &name, parts))
        }
    }
}

const COLUMNS: [&str; 12] = [
    "distance_seconds",
    "required_seconds",
    "verdict",
    "channel",
    "action",
    "primary_at",
    "published_at",
    "post",
    "revision",
    "title",
    "url",
    "seq",
];

fn record(row: &Measured) -> [String; 12] {
    let seq = row.place.seq.to_string();
    let Some(d) = &row.distance else {
        let mut record: [String; 12] = Default::default();
        record[11] = seq;
        return record;
    };
    [
        d.distance_seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
        d.required_seconds.to_string(),
        d.verdict.name().to_owned(),
        harmless(&d.channel),
        action(d).to_owned(),
        d.primary_at.map(stamp::text).unwrap_or_default(),
        stamp::text(d.published_at),
        d.post.to_string(),
        d.revision.to_string(),
        harmless(row.title.as_deref().unwrap_or_default()),
        harmless(d.url.as_deref().unwrap_or_default()),
        seq,
    ]
}

fn action(distance: &Distance) -> &'static str {
    use crate::journal::event::Action;
    match distance.action {
        Action::Publish => "publish",
        Action::Edit => "edit",
        Action::Retract => "retract",
    }
}

async fn workbook(page: &Page, store: &Store, period: &DistancePeriod, zone: Tz) -> Result<std::fs::File, WebError> {
    let column = |key: &str, width: f64| (page.t(key).to_string(), width);
    let timed = |key: &str| (format!("{} ({})", page.t(key), page.zone(&zone)), 26.0);
    let columns: Vec<Column> = vec![
        column("rule-distance", 14.0),
        column("rule-required", 12.0),
        column("rule-verdict", 24.0),
        column("journal-channel", 18.0),
        column("journal-field-action", 14.0),
        timed("rule-primary-at"),
        timed("rule-published-at"),
        column("export-title", 40.0),
        column("journal-field-revision", 10.0),
        column("export-address", 40.0),
        column("export-number", 10.0),
    ];
    let mut book = Workbook::new(page.t("rule-sheet").to_string(), columns).map_err(WebError::internal)?;
    let mut after = Some(DistancePlace::FIRST);
    while let Some(place) = after {
        let rows = smallest(store, period, place, BATCH).await?;
        after = rows.last().map(|row| row.place);
        let page = page.clone();
        book = book.with(move || rows.into_iter().map(|row| cells(&page, row, zone)).collect()).await?;
    }
    book.finished().await
}

fn cells(page: &Page, row: Measured, zone: Tz) -> Vec<Cell> {
    let seq = Cell::Whole(i64::try_from(row.place.seq).unwrap_or(i64::MAX));
    let Some(d) = row.distance else {
        let mut cells = vec![Cell::Empty; 10];
        cells[2] = Cell::Text(page.t("rule-unreadable").to_string());
        cells.push(seq);
        return cells;
    };
    vec![
        d.distance_seconds.map_or(Cell::Empty, Cell::Span),
        Cell::Span(d.required_seconds.into()),
        Cell::Text(page.t(super::RulePage::verdict_key(&d)).to_string()),
        Cell::Text(d.channel.clone()),
        Cell::Text(page.t(format!("journal-value-action-{}", action(&d))).to_string()),
        d.primary_at.map_or(Cell::Empty, |at| Cell::Time(at, zone)),
        Cell::Time(d.published_at, zone),
        Cell::maybe(row.title),
        Cell::Whole(d.revision.into()),
        Cell::maybe(d.url),
        seq,
    ]
}
