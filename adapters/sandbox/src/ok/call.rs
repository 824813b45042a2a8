//! From a call's parameters to its answer.

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use super::access::{self, Parameters};
use super::groups;
use super::topics::{self, Asked};
use super::uploads;
use super::wire::Refusal;
use super::world::{StoredGroup, World};

/// What a method yields.
pub(super) enum Yield {
    /// A JSON value.
    Value(Value),
    /// Nothing at all: an empty body.
    Empty,
}

/// Carries out one call. `base` is the server's own address, for uploads.
pub(super) fn answer(
    world: &mut World,
    method: &str,
    parameters: &Parameters,
    base: &Url,
    now: DateTime<Utc>,
) -> Result<Yield, Refusal> {
    world.settle(now);
    let caller = access::admit(world, method, parameters, now)?;
    match parameters.get("format").map(|format| format.to_ascii_lowercase()).as_deref() {
        None | Some("json") => {}
        Some(other) => return Err(Refusal::new(5000, "INVALID_RESPONSE", format!("Format {other} is not supported"))),
    }
    let asked = Asked { caller: &caller, parameters, now };
    let value = match method {
        "users.getCurrentUser" => groups::current_user(world, &asked),
        "users.hasAppPermission" => groups::has_permission(&asked)?,
        "users.getCallsLeft" => groups::calls_left(world, &asked)?,
        "auth.touchSession" => groups::touch(world, &asked),
        "url.getInfo" => groups::url_info(world, &asked)?,
        "group.getInfo" => groups::info(world, &asked)?,
        "group.getCounters" => groups::counters(world, &asked)?,
        "group.getUserGroupsByIds" => groups::user_groups(world, &asked)?,
        "group.getStatTopics" => topics::statistics(world, &asked)?,
        "mediatopic.post" => topics::post(world, &asked)?,
        "mediatopic.edit" => topics::edit(world, &asked)?,
        "mediatopic.getTopics" => topics::get_topics(world, &asked)?,
        "mediatopic.getByIds" => topics::get_by_ids(world, &asked)?,
        "mediatopic.getRepublishedTopic" => topics::get_republished(world, &asked)?,
        "mediatopic.deleteTopic" => topics::delete(world, &asked)?,
        "mediatopic.restoreTopic" => topics::restore(world, &asked)?,
        "photosV2.getUploadUrl" => uploads::photo_place(world, &asked, base)?,
        "photosV2.commit" => uploads::commit(world, &asked)?,
        "video.getUploadUrl" => uploads::film_place(world, &asked, base)?,
        "video.update" => {
            uploads::finish_film(world, &asked)?;
            return Ok(Yield::Empty);
        }
        _ => return Err(Refusal::new(3, "METHOD", format!("Method {method} not found"))),
    };
    Ok(Yield::Value(value))
}

/// A group that exists.
pub(super) fn group<'a>(world: &'a World, gid: &str) -> Result<&'a StoredGroup, Refusal> {
    world.groups.get(gid).ok_or_else(|| Refusal::new(160, "PARAM_GROUP_ID", format!("Invalid group id [{gid}]")))
}
