//! Why something keeps its time, in the visitor's language.

use axum::http::StatusCode;
use chrono_tz::Tz;

use crate::office::OfficeError;
use crate::store::StoreError;
use crate::web::page::Page;
use crate::web::{WebError, words};

/// A move that was not made: the status of the answer, and why in words.
pub(super) struct Refusal {
    pub status: StatusCode,
    pub why: String,
}

impl Refusal {
    /// What a person can do something about; anything else is a failure like any other.
    pub fn of(error: OfficeError, page: &Page, zone: Tz) -> Result<Self, WebError> {
        let status = if error.is_conflict() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        let why = match &error {
            OfficeError::Store(StoreError::NotMoved(why)) => words::not_moved(page, why, zone),
            OfficeError::Store(StoreError::Draft(why)) => words::draft(page, why),
            OfficeError::Time(why) => words::time(page.locale, why).to_string(),
            _ => return Err(error.into()),
        };
        Ok(Self { status, why })
    }
}
