//! Who calls, with which rights: key, token, signature, right, in this order.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use md5::{Digest as _, Md5};

use super::wire::Refusal;
use super::world::World;

/// Query and form of a call, merged.
pub(super) type Parameters = BTreeMap<String, String>;

/// Who calls.
#[derive(Debug)]
pub(super) struct Caller {
    /// The user; empty where a method was called without a session.
    pub(super) user: String,
    /// What the user allowed the application to do.
    pub(super) rights: Vec<String>,
    /// The token.
    pub(super) token: String,
}

/// Methods that need no session.
const WITHOUT_SESSION: [&str; 2] = ["group.getInfo", "url.getInfo"];

/// Admits a call of `method`, or says why not.
pub(super) fn admit(
    world: &mut World,
    method: &str,
    parameters: &Parameters,
    now: DateTime<Utc>,
) -> Result<Caller, Refusal> {
    let caller = authenticate(world, method, parameters, now)?;
    let Some(needed) = rights(method) else {
        return Err(Refusal::new(3, "METHOD", format!("Method {method} not found")));
    };
    let missing = needed.iter().find(|right| !caller.user.is_empty() && !caller.rights.iter().any(|r| r == *right));
    if let Some(missing) = missing {
        return Err(Refusal::permission(format!("User must grant an access to permission '{missing}'")));
    }
    world
        .count_call(&caller.user, method, now)
        .ok_or_else(|| Refusal::new(11, "LIMIT_REACHED", format!("Limit of calls to {method} is reached")))?;
    Ok(caller)
}

fn authenticate(world: &World, method: &str, parameters: &Parameters, now: DateTime<Utc>) -> Result<Caller, Refusal> {
    let key = parameters.get("application_key").filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| Refusal::new(101, "PARAM_API_KEY", "No application key"))?;
    let application =
        world.applications.get(key).ok_or_else(|| Refusal::new(101, "PARAM_API_KEY", "Application not exist"))?;
    let (caller, secret) = match parameters.get("access_token").filter(|token| !token.is_empty()) {
        None if parameters.contains_key("session_key") => {
            return Err(Refusal::new(103, "PARAM_SESSION_KEY", "Invalid session key"));
        }
        None if WITHOUT_SESSION.contains(&method) => {
            let nobody = Caller { user: String::new(), rights: Vec::new(), token: String::new() };
            (nobody, application.secret.clone())
        }
        None => return Err(Refusal::new(453, "SESSION_REQUIRED", "Session required")),
        Some(text) => {
            let token =
                world.tokens.get(text).ok_or_else(|| Refusal::new(103, "PARAM_SESSION_KEY", "Invalid session key"))?;
            if token.expires.is_some_and(|end| end <= now) {
                return Err(Refusal::new(102, "PARAM_SESSION_EXPIRED", "Session expired"));
            }
            let caller = Caller { user: token.user.clone(), rights: token.rights.clone(), token: text.clone() };
            (caller, hex::encode(Md5::digest(format!("{text}{}", application.secret))))
        }
    };
    let mut hash = Md5::new();
    for (name, value) in parameters.iter().filter(|(name, _)| !matches!(name.as_str(), "access_token" | "sig")) {
        hash.update(format!("{name}={value}"));
    }
    hash.update(secret);
    if parameters.get("sig").map(String::as_str) != Some(&hex::encode(hash.finalize())) {
        return Err(Refusal::new(104, "PARAM_SIGNATURE", "Invalid signature"));
    }
    Ok(caller)
}

/// The rights that a method needs; `None` for a method that OK does not have.
fn rights(method: &str) -> Option<&'static [&'static str]> {
    Some(match method {
        "users.getCurrentUser" | "users.hasAppPermission" | "users.getCallsLeft" | "auth.touchSession" => &[],
        "url.getInfo"
        | "group.getInfo"
        | "group.getCounters"
        | "group.getUserGroupsByIds"
        | "mediatopic.getTopics"
        | "mediatopic.getByIds"
        | "mediatopic.getRepublishedTopic" => &["VALUABLE_ACCESS"],
        "mediatopic.post"
        | "mediatopic.edit"
        | "mediatopic.deleteTopic"
        | "mediatopic.restoreTopic"
        | "group.getStatTopics" => &["VALUABLE_ACCESS", "GROUP_CONTENT"],
        "photosV2.getUploadUrl" | "photosV2.commit" => &["PHOTO_CONTENT"],
        "video.getUploadUrl" | "video.update" => &["VIDEO_CONTENT"],
        _ => return None,
    })
}
