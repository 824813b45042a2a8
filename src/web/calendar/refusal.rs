//! Why something keeps its time, in the visitor's language.

use axum::http::StatusCode;
use chrono::DateTime;
use chrono_tz::Tz;

use crate::domain::draft::DraftRefusal;
use crate::domain::schedule::NotMoved;
use crate::domain::wall_time::WallTimeError;
use crate::office::OfficeError;
use crate::store::StoreError;
use crate::web::WebError;
use crate::web::page::Page;

/// A move that was not made: the status of the answer, and why in words.
pub(super) struct Refusal {
    pub status: StatusCode,
    pub why: String,
}

impl Refusal {
    /// What a person can do something about; anything else is a failure like any other.
    pub fn of(error: OfficeError, page: &Page, zone: Tz) -> Result<Self, WebError> {
        let told = |status, why: String| Ok(Self { status, why });
        match error {
            OfficeError::Store(StoreError::NotMoved(why)) => told(status(&why), not_moved(&why, page, zone)),
            OfficeError::Store(StoreError::Draft(why)) => {
                let status = if why.is_conflict() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
                told(status, draft(&why, page))
            }
            OfficeError::Time(why) => told(StatusCode::UNPROCESSABLE_ENTITY, no_time(&why, page)),
            other => Err(other.into()),
        }
    }

    /// A draft that someone else changed.
    pub fn draft_changed(page: &Page) -> Self {
        Self { status: StatusCode::CONFLICT, why: page.t("move-draft-changed").to_string() }
    }
}

fn status(why: &NotMoved) -> StatusCode {
    match why {
        NotMoved::MovedMeanwhile { .. } => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn not_moved(why: &NotMoved, page: &Page, zone: Tz) -> String {
    let time = |at: &DateTime<chrono::Utc>| page.time(at, &zone);
    let words = match why {
        NotMoved::Past { now } => page.t("move-past").with("now", time(now)),
        NotMoved::MovedMeanwhile { planned_at } => page.t("move-meanwhile").with("at", time(planned_at)),
        NotMoved::Out { since } => page.t("move-out").with("since", time(since)),
        NotMoved::OnItsWay => page.t("move-on-its-way"),
        NotMoved::Over => page.t("move-over"),
        NotMoved::Stopped => page.t("move-stopped"),
        NotMoved::Unlooked => page.t("move-unlooked"),
        NotMoved::BeforeHold { earliest } => page.t("move-before-hold").with("earliest", time(earliest)),
        NotMoved::Expires { expires_at } => page.t("move-expires").with("at", time(expires_at)),
    };
    words.to_string()
}

fn no_time(why: &WallTimeError, page: &Page) -> String {
    let words = match why {
        WallTimeError::Unreadable { .. } => page.t("move-no-time"),
        WallTimeError::Skipped { to, .. } => page.t("move-skipped").with("to", to.format("%H:%M").to_string()),
        WallTimeError::Twice { .. } => page.t("move-twice"),
        WallTimeError::Past { .. } => page.t("move-over-already"),
    };
    words.to_string()
}

fn draft(why: &DraftRefusal, page: &Page) -> String {
    let key = if why.is_conflict() { "move-draft-changed" } else { "move-draft-closed" };
    page.t(key).to_string()
}
