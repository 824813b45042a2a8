//! One call to the Bot API: the token on it, the answer read or the failure named.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use vestnik_contract::http::{Http, Reply, SendError, redact};
use vestnik_contract::text::cut;
use vestnik_contract::{BaseUrl, Evidence, Secret};

use crate::errors::{Failure, Refusal};

/// Calls that only complete what is known already are not waited for longer.
pub(crate) const SHORT: Duration = Duration::from_secs(10);

/// Speaks to MAX as one bot.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) http: Http,
    pub(crate) base: BaseUrl,
    pub(crate) token: Secret,
    /// A root certificate of the operator's is trusted.
    pub(crate) anchored: bool,
}

/// What MAX answered to a call that it took.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) value: Value,
    pub(crate) date: Option<DateTime<Utc>>,
    pub(crate) evidence: Evidence,
}

impl Client {
    /// Asks for something.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.call(Method::GET, path, None, None).await
    }

    /// Asks for something that is not waited for long.
    pub(crate) async fn get_soon(&self, path: &str) -> Result<Answer, Failure> {
        self.call(Method::GET, path, None, Some(SHORT)).await
    }

    /// Any call, made once.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        timeout: Option<Duration>,
    ) -> Result<Answer, Failure> {
        let token = self.token.get()?;
        let mut request = self.http.request(method, self.base.at(path)).header(AUTHORIZATION, header(&token)?);
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(timeout) = timeout {
            request = request.timeout(timeout);
        }
        let reply = self.http.send(request).await.map_err(|e| self.not_answered(e))?;
        read(&reply, &token)
    }

    /// A part of an answer as evidence of its own.
    pub(crate) fn evidence_of(&self, part: &Value, whole: &Evidence) -> Evidence {
        match self.token.get() {
            Ok(token) => {
                Evidence { status: whole.status, body: cut(&redact(&part.to_string(), &[&token]), Evidence::MAX_CHARS) }
            }
            Err(_) => whole.clone(),
        }
    }

    /// What a call without an answer means, in words that help.
    pub(crate) fn not_answered(&self, error: SendError) -> Failure {
        match error {
            SendError::Lost(reason) => Failure::Lost(format!("no answer came from MAX ({reason})")),
            SendError::Cut(reason) => Failure::Cut(format!("MAX's answer broke off ({reason})")),
            // rustls says "invalid peer certificate: UnknownIssuer".
            SendError::NotSent(reason) if reason.contains("certificate") => {
                let todo = if self.anchored {
                    "check that the file in `root_certificate` is the Russian Trusted Root CA from gosuslugi.ru/crt, \
                     not the intermediate, and that this machine's clock is right"
                } else {
                    "MAX's certificate comes from the Russian national authority, which ordinary systems do not know: \
                     download the Russian Trusted Root CA (PEM) from gosuslugi.ru/crt and name the file in \
                     `root_certificate` of this channel"
                };
                Failure::Untrusted { reason: format!("MAX's certificate is not trusted ({reason})"), todo }
            }
            SendError::NotSent(reason) => Failure::NotSent(format!("no connection to MAX was made ({reason})")),
        }
    }
}

/// The bare token, without `Bearer` (MAX API schema 0.0.33).
fn header(token: &SecretString) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(token.expose_secret()).map_err(|_| {
        Failure::NoToken(
            "the bot's token holds characters that no token has; copy it again from business.max.ru".into(),
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Success is HTTP 200 with an object that is no error envelope: envelopes come with any status, 200 included.
pub(crate) fn read(reply: &Reply, token: &SecretString) -> Result<Answer, Failure> {
    let (date, evidence) = (reply.date(), reply.evidence(&[token]));
    let value = reply.json::<Value>().filter(Value::is_object);
    let text = |key: &str| value.as_ref().and_then(|v| v[key].as_str()).map(|text| redact(text, &[token]));
    let code = text("code");
    match value {
        Some(value) if reply.status.as_u16() == 200 && code.is_none() => Ok(Answer { value, date, evidence }),
        _ => Err(Failure::Refused(Box::new(Refusal {
            status: reply.status.as_u16(),
            code,
            message: text("message"),
            after: reply.retry_after(),
            date,
            evidence,
        }))),
    }
}
