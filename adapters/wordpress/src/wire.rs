//! The answers of the REST interface, as far as they are read. Every reader is lenient: PHP writes an empty map as
//! `[]`, plugins add and drop fields.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

/// The fields of a post that say where it stands; asked for by `_fields`.
pub(crate) const STATE: &str = "id,slug,status,date_gmt,link";
/// The same with the text.
pub(crate) const TEXT: &str = "id,slug,status,date_gmt,link,title,content";

/// A post.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PostAnswer {
    pub(crate) id: u64,
    #[serde(default)]
    pub(crate) slug: String,
    #[serde(default)]
    pub(crate) status: String,
    pub(crate) date_gmt: Option<String>,
    pub(crate) link: Option<String>,
    #[serde(default)]
    pub(crate) title: Text,
    #[serde(default)]
    pub(crate) content: Text,
}

/// A text in its two forms; `raw` only in the edit context.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Text {
    pub(crate) raw: Option<String>,
    #[serde(default)]
    pub(crate) rendered: String,
}

impl PostAnswer {
    /// The site's own publication time (UTC without a zone, developer.wordpress.org, "Posts", `date_gmt`).
    pub(crate) fn published_at(&self) -> Option<DateTime<Utc>> {
        NaiveDateTime::parse_from_str(self.date_gmt.as_deref()?, "%Y-%m-%dT%H:%M:%S").ok().map(|t| t.and_utc())
    }

    /// The public address.
    pub(crate) fn url(&self) -> Option<Url> {
        Url::parse(self.link.as_deref()?).ok()
    }
}

/// An uploaded file.
#[derive(Debug, Deserialize)]
pub(crate) struct MediaAnswer {
    pub(crate) id: u64,
    #[serde(default)]
    pub(crate) slug: String,
    pub(crate) source_url: String,
}

/// A category or a tag.
#[derive(Debug, Deserialize)]
pub(crate) struct TermAnswer {
    pub(crate) id: u64,
    #[serde(default)]
    pub(crate) slug: String,
    #[serde(default)]
    pub(crate) name: String,
}

/// The error envelope: `{"code":…,"message":…,"data":{"status":…}}`.
#[derive(Debug, Deserialize)]
pub(crate) struct ErrorAnswer {
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) data: Value,
}
