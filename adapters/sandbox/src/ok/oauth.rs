//! `oauth/token.do`: codes and refresh tokens for access tokens.

use axum::response::{Html, IntoResponse as _, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::access::Parameters;
use super::wire;
use super::world::{Grant, Token, World};

/// Without `LONG_ACCESS_TOKEN`.
const ACCESS_LIFE: TimeDelta = TimeDelta::minutes(30);
const REFRESH_LIFE: TimeDelta = TimeDelta::days(30);

/// Answers an exchange. What it cannot make sense of gets an HTML page with status 200, as on OK.
pub(super) fn exchange(world: &mut World, form: &Parameters, now: DateTime<Utc>) -> Response {
    let get = |name: &str| form.get(name).map_or("", String::as_str);
    let client_id = get("client_id");
    let known = world.applications.values().any(|a| a.client_id == client_id && a.secret == get("client_secret"));
    let (kind, presented) = match get("grant_type") {
        "refresh_token" => ("refresh_token", get("refresh_token")),
        "authorization_code" => ("code", get("code")),
        _ => return page(),
    };
    if !known {
        return page();
    }
    let fits = |g: &&Grant| g.kind == kind && g.client_id == client_id && g.expires > now;
    let Some(grant) = world.grants.get(presented).filter(fits).cloned() else {
        return wire::success(&json!({"error": "invalid_grant", "error_description": "Expired or unknown grant"}));
    };
    let access_token = format!("tkn{}", world.fresh("access"));
    let long = grant.rights.iter().any(|right| right == "LONG_ACCESS_TOKEN");
    let life = if long { World::LONG_LIFE } else { ACCESS_LIFE };
    let token = Token { user: grant.user.clone(), rights: grant.rights.clone(), expires: Some(now + life) };
    world.tokens.insert(access_token.clone(), token);
    let mut answer = json!({
        "access_token": access_token,
        "token_type": "session",
        "expires_in": life.num_seconds().to_string(),
    });
    // A code is good once; a refresh token is replaced where the rules say so.
    let spent = kind == "code" || world.rules.rotate_refresh_tokens;
    if spent {
        world.grants.remove(presented);
        let refresh_token = world.fresh("refresh");
        answer["refresh_token"] = json!(refresh_token);
        world.grants.insert(refresh_token, Grant { kind: "refresh_token", expires: now + REFRESH_LIFE, ..grant });
    }
    wire::success(&answer)
}

fn page() -> Response {
    Html("<!DOCTYPE html><html><head><title>OK</title></head><body>Ошибка</body></html>").into_response()
}
