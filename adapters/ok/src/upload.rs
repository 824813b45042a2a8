//! Pictures: upload address, upload, token (OK API, `photosV2.getUploadUrl`). For a group's topic the token goes
//! straight into the topic; `photosV2.commit` is not called.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use url::Url;
use vestnik_contract::http::{SendError, UPLOAD_TIMEOUT, file_part};
use vestnik_contract::{Media, PublishError, Told, ToldKind};

use crate::errors::{CallError, kind, sentence};
use crate::notes::Uploaded;
use crate::read::Group;
use crate::topic::number_of;

/// How long a token lives when OK does not say: a small part of the day that it lives usually.
const LIFE_AT_LEAST: TimeDelta = TimeDelta::hours(1);
/// Longer lives than this are not believed.
const LIFE_AT_MOST: TimeDelta = TimeDelta::hours(24);

/// Where one picture goes.
struct Place {
    url: Url,
    expires: DateTime<Utc>,
}

impl Group<'_> {
    /// Uploads one picture. One at a time: OK names the tokens of a common upload in no certain order.
    pub(crate) async fn upload(&self, picture: &Media, now: DateTime<Utc>) -> Result<Uploaded, PublishError> {
        let place = self.place(now).await?;
        let part = file_part(&picture.path, &picture.name, &picture.mime).await?;
        let form = reqwest::multipart::Form::new().part("pic1", part);
        let request = self.client.http.post(place.url).timeout(UPLOAD_TIMEOUT).multipart(form);
        let reply = self.client.http.send(request).await.map_err(SendError::of_prepare)?;
        let told = |kind, reason: String| Told::with(kind, reason, reply.evidence(&[]));
        let unreadable = || {
            let status = reply.status.as_u16();
            let reason =
                format!("OK's answer to the upload of «{}» cannot be read (HTTP status {status})", picture.name);
            let told = told(ToldKind::UploadFailed, reason);
            PublishError::Retry { after: reply.retry_after(), told }
        };
        if !reply.status.is_success() {
            return Err(unreadable());
        }
        let answer = reply.json::<Value>().ok_or_else(unreadable)?;
        let entry = answer.get("photos").and_then(Value::as_object).and_then(|photos| photos.values().next());
        let refusal =
            [Some(&answer), entry].into_iter().flatten().find_map(|v| Some((v, number_of(v.get("error_code"))?)));
        if let Some((value, code)) = refusal {
            let words = value.get("error_msg").and_then(Value::as_str).unwrap_or_default();
            let told = told(kind(code), sentence(&format!("the upload of «{}»", picture.name), code, words));
            return Err(CallError::Refused { code, after: reply.retry_after(), told }.of_prepare());
        }
        let Some(entry) = entry else { return Err(unreadable()) };
        match entry.get("token").and_then(Value::as_str).filter(|token| !token.is_empty()) {
            Some(token) => {
                Ok(Uploaded { sha256: picture.sha256.clone(), token: token.to_owned(), expires: place.expires })
            }
            None => {
                let reason = format!("OK did not take the picture «{}»; replace it by a JPEG or PNG", picture.name);
                Err(PublishError::Rejected { told: told(ToldKind::FileRefused, reason) })
            }
        }
    }

    async fn place(&self, now: DateTime<Utc>) -> Result<Place, PublishError> {
        let answer = self
            .client
            .call("photosV2.getUploadUrl", &[("gid", self.id), ("count", "1")])
            .await
            .map_err(CallError::of_prepare)?;
        let url = answer.value.get("upload_url").and_then(Value::as_str).and_then(|text| Url::parse(text).ok());
        let Some(url) = url.filter(|url| self.client.base.may_upload_to(url)) else {
            let reason = "OK's answer to photosV2.getUploadUrl has no usable address";
            return Err(answer.unreadable(reason).of_prepare());
        };
        let life = number_of(answer.value.get("ttl_ms")).and_then(TimeDelta::try_milliseconds);
        let until = number_of(answer.value.get("expires_ms")).and_then(DateTime::from_timestamp_millis);
        let life = life.or_else(|| Some(until? - answer.date().unwrap_or(now))).unwrap_or(LIFE_AT_LEAST);
        Ok(Place { url, expires: now + life.clamp(TimeDelta::zero(), LIFE_AT_MOST) })
    }
}
