//! What a platform answered to one attempt.

use super::db::read_optional;
use super::{Store, StoreError};

pub(super) const ANSWER: &str = "SELECT a.answer_status, a.answer FROM attempt a JOIN delivery d ON d.id = a.delivery \
     WHERE a.id = $1 AND d.organisation = $2";

/// A platform's answer, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredAnswer {
    /// The HTTP status.
    #[sqlx(rename = "answer_status")]
    pub status: Option<i64>,
    /// The text, cut where it was long.
    #[sqlx(rename = "answer")]
    pub text: Option<String>,
}

impl Store {
    /// The answer to an attempt of this organisation.
    pub async fn answer_of(&self, attempt: uuid::Uuid, organisation: &str) -> Result<Option<StoredAnswer>, StoreError> {
        Ok(read_optional!(&self.readers, StoredAnswer, ANSWER, attempt.to_string(), organisation)?)
    }
}
