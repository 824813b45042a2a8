//! A user's one-hour token and its renewal (VK ID, `POST /oauth2/auth` with `grant_type=refresh_token`).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use uuid::Uuid;
use vestnik_contract::http::{Http, redact};
use vestnik_contract::{BaseUrl, Clock, Context, Renewals, Secret, SecretError, Told, ToldKind};

use crate::credentials::{Role, Unusable, same};

/// A renewed token lives an hour; one that is refused within this time was not refused for its age.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(50);

/// Why a token could not be renewed.
#[derive(Debug, Clone)]
pub(crate) enum RenewalError {
    /// VK ID could not be reached; it may be asked again.
    Unreachable(Told),
    /// A person has to sign in again, or mend the files.
    Person(Unusable),
}

/// Renews the user's token and keeps what VK ID answers.
#[derive(Debug)]
pub(crate) struct Renewal {
    http: Http,
    base: BaseUrl,
    client_id: u64,
    device_id: String,
    refresh_token: Secret,
    user_token: Secret,
    clock: Arc<dyn Clock>,
    renewals: Renewals,
    /// One renewal at a time: each takes the refresh token that the last one brought. Holds when VK last refused a
    /// token that was then renewed.
    turn: tokio::sync::Mutex<Option<DateTime<Utc>>>,
}

/// VK ID answers without the API's envelope, errors included.
#[derive(Deserialize)]
struct Answer {
    access_token: Option<SecretString>,
    refresh_token: Option<SecretString>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Renewal {
    pub(crate) fn new(
        http: Http,
        base: BaseUrl,
        client_id: u64,
        device_id: String,
        refresh_token: Secret,
        user_token: Secret,
        context: &Context,
    ) -> Self {
        let (clock, renewals) = (Arc::clone(&context.clock), context.renewals.clone());
        let turn = tokio::sync::Mutex::default();
        Self { http, base, client_id, device_id, refresh_token, user_token, clock, renewals, turn }
    }

    /// Renews after VK refused `failed`. `Ok(false)`: a token that was renewed just now is refused as well, so
    /// renewing does not help.
    pub(crate) async fn after_refusal(&self, failed: &SecretString) -> Result<bool, RenewalError> {
        let mut last = self.turn.lock().await;
        if self.user_token.get().is_ok_and(|now| !same(&now, failed)) {
            return Ok(true); // Another call renewed it meanwhile.
        }
        let now = self.clock.now();
        if last.is_some_and(|at| now >= at && now - at < GOOD_FOR) {
            return Ok(false);
        }
        self.renew().await?;
        *last = Some(now);
        Ok(true)
    }

    /// Renews because the day has come.
    pub(crate) async fn daily(&self) -> Result<(), RenewalError> {
        let _turn = self.turn.lock().await;
        self.renew().await
    }

    async fn renew(&self) -> Result<(), RenewalError> {
        let of_refresh = |e: SecretError| {
            let passes = e.may_pass();
            let unusable = Unusable::of("user_refresh.refresh_token", e);
            if passes { RenewalError::Unreachable(unusable.told()) } else { RenewalError::Person(unusable) }
        };
        let refresh = self.refresh_token.get().map_err(of_refresh)?;
        // VK ID echoes it; nothing is guarded by it here, for there is no browser between.
        let state = Uuid::new_v5(&Uuid::NAMESPACE_OID, self.clock.now().to_rfc3339().as_bytes()).simple().to_string();
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose_secret()),
            ("client_id", &self.client_id.to_string()),
            ("device_id", &self.device_id),
            ("state", &state),
        ];
        let request = self.http.post(self.base.at("/oauth2/auth")).form(&form);
        let reply = self.http.send(request).await.map_err(|e| {
            RenewalError::Unreachable(Told::plain(e.kind(), format!("VK ID did not renew the user token: {e}")))
        })?;
        let answer = reply.json::<Answer>();
        match answer {
            Some(Answer { access_token: Some(access), refresh_token, .. }) => {
                // The refresh token first: with it the other can be had again.
                if let Some(next) = refresh_token {
                    self.refresh_token.replace(&next).map_err(of_refresh)?;
                }
                let of_user = |e| RenewalError::Person(Unusable::of(Role::User.setting(), e));
                self.user_token.replace(&access).map_err(of_user)?;
                self.renewals.tell();
                Ok(())
            }
            Some(Answer { error: Some(error), error_description, .. }) => {
                let more = error_description.map(|d| format!(", {d}")).unwrap_or_default();
                Err(RenewalError::Person(Unusable {
                    kind: ToldKind::TokenEnded,
                    what: redact(&format!("VK ID does not renew the user token ({error}{more})"), &[&refresh]),
                    todo: "sign in again as a manager of the community and put the new access and refresh tokens into \
                           their files"
                        .into(),
                    answer: Some(reply.evidence(&[&refresh])),
                }))
            }
            // The body may hold half of a credential, so it is no evidence.
            _ => Err(RenewalError::Unreachable(Told::plain(
                ToldKind::TokenEnded,
                format!("VK ID answered {} without a token when the user token was to be renewed", reply.status),
            ))),
        }
    }
}
