//! Workbooks: a row at a time into files of the system's folder for such, real times and numbers, and no formula.

use std::fs::File;

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use chrono_tz::Tz;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Book, Worksheet, XlsxError};

use crate::domain::wall_time::local;
use crate::web::WebError;

/// Excel's sheets end at 1 048 576 rows: the next million goes onto the next one.
const ROWS_MAX: u32 = 1_000_000;
/// Excel's cells end at 32 767 characters, each of UTF-16.
const CHARS_MAX: usize = 16_000;

/// A column: its name and how wide it is, in characters.
pub(in crate::web) type Column = (String, f64);

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::web) enum Cell {
    /// Nothing.
    Empty,
    /// Text, whatever it begins with.
    Text(String),
    /// A number.
    Whole(i64),
    /// A time on the clocks of a zone.
    Time(DateTime<Utc>, Tz),
    /// Seconds, shown as hours.
    Span(i64),
}

impl Cell {
    /// Text, or nothing.
    pub(in crate::web) fn maybe(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }
}

/// A workbook that is being filled.
pub(in crate::web) struct Workbook {
    book: Book,
    name: String,
    columns: Vec<Column>,
    time: Format,
    span: Format,
    head: Format,
    sheets: usize,
    row: u32,
}

impl Workbook {
    pub(in crate::web) fn new(name: String, columns: Vec<Column>) -> Result<Self, XlsxError> {
        let mut workbook = Self {
            book: Book::new(),
            name,
            columns,
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            span: Format::new().set_num_format("[h]:mm:ss"),
            head: Format::new().set_bold(),
            sheets: 0,
            row: 0,
        };
        workbook.begin_sheet()?;
        Ok(workbook)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let name = if self.sheets == 1 { self.name.clone() } else { format!("{} {}", self.name, self.sheets) };
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (nth, (title, width)) in (0u16..).zip(&self.columns) {
            sheet.set_column_width(nth, *width)?;
            sheet.write_string_with_format(0, nth, title, &self.head)?;
        }
        self.row = 1;
        Ok(())
    }

    /// Adds rows. They are made and written on a thread that may wait for the disk: a year of history is work of
    /// seconds, and no other visitor shall wait for it.
    pub(in crate::web) async fn with(
        mut self,
        rows: impl FnOnce() -> Vec<Vec<Cell>> + Send + 'static,
    ) -> Result<Self, WebError> {
        let written = tokio::task::spawn_blocking(move || {
            rows().into_iter().try_for_each(|cells| self.push(cells))?;
            Ok::<_, XlsxError>(self)
        });
        written.await.map_err(WebError::internal)?.map_err(WebError::internal)
    }

    /// Ends the workbook, on such a thread too.
    pub(in crate::web) async fn finished(self) -> Result<File, WebError> {
        let packed = tokio::task::spawn_blocking(move || self.finish());
        packed.await.map_err(WebError::internal)?.map_err(WebError::internal)
    }

    fn push(&mut self, cells: Vec<Cell>) -> Result<(), XlsxError> {
        if self.row > ROWS_MAX {
            self.begin_sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        for (nth, cell) in (0u16..).zip(cells) {
            write(sheet, (self.row, nth), cell, &self.time, &self.span)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Ends the workbook: a file without a name, which the system takes back when it is closed.
    fn finish(mut self) -> Result<File, XlsxError> {
        let file = tempfile::tempfile()?;
        self.book.save_to_writer(file.try_clone()?)?;
        Ok(file)
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell,
    time: &Format,
    span: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        // Never `write`, which would read a formula or an address out of a text.
        Cell::Text(text) => {
            let text = text.char_indices().nth(CHARS_MAX).map_or(text.as_str(), |(end, _)| &text[..end]);
            sheet.write_string(row, column, text)?;
        }
        Cell::Whole(number) => {
            #[expect(clippy::cast_precision_loss, reason = "workbooks know no other numbers; ours are counts")]
            sheet.write_number(row, column, number as f64)?;
        }
        Cell::Time(at, zone) => match excel_time(at, zone) {
            Some(at) => drop(sheet.write_datetime_with_format(row, column, &at, time)?),
            None => drop(sheet.write_string(row, column, at.to_rfc3339())?),
        },
        Cell::Span(seconds) => {
            #[expect(clippy::cast_precision_loss, reason = "seconds of a publication")]
            let days = seconds as f64 / 86_400.0;
            sheet.write_number_with_format(row, column, days, span)?;
        }
    }
    Ok(())
}

/// `None`: Excel's calendar has no such year.
fn excel_time(at: DateTime<Utc>, zone: Tz) -> Option<ExcelDateTime> {
    let at = local(at, zone);
    let year = u16::try_from(at.year()).ok()?;
    let day = ExcelDateTime::from_ymd(year, u8::try_from(at.month()).ok()?, u8::try_from(at.day()).ok()?).ok()?;
    day.and_hms(
        u16::try_from(at.hour()).ok()?,
        u8::try_from(at.minute()).ok()?,
        f64::from(at.second()) + f64::from((at.nanosecond() / 1_000_000).min(999)) / 1_000.0,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_beyond_excels_are_text() {
        assert!(excel_time("2026-11-22T10:00:00Z".parse().unwrap(), Tz::Europe__Moscow).is_some());
        assert!(excel_time("1700-11-22T10:00:00Z".parse().unwrap(), Tz::Europe__Moscow).is_none());
    }

    #[test]
    fn a_workbook_takes_every_cell() {
        let mut book = Workbook::new("Журнал".into(), vec![("Время".into(), 20.0), ("Что".into(), 40.0)]).unwrap();
        let at = "2026-11-22T10:00:00Z".parse().unwrap();
        book.push(vec![Cell::Time(at, Tz::Europe__Moscow), Cell::Text("=1+1".into())]).unwrap();
        book.push(vec![Cell::Span(-5), Cell::Text("я".repeat(70_000))]).unwrap();
        book.push(vec![Cell::Whole(7), Cell::Empty]).unwrap();
        assert!(book.finish().unwrap().metadata().unwrap().len() > 1_000);
    }
}
