//! Parameters, wherever a client puts them.

use std::collections::{BTreeMap, HashMap};

use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart};
use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use http_body_util::BodyExt as _;
use url::form_urlencoded;

use super::refusal::Refusal;

/// A file of a multipart body.
#[derive(Debug, Clone)]
pub(super) struct UploadedFile {
    pub(super) name: String,
    pub(super) content: Bytes,
}

/// The query, the form or multipart body and the `Authorization` header of one call, as one.
#[derive(Debug, Default)]
pub(super) struct Params {
    values: BTreeMap<String, String>,
    files: HashMap<String, UploadedFile>,
}

impl Params {
    /// Reads a request. A body of another kind (JSON) is not read, as VK does not.
    pub(super) async fn read(request: Request<Body>) -> Self {
        let mut params = Self::default();
        params.form(request.uri().query().unwrap_or_default().as_bytes());
        let bearer = header(&request, &AUTHORIZATION).strip_prefix("Bearer ").map(ToOwned::to_owned);
        let kind = header(&request, &CONTENT_TYPE).to_owned();
        if kind.starts_with("multipart/form-data") {
            params.multipart(request).await;
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes);
            params.form(&body.unwrap_or_default());
        }
        if let Some(token) = bearer {
            params.values.insert("access_token".into(), token);
        }
        params
    }

    fn form(&mut self, encoded: &[u8]) {
        self.values.extend(form_urlencoded::parse(encoded).into_owned());
    }

    async fn multipart(&mut self, request: Request<Body>) {
        let Ok(mut parts) = Multipart::from_request(request, &()).await else { return };
        while let Ok(Some(field)) = parts.next_field().await {
            let key = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(ToOwned::to_owned);
            let Ok(content) = field.bytes().await else { return };
            match file {
                Some(name) => drop(self.files.insert(key, UploadedFile { name, content })),
                None => drop(self.values.insert(key, String::from_utf8_lossy(&content).into_owned())),
            }
        }
    }

    /// A parameter's text; empty when it is missing.
    pub(super) fn text(&self, key: &str) -> &str {
        self.values.get(key).map(String::as_str).unwrap_or_default()
    }

    /// A whole number; `None` when it is missing.
    pub(super) fn number(&self, key: &str) -> Result<Option<i64>, Refusal> {
        match self.text(key) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Refusal::parameter(&format!("{key} should be an integer"))),
        }
    }

    /// A whole number that must be there.
    pub(super) fn required(&self, key: &str) -> Result<i64, Refusal> {
        self.number(key)?.ok_or_else(|| Refusal::parameter(&format!("{key} is undefined")))
    }

    /// `1` or `true`.
    pub(super) fn flag(&self, key: &str) -> bool {
        matches!(self.text(key), "1" | "true")
    }

    /// A file of a multipart body.
    pub(super) fn file(&self, key: &str) -> Option<&UploadedFile> {
        self.files.get(key)
    }

    /// The file of a multipart body that holds no other, whatever its field is called.
    pub(super) fn only_file(&self) -> Option<&UploadedFile> {
        let mut files = self.files.values();
        files.next().filter(|_| files.next().is_none())
    }

    /// Whether the call's `v` is at least `5.minor`.
    pub(super) fn version_from(&self, minor: u32) -> bool {
        self.text("v").split_once('.').and_then(|(_, m)| m.parse::<u32>().ok()).is_some_and(|m| m >= minor)
    }

    /// What an error repeats: everything but credentials.
    pub(super) fn echoed(&self) -> impl Iterator<Item = (&String, &String)> {
        self.values
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "access_token" | "client_secret" | "refresh_token"))
    }
}

fn header<'a>(request: &'a Request<Body>, name: &HeaderName) -> &'a str {
    request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_is_found_under_any_name_and_two_are_told_apart_by_theirs() {
        let file = |name: &str| (name.to_owned(), UploadedFile { name: "p.png".into(), content: Bytes::new() });
        let with = |files: &[&str]| Params { files: files.iter().copied().map(file).collect(), ..Params::default() };
        assert!(with(&["file0"]).only_file().is_some());
        assert!(with(&["file0", "file1"]).only_file().is_none());
        assert!(with(&[]).only_file().is_none());
    }
}
