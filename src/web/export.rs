//! Copies that people take from the desk: they stream while they are made, and lie whole in no memory.

mod workbook;

use std::io::{Seek as _, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::io::ReaderStream;

use super::WebError;
use super::page::Page;

pub(super) use workbook::{Cell, Column, Workbook};

/// Copies that are made at the same time: each reads a whole history while others work.
const AT_ONCE: usize = 2;

/// Who may make a copy now.
#[derive(Debug, Clone)]
pub struct Copies(Arc<Semaphore>);

impl Default for Copies {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Copies {
    /// The right to make one, until it is dropped.
    pub(super) fn one(&self, page: &Page) -> Result<OwnedSemaphorePermit, WebError> {
        let permit = Arc::clone(&self.0).try_acquire_owned();
        permit.map_err(|_| WebError::Refused(page.t("export-busy").to_string()))
    }
}

/// The kinds of copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// JSON Lines, the one that can be verified.
    Jsonl,
    /// A table of text.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Kind {
    /// As the journal names it, and the end of the file's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Jsonl => "application/jsonl; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A place that a writer fills and the answer is taken from.
#[derive(Debug, Clone, Default)]
pub(super) struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    /// What was written since.
    pub(super) fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl std::io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An answer that is made while it is sent. What goes wrong in its middle cuts the connection: half a copy must not
/// look like a whole one.
pub(super) fn streamed<S>(kind: Kind, name: &str, parts: S) -> Response
where
    S: Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static,
{
    attachment(kind, name, Body::from_stream(parts))
}

/// An answer out of a file that is gone once it was sent.
pub(super) fn from_file(kind: Kind, name: &str, mut file: std::fs::File) -> Result<Response, WebError> {
    file.seek(SeekFrom::Start(0)).map_err(WebError::internal)?;
    Ok(attachment(kind, name, Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)))))
}

/// `name`: ASCII letters, digits and `-`.
fn attachment(kind: Kind, name: &str, body: Body) -> Response {
    let named = format!("attachment; filename=\"{name}.{}\"", kind.name());
    let named = HeaderValue::from_str(&named).unwrap_or(HeaderValue::from_static("attachment"));
    let headers: [(HeaderName, HeaderValue); 2] =
        [(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type())), (header::CONTENT_DISPOSITION, named)];
    (headers, body).into_response()
}

/// A failure in the middle of a copy, told to the log.
pub(super) fn broken_off(cause: impl std::fmt::Display) -> std::io::Error {
    tracing::error!(%cause, "a copy broke off");
    std::io::Error::other("the copy broke off")
}
