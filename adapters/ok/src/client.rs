//! One signed call of the REST API: `POST /fb.do`, answered with JSON inside HTTP 200, errors included.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use vestnik_contract::http::{CALL_TIMEOUT, Http, Reply, redact};
use vestnik_contract::text::cut;
use vestnik_contract::{BaseUrl, Context, Evidence, SettingsError, Told, ToldKind};

use crate::credentials::{Credentials, Session};
use crate::errors::{CallError, SESSION_EXPIRED, kind, sentence};
use crate::settings::Settings;
use crate::signature::{Parameters, sign};

/// Speaks to the API for one channel.
#[derive(Debug)]
pub(crate) struct Client {
    /// The way out, also for uploads.
    pub(crate) http: Http,
    /// Where the API is.
    pub(crate) base: BaseUrl,
    credentials: Credentials,
}

/// What a method yielded.
pub(crate) struct Answer {
    /// The value: a string, `true`, `null`, a list or an object, as the method has it.
    pub(crate) value: Value,
    reply: Reply,
    session: Session,
}

impl Answer {
    /// The `Date` header.
    pub(crate) fn date(&self) -> Option<DateTime<Utc>> {
        self.reply.date()
    }

    /// The answer without secrets.
    pub(crate) fn evidence(&self) -> Evidence {
        self.reply.evidence(&self.session.secrets())
    }

    /// The answer was not of the shape this method has.
    pub(crate) fn unreadable(&self, reason: impl Into<String>) -> CallError {
        CallError::OddShape(Told::with(ToldKind::NotUnderstood, reason, self.evidence()))
    }
}

impl Client {
    /// A client with the credentials that the settings name.
    pub(crate) fn new(settings: &Settings, context: &Context) -> Result<Self, SettingsError> {
        Ok(Self {
            http: Http::new(None)?,
            base: settings.base_url.clone(),
            credentials: Credentials::new(settings, context),
        })
    }

    /// Makes one call.
    pub(crate) async fn call(
        &self,
        method: &'static str,
        parameters: &[(&'static str, &str)],
    ) -> Result<Answer, CallError> {
        self.call_within(CALL_TIMEOUT, method, parameters).await
    }

    /// Makes one call that ends within `timeout`.
    pub(crate) async fn call_within(
        &self,
        timeout: Duration,
        method: &'static str,
        parameters: &[(&'static str, &str)],
    ) -> Result<Answer, CallError> {
        let session = self.credentials.session()?;
        let mut form: Parameters = parameters.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        form.insert("application_key", session.application_key.clone());
        form.insert("format", "json".to_owned());
        form.insert("method", method.to_owned());
        form.insert("sig", sign(&form, &session.signing_secret));
        form.insert("access_token", session.access_token.expose_secret().to_owned());
        let request = self.http.post(self.base.at("/fb.do")).timeout(timeout).form(&form);
        let reply = self.http.send(request).await.map_err(CallError::Send)?;
        match read(method, &reply, &session) {
            Ok(value) => Ok(Answer { value, reply, session }),
            Err(CallError::Refused { code: SESSION_EXPIRED, told, .. }) => {
                Err(self.credentials.renew(&self.http, &self.base, &session, told).await)
            }
            Err(error) => Err(error),
        }
    }
}

fn read(method: &str, reply: &Reply, session: &Session) -> Result<Value, CallError> {
    let secrets = session.secrets();
    let status = reply.status;
    if status == StatusCode::TOO_MANY_REQUESTS {
        let told = Told::with(
            ToldKind::RateLimited,
            "OK turned the call away with HTTP status 429; it is tried again later",
            reply.evidence(&secrets),
        );
        return Err(CallError::TurnedAway { after: reply.retry_after(), told });
    }
    let of_status = if status.is_server_error() { ToldKind::PlatformFailing } else { ToldKind::NotUnderstood };
    let unreadable = |reason: String| CallError::Unreadable(Told::with(of_status, reason, reply.evidence(&secrets)));
    if status.is_server_error() {
        return Err(unreadable(format!("OK answered {method} with HTTP status {}", status.as_u16())));
    }
    let Some(value) = reply.json::<Value>() else {
        return Err(unreadable(format!("OK's answer to {method} is not JSON (HTTP status {})", status.as_u16())));
    };
    if let Some(code) = value.get("error_code").filter(|code| !code.is_null()) {
        let code = code.as_i64().or_else(|| code.as_str()?.parse().ok()).unwrap_or(-1);
        let words = value.get("error_msg").and_then(Value::as_str).unwrap_or_default();
        let detail = value.get("error_data").and_then(Value::as_str).filter(|d| !d.is_empty());
        let said = detail.map_or_else(|| words.to_owned(), |detail| format!("{words}; {detail}"));
        let said = cut(&redact(&said, &secrets), 300);
        let told = Told::with(kind(code), sentence(method, code, &said), reply.evidence(&secrets));
        return Err(CallError::Refused { code, after: reply.retry_after(), told });
    }
    if status.is_success() {
        Ok(value)
    } else {
        Err(unreadable(format!("OK answered {method} with HTTP status {} and no error code", status.as_u16())))
    }
}
