//! Keys and tokens: read at every call, renewed when OK says that the token has expired.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use vestnik_contract::http::{Http, redact};
use vestnik_contract::text::cut;
use vestnik_contract::{BaseUrl, Clock, Context, Renewals, Secret, SecretError, Told, ToldKind};

use crate::errors::CallError;
use crate::settings::{PublicKey, Settings};
use crate::signature::session_secret;

/// A token that is refused so soon after it was renewed is refused for another reason.
const RENEWED_JUST_NOW: TimeDelta = TimeDelta::minutes(5);

/// Where the channel's keys and tokens lie.
#[derive(Debug)]
pub(crate) struct Credentials {
    application_key: ApplicationKey,
    application_secret_key: Secret,
    access_token: Secret,
    refresh: Option<Refresh>,
    clock: Arc<dyn Clock>,
    renewals: Renewals,
    /// When the token was last renewed. Held while renewing: two calls must not spend one refresh token.
    renewed: Mutex<Option<DateTime<Utc>>>,
}

#[derive(Debug)]
enum ApplicationKey {
    Plain(String),
    Secret(Secret),
}

#[derive(Debug)]
struct Refresh {
    token: Secret,
    client_id: String,
}

/// The keys of one call.
pub(crate) struct Session {
    /// The application's public key.
    pub(crate) application_key: String,
    /// The OAuth token.
    pub(crate) access_token: SecretString,
    /// What the call is signed with.
    pub(crate) signing_secret: SecretString,
    application_secret_key: SecretString,
}

impl Session {
    /// Everything that must not be seen in an answer.
    pub(crate) fn secrets(&self) -> [&SecretString; 3] {
        [&self.access_token, &self.signing_secret, &self.application_secret_key]
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Option<String>,
    refresh_token: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

fn ended(reason: String) -> Told {
    Told::plain(ToldKind::TokenEnded, reason)
}

fn no_credential(error: &SecretError) -> CallError {
    let told = Told::plain(ToldKind::NoCredential, error.to_string());
    if error.may_pass() { CallError::Unread(told) } else { CallError::NoCredential(told) }
}

impl Credentials {
    /// The credentials that the settings name.
    pub(crate) fn new(settings: &Settings, context: &Context) -> Self {
        let open = |source: &vestnik_contract::SecretSource| source.open(&context.base_dir);
        Self {
            application_key: match &settings.application_key {
                PublicKey::Plain(key) => ApplicationKey::Plain(key.clone()),
                PublicKey::Source(source) => ApplicationKey::Secret(open(source)),
            },
            application_secret_key: open(&settings.application_secret_key),
            access_token: open(&settings.access_token),
            refresh: settings
                .refresh
                .as_ref()
                .map(|r| Refresh { token: open(&r.refresh_token), client_id: r.client_id.clone() }),
            clock: context.clock.clone(),
            renewals: context.renewals.clone(),
            renewed: Mutex::new(None),
        }
    }

    /// The keys as they are now.
    pub(crate) fn session(&self) -> Result<Session, CallError> {
        let application_key = match &self.application_key {
            ApplicationKey::Plain(key) => key.clone(),
            ApplicationKey::Secret(secret) => secret.get().map_err(|e| no_credential(&e))?.expose_secret().to_owned(),
        };
        let application_secret_key = self.application_secret_key.get().map_err(|e| no_credential(&e))?;
        let access_token = self.access_token.get().map_err(|e| no_credential(&e))?;
        let signing_secret = session_secret(&access_token, &application_secret_key);
        Ok(Session { application_key, access_token, signing_secret, application_secret_key })
    }

    /// Renews the token that `spent` was called with. Gives the error that its call ends with: nothing was done by
    /// it, so that it may be made again with the new token.
    pub(crate) async fn renew(&self, http: &Http, base: &BaseUrl, spent: &Session, told: Told) -> CallError {
        let Some(refresh) = &self.refresh else { return CallError::NoCredential(told) };
        let mut renewed = self.renewed.lock().await;
        match self.access_token.get() {
            Err(error) => return no_credential(&error),
            Ok(now) if now.expose_secret() != spent.access_token.expose_secret() => {
                return CallError::Renewed(Told { kind: ToldKind::TokenRenewed, ..told });
            }
            Ok(_) => {}
        }
        let now = self.clock.now();
        if renewed.is_some_and(|at| now - at < RENEWED_JUST_NOW) {
            let reason = format!("the access token was renewed a moment ago and is refused again: {told}");
            return CallError::NoCredential(Told { kind: ToldKind::TokenRefused, reason, ..told });
        }
        match self.exchange(http, base, refresh, &spent.application_secret_key).await {
            Ok(()) => {
                *renewed = Some(now);
                let reason = "the access token had expired and was renewed; the call is made again".to_owned();
                CallError::Renewed(Told { kind: ToldKind::TokenRenewed, reason, ..told })
            }
            Err(error) => error,
        }
    }

    /// Trades the refresh token for an access token (OK API, OAuth 2.0, `oauth/token.do`). The answer is never kept
    /// as evidence: even a broken one may hold a token.
    async fn exchange(
        &self,
        http: &Http,
        base: &BaseUrl,
        refresh: &Refresh,
        application_secret_key: &SecretString,
    ) -> Result<(), CallError> {
        let refresh_token = refresh.token.get().map_err(|e| no_credential(&e))?;
        let request = http.post(base.at("/oauth/token.do")).form(&[
            ("client_id", refresh.client_id.as_str()),
            ("client_secret", application_secret_key.expose_secret()),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
        ]);
        let reply = http.send(request).await.map_err(|e| {
            let reason = format!("the access token expired and could not be renewed for now: {e}");
            CallError::NotRenewed(Told::plain(e.kind(), reason))
        })?;
        if reply.status.is_server_error() || reply.status == StatusCode::TOO_MANY_REQUESTS {
            let status = reply.status.as_u16();
            let reason = format!(
                "the access token expired and could not be renewed for now: OK answered with HTTP status {status}"
            );
            return Err(CallError::NotRenewed(ended(reason)));
        }
        let todo = "get a new access token and refresh token and put them where the configuration says";
        // Status 200 with an HTML page is how token.do refuses a spent refresh token, among other things.
        let Some(answer) = reply.json::<TokenAnswer>() else {
            return Err(CallError::NoCredential(ended(format!(
                "the access token expired, and instead of a new one OK showed a page that is no token; {todo}"
            ))));
        };
        let Some(access_token) = answer.access_token.filter(|t| !t.trim().is_empty()) else {
            let said = [answer.error, answer.error_description].into_iter().flatten().collect::<Vec<_>>().join(": ");
            let said = cut(&redact(&said, &[application_secret_key, &refresh_token]), 300);
            return Err(CallError::NoCredential(ended(format!(
                "the access token expired, and OK refused to renew it ({said}); {todo}"
            ))));
        };
        // The refresh token first: with the old access token beside it the next call comes back here, while a new
        // access token beside a spent refresh token could never be renewed again.
        if let Some(refresh_token) = answer.refresh_token.filter(|t| !t.trim().is_empty()) {
            refresh.token.replace(&refresh_token.into()).map_err(|e| no_credential(&e))?;
        }
        self.access_token.replace(&access_token.into()).map_err(|e| no_credential(&e))?;
        self.renewals.tell();
        Ok(())
    }
}
