//! Copies of the journal, with the filters of the page.

use axum::extract::State;
use axum::response::Response;
use chrono::Offset as _;
use futures_util::stream::try_unfold;
use serde::Deserialize;

use super::{Asked, Choices, chain_name, sentence, told, told_why, zone_of};
use crate::domain::wall_time::local;
use crate::history::export::{Format, Writer};
use crate::history::find::{FoundRow, Step, Walk};
use crate::journal::{Entry, stamp};
use crate::web::export::{Buffer, Cell, Column, Kind, Workbook, broken_off, from_file, streamed};
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    kind_of_copy: Kind,
    #[serde(flatten)]
    asked: Asked,
}

/// Takes a copy. It is a form and not a link, because it stands in the journal afterwards.
pub(super) async fn take(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Posted(Wanted { kind_of_copy: kind, asked }): Posted<Wanted>,
) -> Result<Response, WebError> {
    let choices = Choices::of(&desk, &visitor).await?;
    let question = asked.question(&desk, &visitor, &choices).await?;
    let permit = desk.auditing.copies.one(&visitor.page)?;
    let (store, now) = (&desk.office.store, desk.office.clock.now());
    let why = |error| told_why(&visitor.page, error);
    let mut walk = Walk::begin(store, &question, kind.name(), &visitor.person.name, now).await.map_err(why)?;
    let name = match question.chains.as_slice() {
        [one] => format!("journal-{}-{}", one.chain, now.format("%Y-%m-%d")),
        _ => format!("journal-{}", now.format("%Y-%m-%d")),
    };
    if kind == Kind::Xlsx {
        let file = workbook(&desk, &visitor.page, &mut walk).await?;
        drop(permit);
        return from_file(kind, &name, file);
    }
    let (buffer, format) = (Buffer::default(), if kind == Kind::Csv { Format::Csv } else { Format::JsonLines });
    let writer = Writer::new(format, buffer.clone()).map_err(WebError::internal)?;
    let parts = try_unfold(Some((walk, writer, permit)), move |state| {
        let buffer = buffer.clone();
        async move {
            let Some((mut walk, mut writer, permit)) = state else { return Ok(None) };
            let is_over = !step(&mut walk, &mut writer, format).await?;
            if is_over {
                writer.finish()?;
                return Ok(Some((buffer.take(), None)));
            }
            Ok(Some((buffer.take(), Some((walk, writer, permit)))))
        }
    });
    Ok(streamed(kind, &name, parts))
}

/// Writes the next part; `false`: there is none.
async fn step(walk: &mut Walk, writer: &mut Writer<Buffer>, format: Format) -> std::io::Result<bool> {
    match walk.next().await.map_err(broken_off)? {
        None => return Ok(false),
        Some(Step::Chain(header)) => writer.begin(&header)?,
        Some(Step::Rows(rows)) if format == Format::Csv => {
            for found in walk.told(rows).await.map_err(broken_off)? {
                match &found.entry {
                    Some(entry) => writer.push(entry, found.distance_seconds)?,
                    None => writer.push_unreadable(&found.row.chain, found.seq(), &found.row.entry)?,
                }
            }
        }
        Some(Step::Rows(rows)) => {
            for row in rows {
                match Entry::parse(&row.entry) {
                    Ok(entry) => writer.push(&entry, None)?,
                    Err(_) => writer.push_unreadable(&row.chain, u64::try_from(row.seq).unwrap_or(0), &row.entry)?,
                }
            }
        }
    }
    Ok(true)
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |key: &str, width: f64| (page.t(key).to_string(), width);
    vec![
        column("export-time", 20.0),
        column("export-offset", 8.0),
        column("journal-organisation", 22.0),
        column("export-number", 9.0),
        column("journal-column-what", 44.0),
        column("export-title", 40.0),
        column("journal-channel", 18.0),
        column("journal-column-who", 22.0),
        column("export-said", 40.0),
        column("export-address", 40.0),
        column("export-remote-id", 18.0),
        column("export-platform-time", 20.0),
        column("journal-distance", 12.0),
        column("journal-kind", 24.0),
        column("journal-post", 38.0),
        column("journal-hash", 66.0),
    ]
}

async fn workbook(desk: &Desk, page: &Page, walk: &mut Walk) -> Result<std::fs::File, WebError> {
    let mut book = Workbook::new(page.t("nav-journal").to_string(), columns(page)).map_err(WebError::internal)?;
    while let Some(step) = walk.next().await.map_err(|error| told_why(page, error))? {
        let Step::Rows(rows) = step else { continue };
        let rows = walk.told(rows).await.map_err(|error| told_why(page, error))?;
        let (desk, page) = (desk.clone(), page.clone());
        book = book.with(move || rows.iter().map(|found| cells(&desk, &page, found)).collect()).await?;
    }
    book.finished().await
}

fn cells(desk: &Desk, page: &Page, found: &FoundRow) -> Vec<Cell> {
    let zone = zone_of(desk, &found.row.chain);
    let at = found.at();
    let detail = |key: &str| found.entry.as_ref().and_then(|e| e.detail.get(key)?.as_str().map(ToOwned::to_owned));
    let platform_time = detail("platform_time").and_then(|text| stamp::parse(&text).ok());
    vec![
        Cell::Time(at, zone),
        Cell::Text(local(at, zone).offset().fix().to_string()),
        Cell::Text(chain_name(desk, page, &found.row.chain)),
        Cell::Whole(found.row.seq),
        Cell::Text(match &found.entry {
            Some(entry) => sentence(page, entry, zone),
            None => page.t("journal-unreadable").to_string(),
        }),
        Cell::maybe(found.title.clone()),
        Cell::maybe(found.row.channel.clone()),
        Cell::maybe(found.entry.as_ref().map(|entry| told::actor(page, &entry.actor))),
        Cell::maybe(detail("reason").or_else(|| detail("todo"))),
        Cell::maybe(detail("url")),
        Cell::maybe(detail("remote_id")),
        platform_time.map_or(Cell::Empty, |at| Cell::Time(at, zone)),
        found.distance_seconds.map_or(Cell::Empty, Cell::Span),
        Cell::Text(found.row.kind.clone()),
        Cell::maybe(found.row.post.clone()),
        Cell::Text(found.row.hash.clone()),
    ]
}
