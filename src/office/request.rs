//! The hash of everything that is asked for under a key: by it a repeated request is told from a key that is used again.
//!
//! It is taken of a form of its own, so that a new field of a post file makes no old key strange.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::OfficeError;
use crate::post_file::PostFile;
use crate::store::StoreError;

/// Counted up when the same request is written in another way. The number before stays readable below.
const FORM: u32 = 2;

/// By which door a request came.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Door {
    /// `vestnik post add`.
    PostFile,
    /// The program interface.
    Program,
}

/// A file, as far as it is asked for.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct RequestedFile<'a> {
    pub sha256: &'a str,
    /// Under another name than its own; only programs ask for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    pub alt: &'a str,
}

/// Everything that is asked for, as it was typed.
#[derive(Debug, Serialize)]
struct Request<'a> {
    form: u32,
    door: Door,
    organisation: &'a str,
    title: &'a str,
    body: &'a str,
    at: Option<&'a str>,
    link: Option<&'a str>,
    tags: &'a [String],
    channels: &'a [String],
    not_before: &'a BTreeMap<String, String>,
    overrides: &'a BTreeMap<String, String>,
    expires_at: Option<&'a str>,
    files: &'a [RequestedFile<'a>],
}

/// The hashes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RequestHash {
    /// What is kept.
    pub sha256: String,
    /// What was kept of the same request before forms had numbers.
    pub earlier: String,
}

impl RequestHash {
    /// Of a request. The files of `typed` count as `files` alone.
    pub fn of(
        door: Door,
        organisation: &str,
        typed: &PostFile,
        files: &[RequestedFile<'_>],
    ) -> Result<Self, OfficeError> {
        let request = Request {
            form: FORM,
            door,
            organisation,
            title: &typed.title,
            body: &typed.body,
            at: typed.at.as_deref(),
            link: typed.link.as_deref(),
            tags: &typed.tags,
            channels: &typed.channels,
            not_before: &typed.not_before,
            overrides: &typed.overrides,
            expires_at: typed.expires_at.as_deref(),
            files,
        };
        let canonical = serde_jcs::to_vec(&request).map_err(|error| StoreError::Corrupt {
            table: "post",
            id: typed.title.clone(),
            problem: format!("its request cannot be written down: {error}"),
        })?;
        Ok(Self { sha256: hashed(canonical), earlier: earlier::hash(door, organisation, typed, files) })
    }

    /// Every hash under which the same request may be kept.
    pub fn all(&self) -> [&str; 2] {
        [&self.sha256, &self.earlier]
    }
}

fn hashed(text: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(text))
}

/// The form before forms had numbers: how Rust prints a post file. Keys of that time answer for themselves still; a
/// post is never queued a second time because vestnik became newer.
mod earlier {
    use std::collections::BTreeMap;

    use super::{Door, RequestedFile, hashed};

    /// As the post file was then. Its name and its fields are what was hashed.
    #[derive(Debug)]
    #[expect(dead_code, reason = "only printed")]
    struct PostFile<'a> {
        title: &'a str,
        body: &'a str,
        at: &'a Option<String>,
        link: &'a Option<String>,
        tags: &'a [String],
        media: [(); 0],
        channels: &'a [String],
        not_before: &'a BTreeMap<String, String>,
        overrides: &'a BTreeMap<String, String>,
        expires_at: &'a Option<String>,
    }

    pub(super) fn hash(
        door: Door,
        organisation: &str,
        typed: &crate::post_file::PostFile,
        files: &[RequestedFile<'_>],
    ) -> String {
        let file = PostFile {
            title: &typed.title,
            body: &typed.body,
            at: &typed.at,
            link: &typed.link,
            tags: &typed.tags,
            media: [],
            channels: &typed.channels,
            not_before: &typed.not_before,
            overrides: &typed.overrides,
            expires_at: &typed.expires_at,
        };
        match door {
            Door::PostFile => {
                let request = hashed(format!("{organisation} {file:?}"));
                let files: String = files.iter().map(|f| format!("{} {};", f.sha256, f.alt)).collect();
                hashed(format!("{request} {files}"))
            }
            Door::Program => {
                let named = |f: &RequestedFile<'_>| format!("{} {} {};", f.sha256, f.name.unwrap_or_default(), f.alt);
                let files: String = files.iter().map(named).collect();
                hashed(format!("program {organisation} {file:?} {files}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> PostFile {
        PostFile {
            title: "Мост «Южный»".into(),
            body: "Текст.\n".into(),
            at: Some("2026-11-23 10:00".into()),
            link: None,
            tags: vec!["город".into()],
            media: Vec::new(),
            channels: Vec::new(),
            not_before: [("gorod-vk".to_owned(), "18:00".to_owned())].into(),
            overrides: BTreeMap::new(),
            expires_at: None,
        }
    }

    const PRINTED: &str = "PostFile { title: \"Мост «Южный»\", body: \"Текст.\\n\", at: Some(\"2026-11-23 10:00\"), \
         link: None, tags: [\"город\"], media: [], channels: [], not_before: {\"gorod-vk\": \"18:00\"}, overrides: {}, \
         expires_at: None }";

    #[test]
    fn keys_from_before_are_known_still() {
        let file = RequestedFile { sha256: "ab", name: None, alt: "Мост" };
        let request = RequestHash::of(Door::PostFile, "gorod", &typed(), &[file]).unwrap();
        assert_eq!(request.earlier, hashed(format!("{} ab Мост;", hashed(format!("gorod {PRINTED}")))));
        let named = RequestedFile { name: Some("most.png"), ..file };
        let request = RequestHash::of(Door::Program, "gorod", &typed(), &[named]).unwrap();
        assert_eq!(request.earlier, hashed(format!("program gorod {PRINTED} ab most.png Мост;")));
    }

    #[test]
    fn what_is_kept_is_a_form_of_its_own() {
        let file = RequestedFile { sha256: "ab", name: Some(""), alt: "Мост" };
        let request = RequestHash::of(Door::Program, "gorod", &typed(), &[file]).unwrap();
        let form = "{\"at\":\"2026-11-23 10:00\",\"body\":\"Текст.\\n\",\"channels\":[],\"door\":\"program\",\
             \"expires_at\":null,\"files\":[{\"alt\":\"Мост\",\"name\":\"\",\"sha256\":\"ab\"}],\"form\":2,\
             \"link\":null,\"not_before\":{\"gorod-vk\":\"18:00\"},\"organisation\":\"gorod\",\"overrides\":{},\
             \"tags\":[\"город\"],\"title\":\"Мост «Южный»\"}";
        assert_eq!(request.sha256, hashed(form), "keys that were used lie in databases: a new form has a new number");
    }

    #[test]
    fn words_do_not_run_from_one_field_into_the_next() {
        let of = |files: &[RequestedFile<'_>]| RequestHash::of(Door::Program, "gorod", &typed(), files).unwrap().sha256;
        let one = RequestedFile { sha256: "ab", name: Some("план города"), alt: "карта" };
        let other = RequestedFile { sha256: "ab", name: Some("план"), alt: "города карта" };
        assert_ne!(of(&[one]), of(&[other]));
    }
}
