//! VK ID: a user's one-hour token and its renewal (`POST /oauth2/auth`, `grant_type=refresh_token`).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::params::Params;
use super::tokens::Token;
use super::world::World;

/// VK ID, access token: one hour.
const TOKEN_LIFE: TimeDelta = TimeDelta::hours(1);

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    /// The application.
    pub(super) client_id: String,
    /// The device that signed in.
    pub(super) device_id: String,
    /// The access token it renews.
    pub(super) access_token: String,
    /// How often it was renewed.
    pub(super) renewals: u32,
}

/// Renews: the old pair stops working, a new one is answered. Errors come without an envelope.
pub(super) fn renew(world: &mut World, params: &Params, now: DateTime<Utc>) -> Value {
    let refused = |what: &str| json!({ "error": "invalid_grant", "error_description": what });
    if params.text("grant_type") != "refresh_token" {
        return json!({ "error": "invalid_request", "error_description": "grant_type is missing or invalid" });
    }
    let given = params.text("refresh_token");
    let Some(grant) = world.grants.get(given) else { return refused("refresh_token is invalid") };
    if grant.client_id != params.text("client_id") || grant.device_id != params.text("device_id") {
        return refused("client_id or device_id does not match");
    }
    let Some(old) = world.tokens.get(&grant.access_token).cloned() else { return refused("token is unknown") };
    let mut grant = grant.clone();
    world.grants.remove(given);
    world.tokens.remove(&grant.access_token);
    grant.renewals += 1;
    let stem = grant.access_token.split("-renewed-").next().unwrap_or_default();
    let access = format!("{stem}-renewed-{}", grant.renewals);
    let refresh = format!("vk2.a.refresh-{stem}-renewed-{}", grant.renewals);
    let mut token = Token::new(old.kind, old.rights);
    token.expires = Some(now + TOKEN_LIFE);
    world.tokens.insert(access.clone(), token);
    grant.access_token.clone_from(&access);
    world.grants.insert(refresh.clone(), grant);
    json!({ "access_token": access, "refresh_token": refresh, "token_type": "Bearer",
        "expires_in": TOKEN_LIFE.num_seconds(), "state": params.text("state"), "scope": "wall photos docs" })
}
