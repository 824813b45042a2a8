//! From a method's name to what it does, with the checks that come before every method.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::params::Params;
use super::refusal::Refusal;
use super::tokens::{Token, needs};
use super::world::World;
use super::{groups, uploads, wall};

/// One call of a method, after its token was recognised.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) params: &'a Params,
    pub(super) token: Token,
    pub(super) now: DateTime<Utc>,
    /// Host and port that the client reached us by, for addresses in answers.
    pub(super) host: &'a str,
}

/// Calls a method.
pub(super) fn call(
    world: &mut World,
    method: &str,
    params: &Params,
    host: &str,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let needs = needs(method).ok_or_else(|| Refusal::new(3, "Unknown method passed"))?;
    if params.text("v").is_empty() {
        return Err(Refusal::new(8, "Invalid request: v (version) is required"));
    }
    let rules = world.rules;
    let given = params.text("access_token");
    if given.is_empty() {
        return Err(Refusal::new(5, "User authorization failed: no access_token passed."));
    }
    let token = world
        .tokens
        .get_mut(given)
        .ok_or_else(|| Refusal::new(5, "User authorization failed: invalid access_token (4)."))?;
    token.alive(now)?;
    if rules.call_rates {
        token.pace(now)?;
    }
    token.may_call(needs)?;
    let solved = !params.text("captcha_key").is_empty() || !params.text("success_token").is_empty();
    if solved {
        token.captcha = false;
    } else if token.captcha || method == "captcha.force" {
        return Err(Refusal::captcha(rules.captcha));
    }
    let request = Request { params, token: token.clone(), now, host };
    match method {
        "wall.post" => wall::post(world, &request),
        "wall.get" => wall::get(world, &request),
        "wall.getById" => wall::get_by_id(world, &request),
        "wall.edit" => wall::edit(world, &request),
        "wall.delete" => wall::delete(world, &request),
        "wall.restore" => wall::restore(world, &request),
        "photos.getWallUploadServer" => uploads::photo_server(world, &request),
        "photos.saveWallPhoto" => uploads::save_photo(world, &request),
        "docs.getWallUploadServer" => uploads::doc_server(world, &request),
        "docs.save" => uploads::save_doc(world, &request),
        "video.save" => uploads::video_server(world, &request),
        "groups.getById" => groups::get_by_id(world, &request),
        "groups.getTokenPermissions" => Ok(groups::token_permissions(&request)),
        "account.getAppPermissions" => Ok(request.token.rights.into()),
        "users.get" => Ok(groups::users(&request)),
        "utils.getServerTime" => Ok(now.timestamp().into()),
        "captcha.force" => Ok(1.into()),
        "execute" => {
            Err(Refusal::new(13, "Runtime error occurred during code invocation: the sandbox runs no VKScript"))
        }
        _ => groups::settings(world, method, &request),
    }
}
