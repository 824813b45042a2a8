//! One call of an API method, and what came of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::multipart::Form;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;
use vestnik_contract::http::{CALL_TIMEOUT, Http, Reply, SendError, redact};
use vestnik_contract::{BaseUrl, Evidence, PlatformClock, Told, ToldKind};

use crate::credentials::{Credentials, Role, Unusable};
use crate::errors::{ApiError, Failure};
use crate::renewal::{Renewal, RenewalError};

/// dev.vk.com advises multipart bodies above this size, in bytes.
const FORM_BYTES_MAX: usize = 2048;
/// Calls that only complete what is known already are not waited for longer.
const SOON: Duration = Duration::from_secs(5);

/// Speaks to the API for one channel.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) http: Http,
    pub(crate) base: BaseUrl,
    pub(crate) credentials: Credentials,
    pub(crate) renewal: Option<Renewal>,
    version: String,
}

/// A method's success.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What stood under `response`.
    pub(crate) response: Value,
    /// The `Date` header.
    pub(crate) date: Option<DateTime<Utc>>,
    /// The whole answer.
    pub(crate) evidence: Evidence,
}

impl Answer {
    /// `response` in the shape that the method documents.
    pub(crate) fn read<T: serde::de::DeserializeOwned>(&self, method: &str) -> Result<T, Failure> {
        T::deserialize(&self.response).map_err(|_| {
            Failure::Lost(Told::with(
                ToldKind::NotUnderstood,
                format!("VK answered {method} in a form that vestnik does not know"),
                self.evidence.clone(),
            ))
        })
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default, deserialize_with = "present")]
    response: Option<Value>,
    error: Option<ApiError>,
}

/// `"response": null` is an answer too, unlike none at all.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Client {
    pub(crate) fn new(
        http: Http,
        base: BaseUrl,
        version: String,
        credentials: Credentials,
        renewal: Option<Renewal>,
    ) -> Self {
        Self { http, base, credentials, renewal, version }
    }

    /// Calls a method once. `role` is `None` where the channel lacks every token that could.
    pub(crate) async fn call(
        &self,
        role: Option<Role>,
        method: &str,
        params: &[(&'static str, String)],
    ) -> Result<Answer, Failure> {
        let (role, token) = self.token(role, method)?;
        let reply = self.send(method, &token, params, CALL_TIMEOUT).await?;
        match self.read(role, &token, method, &reply) {
            Err(Failure::Refused(refusal)) if role == Role::User && refusal.ends_the_token() => {
                let Some(renewal) = &self.renewal else { return Err(Failure::Refused(refusal)) };
                Err(match renewal.after_refusal(&token).await {
                    Ok(true) => Failure::Renewed,
                    Ok(false) => Failure::Refused(refusal),
                    Err(RenewalError::Unreachable(told)) => Failure::NotSent(told),
                    Err(RenewalError::Person(unusable)) => Failure::NoToken(unusable),
                })
            }
            other => other,
        }
    }

    /// Calls a method once and does not wait long. No token is renewed for it: a renewal that is given up half-way
    /// loses the refresh token.
    pub(crate) async fn call_soon(
        &self,
        role: Option<Role>,
        method: &str,
        params: &[(&'static str, String)],
    ) -> Result<Answer, Failure> {
        let (role, token) = self.token(role, method)?;
        let reply = self.send(method, &token, params, SOON).await?;
        self.read(role, &token, method, &reply)
    }

    fn token(&self, role: Option<Role>, method: &str) -> Result<(Role, SecretString), Failure> {
        let found = role.and_then(|role| Some((role, self.credentials.token(role)?)));
        let (role, token) = found.ok_or_else(|| Failure::NoToken(missing_token(method)))?;
        let token = token.map_err(|error| {
            let passes = error.may_pass();
            let unusable = Unusable::of(role.setting(), error);
            if passes { Failure::NotSent(unusable.told()) } else { Failure::NoToken(unusable) }
        })?;
        Ok((role, token))
    }

    /// What time VK says it is (`utils.getServerTime`), with the header of the same answer.
    pub(crate) async fn server_time(&self) -> Result<PlatformClock, Failure> {
        let answer = self.call(self.credentials.anybody(), "utils.getServerTime", &[]).await?;
        let seconds = answer.read::<i64>("utils.getServerTime")?;
        Ok(PlatformClock { header: answer.date, method: DateTime::from_timestamp(seconds, 0) })
    }

    /// An answer as evidence, without any of the channel's secrets.
    /// `used` went with the call; its file may hold another by now.
    pub(crate) fn evidence(&self, reply: &Reply, used: Option<&SecretString>) -> Evidence {
        reply.evidence(&self.secrets(reply, used).iter().collect::<Vec<_>>())
    }

    fn secrets(&self, reply: &Reply, used: Option<&SecretString>) -> Vec<SecretString> {
        self.credentials.all().into_iter().chain(used.cloned()).chain(session_of(reply)).collect()
    }

    async fn send(
        &self,
        method: &str,
        token: &SecretString,
        params: &[(&'static str, String)],
        timeout: Duration,
    ) -> Result<Reply, Failure> {
        let common = [
            ("access_token", token.expose_secret().to_owned()),
            ("v", self.version.clone()),
            // Some codes can only be told apart by their text, which is documented in English.
            ("lang", "en".to_owned()),
        ];
        let all = params.iter().chain(&common);
        let request = self.http.post(self.base.at(&format!("/method/{method}")));
        let request = if params.iter().map(|(_, value)| value.len()).sum::<usize>() > FORM_BYTES_MAX {
            request.multipart(all.fold(Form::new(), |form, (key, value)| form.text(*key, value.clone())))
        } else {
            request.form(&all.collect::<Vec<_>>())
        };
        self.http.send(request.timeout(timeout)).await.map_err(|error| {
            let told = |reason: String| Told::plain(error.kind(), reason);
            match &error {
                SendError::NotSent(cause) => {
                    Failure::NotSent(told(format!("VK could not be reached for {method}: {cause}")))
                }
                SendError::Lost(cause) | SendError::Cut(cause) => {
                    Failure::Lost(told(format!("VK's answer to {method} was lost: {cause}")))
                }
            }
        })
    }

    fn read(&self, role: Role, used: &SecretString, method: &str, reply: &Reply) -> Result<Answer, Failure> {
        let evidence = self.evidence(reply, Some(used));
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            let reason = format!("VK asks to wait before {method} is called again");
            let told = Told::with(ToldKind::RateLimited, reason, evidence);
            return Err(Failure::Throttled { after: reply.retry_after(), told });
        }
        let envelope = reply.json::<Envelope>().filter(|_| reply.status == StatusCode::OK);
        match envelope {
            Some(Envelope { error: Some(mut error), .. }) => {
                error.text = redact(&error.text, &self.secrets(reply, Some(used)).iter().collect::<Vec<_>>());
                Err(Failure::Refused(Box::new(error.refusal(role, method, reply, evidence))))
            }
            Some(Envelope { response: Some(response), error: None }) => {
                Ok(Answer { response, date: reply.date(), evidence })
            }
            _ => Err(Failure::Lost(Told::with(
                if reply.status.is_server_error() { ToldKind::PlatformFailing } else { ToldKind::NotUnderstood },
                format!("VK answered {method} with status {} and neither a response nor an error", reply.status),
                evidence,
            ))),
        }
    }
}

fn missing_token(method: &str) -> Unusable {
    let (what, which) = match method {
        "wall.get" | "wall.getById" => ("read the wall", "a service_token or a user_token"),
        "wall.post" => ("publish", "a community_token or a user_token"),
        "wall.edit" => ("change a post", "a user_token of a manager with the right `wall`"),
        "wall.delete" => ("delete a post", "a user_token of a manager with the right `wall`"),
        "photos.getWallUploadServer" => ("upload pictures", "a user_token of a manager with the right `photos`"),
        _ => ("ask VK", "a token"),
    };
    Unusable::new(format!("this channel cannot {what}"), format!("add {which} to its entry in the configuration"))
}

/// A captcha's address carries a session, which is as good as a password while it lasts.
fn session_of(reply: &Reply) -> Option<SecretString> {
    let body: Value = reply.json()?;
    let address = url::Url::parse(body.get("error")?.get("redirect_uri")?.as_str()?).ok()?;
    let session = address.query_pairs().find(|(key, _)| key == "session_token")?.1.into_owned();
    Some(SecretString::from(session))
}
