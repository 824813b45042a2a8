//! Files that come over the network: streamed to disk while they arrive, looked at when they are whole.

use std::path::Path;
use std::time::Duration;

use axum::extract::multipart::{Field, Multipart};
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::time::timeout;
use vestnik_contract::Media;

use super::super::visitor::SignedIn;
use super::super::{Desk, WebError, posted, rest};
use crate::config::MediaSettings;
use crate::domain::{Deed, PersonId};
use crate::media::{Incoming, MediaError};
use crate::office::OfficeError;

/// The most files in one form.
pub(in crate::web) const FILES_MAX: usize = 20;
/// What a field costs beside its name and its text, so that empty ones without end are bounded, too.
const FIELD_BYTES: usize = 64;
/// A sender that is silent for so long is gone.
const SILENCE: Duration = Duration::from_secs(60);

/// What came with one form.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// Whose the files are.
    pub organisation: String,
    /// The files that were taken.
    pub files: Vec<Media>,
    /// The fields that are no files, in order, without the token.
    pub fields: Vec<(String, String)>,
}

/// Why a form with files was not taken.
#[derive(Debug)]
pub(in crate::web) enum Refused {
    /// For reasons that any form has.
    Form(WebError),
    /// A file is not taken.
    File(MediaError),
    /// The connection ended in the middle.
    Cut,
    /// More files than one form may have.
    TooMany,
    /// It is not said for whom.
    NoOrganisation,
    /// No file came.
    NoFile,
}

impl<T: Into<WebError>> From<T> for Refused {
    fn from(error: T) -> Self {
        Self::Form(error.into())
    }
}

impl Refused {
    pub(in crate::web) fn status(&self) -> StatusCode {
        match self {
            Self::Form(error) => error.status(),
            Self::File(MediaError::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::File(MediaError::NotKept { .. }) => StatusCode::INSUFFICIENT_STORAGE,
            Self::File(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Cut => StatusCode::BAD_REQUEST,
            Self::TooMany => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoOrganisation | Self::NoFile => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// The name of the failure, for programs.
    pub(in crate::web) fn code(&self) -> &'static str {
        match self {
            Self::Form(error) => error.code(),
            Self::File(error) => error.code(),
            Self::Cut => "cut",
            Self::TooMany => "too-many-files",
            Self::NoOrganisation => "no-organisation",
            Self::NoFile => "no-file",
        }
    }
}

/// Takes a whole form. Nothing is read of it before its token was seen: in a header, or in its first field.
pub(super) async fn receive(
    desk: &Desk,
    visitor: &SignedIn,
    headers: &HeaderMap,
    mut form: Multipart,
) -> Result<Received, Refused> {
    let _place = desk.uploads.begin(visitor.person.id)?;
    let received = read(desk, visitor, headers, &mut form).await;
    if let Err(Refused::Form(WebError::TooManyBytes(_))) = &received {
        leave(&mut form).await;
    }
    received
}

async fn read(desk: &Desk, visitor: &SignedIn, headers: &HeaderMap, form: &mut Multipart) -> Result<Received, Refused> {
    let mut received = Received::default();
    // What is no file lies in memory: all of it may be as much as a form without files.
    let mut left = posted::FORM_BYTES_MAX;
    let mut is_ours = posted::must_be_of(&visitor.session, None, headers, "").await.is_ok();
    while let Some(mut field) = next(form).await? {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_none() {
            left = left.checked_sub(FIELD_BYTES + name.len()).ok_or_else(posted::too_large)?;
            let value = text(&mut field, &mut left).await?;
            match name.as_str() {
                "csrf" if is_ours => {}
                "csrf" => {
                    posted::must_be_of(&visitor.session, None, &HeaderMap::new(), &value).await?;
                    is_ours = true;
                }
                _ if !is_ours => return Err(WebError::Forged.into()),
                "organisation" => {
                    received.organisation.clone_from(&value);
                    received.fields.push((name, value));
                }
                _ => received.fields.push((name, value)),
            }
            continue;
        }
        if !is_ours {
            return Err(WebError::Forged.into());
        }
        // A field of files that nobody filled in comes with an empty name and nothing behind it.
        if field.file_name().is_some_and(str::is_empty) {
            continue;
        }
        let file = one(desk, visitor, &received, field).await?;
        received.files.push(file);
    }
    Ok(received)
}

async fn one(desk: &Desk, visitor: &SignedIn, received: &Received, field: Field<'_>) -> Result<Media, Refused> {
    if received.organisation.is_empty() {
        return Err(Refused::NoOrganisation);
    }
    visitor.must(Deed::Write, &received.organisation)?;
    if received.files.len() >= FILES_MAX {
        return Err(Refused::TooMany);
    }
    let label = field.file_name().unwrap_or_default().to_owned();
    let may_still = async { Ok(visitor.now(desk).await?.must(Deed::Write, &received.organisation)?) };
    take(desk, &label, (&received.organisation, visitor.person.id), field, may_still).await
}

/// Takes a file as it arrives, part by part, and writes down whose it is and who brought it. `may_still`: whether they
/// may, asked once it is here.
pub(in crate::web) async fn take<E: From<Refused>>(
    desk: &Desk,
    label: &str,
    (organisation, by): (&str, PersonId),
    parts: impl Parts,
    may_still: impl Future<Output = Result<(), E>>,
) -> Result<Media, E> {
    let parts = parts.inspect(|_| desk.arriving.note());
    let incoming = arrived(&desk.office.config.media, label, parts).await?;
    may_still.await?;
    // What a picture shows is said later; without it the post is not queued.
    let media = on_disk(move || incoming.finish("")).await?;
    let kept = desk.office.keep_file(&media, organisation, by).await;
    kept.map_err(|error| match error {
        OfficeError::Store(error) => Refused::Form(error.into()),
        other => Refused::Form(WebError::internal(other)),
    })?;
    Ok(media)
}

/// Waits until a file is here as a whole; what is refused on its way is read to its end all the same.
async fn arrived(settings: &MediaSettings, label: &str, mut from: impl Parts) -> Result<Incoming, Refused> {
    let arrived = stream(settings, label, &mut from).await;
    if let Err(Refused::File(_)) = &arrived {
        rest::leave(&mut from).await;
    }
    arrived
}

/// Streams one file into the media folder. A thread that waits for the disk is taken for each part and given back: who
/// sends slowly holds a connection and nothing else. Dropped in the middle, nothing is left behind.
async fn stream(settings: &MediaSettings, label: &str, from: &mut impl Parts) -> Result<Incoming, Refused> {
    let (settings, label) = (settings.clone(), label.to_owned());
    let mut incoming = on_disk(move || Incoming::begin(Path::new(&label), &settings)).await?;
    while let Some(bytes) = next_part(from).await? {
        incoming = on_disk(move || incoming.write(&bytes).map(|()| incoming)).await?;
    }
    Ok(incoming)
}

async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
) -> Result<T, Refused> {
    let done = tokio::task::spawn_blocking(work).await.map_err(WebError::internal)?;
    if let Err(error @ MediaError::NotKept { .. }) = &done {
        tracing::error!(cause = %error, "an upload could not be kept");
    }
    done.map_err(Refused::File)
}

/// Reads what is left of a form and throws it away.
async fn leave(form: &mut Multipart) {
    let mut left = 0;
    while let Ok(Some(mut field)) = next(form).await {
        while let Ok(Some(part)) = chunk(&mut field).await {
            left += part.len() as u64;
            if left > rest::BYTES_MAX {
                return;
            }
        }
    }
}

async fn next(form: &mut Multipart) -> Result<Option<Field<'_>>, Refused> {
    match timeout(SILENCE, form.next_field()).await {
        Ok(Ok(field)) => Ok(field),
        Ok(Err(_)) | Err(_) => Err(Refused::Cut),
    }
}

/// The parts of a file on their way here; an error is a connection that ended.
pub(in crate::web) trait Parts: Stream<Item = Result<Bytes, Self::Cut>> + Send + Unpin {
    /// How the connection tells its end.
    type Cut;
}

impl<S: Stream<Item = Result<Bytes, E>> + Send + Unpin, E> Parts for S {
    type Cut = E;
}

async fn next_part(from: &mut impl Parts) -> Result<Option<Bytes>, Refused> {
    match timeout(SILENCE, from.next()).await {
        Ok(part) => part.transpose().map_err(|_| Refused::Cut),
        Err(_) => Err(Refused::Cut),
    }
}

async fn chunk(field: &mut Field<'_>) -> Result<Option<Bytes>, Refused> {
    match timeout(SILENCE, field.chunk()).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) | Err(_) => Err(Refused::Cut),
    }
}

/// A field that is no file. `left`: what the form's fields may still have together.
async fn text(field: &mut Field<'_>, left: &mut usize) -> Result<String, Refused> {
    let mut bytes = Vec::new();
    while let Some(part) = chunk(field).await? {
        *left = left.checked_sub(part.len()).ok_or_else(posted::too_large)?;
        bytes.extend_from_slice(&part);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
