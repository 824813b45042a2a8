//! `mediatopic.*` and the statistics of topics.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::access::{Caller, Parameters};
use super::attachment::Attachment;
use super::wire::{self, Refusal};
use super::world::{StoredGroup, StoredTopic, World};
use super::{Role, call};

/// Most topics in one answer.
const COUNT_MAX: usize = 100;

/// A call, as every method gets it.
pub(super) struct Asked<'a> {
    pub(super) caller: &'a Caller,
    pub(super) parameters: &'a Parameters,
    pub(super) now: DateTime<Utc>,
}

impl Asked<'_> {
    /// A parameter that must be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::param(format!("Missing required parameter {name}")))
    }

    /// A parameter that may be there. An empty one is not.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn count(&self) -> Result<usize, Refusal> {
        let count = self.get("count").unwrap_or("50").parse().ok().filter(|count| (1..=COUNT_MAX).contains(count));
        count.ok_or_else(|| Refusal::param(format!("Parameter count must be 1 to {COUNT_MAX}")))
    }
}

/// The group that `name` names, when the caller may write to it.
fn writable<'a>(world: &'a World, asked: &Asked<'_>, gid: &str) -> Result<&'a StoredGroup, Refusal> {
    let group = call::group(world, gid)?;
    match group.roles.get(&asked.caller.user) {
        Some(Role::Admin) => Ok(group),
        Some(Role::Moderator) if world.rules.moderators_publish => Ok(group),
        _ => Err(Refusal::permission("User has no right to publish in the group")),
    }
}

fn is_member(group: &StoredGroup, asked: &Asked<'_>) -> bool {
    matches!(group.roles.get(&asked.caller.user), Some(Role::Admin | Role::Moderator))
}

pub(super) fn post(world: &mut World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let kind = asked.need("type")?;
    if !matches!(kind, "GROUP_THEME" | "GROUP_SUGGESTED") {
        return Err(Refusal::param(format!("Parameter type {kind} is not a group's type")));
    }
    let gid = asked.need("gid")?;
    let moderated = if kind == "GROUP_THEME" {
        writable(world, asked, gid)?.moderated
    } else {
        call::group(world, gid)?;
        true
    };
    let attachment = Attachment::read(world, gid, asked.need("attachment")?, asked.now)?;
    attachment.take_photos(world);
    let author =
        if attachment.on_behalf_of_group { format!("group:{gid}") } else { format!("user:{}", asked.caller.user) };
    let id = world.put_up(StoredTopic {
        group: gid.to_owned(),
        author,
        created: asked.now,
        published: None,
        edited: None,
        publish_at: attachment.publish_at,
        on_moderation: moderated,
        hidden: asked.get("hidden_post") == Some("true"),
        views: 0,
        blocks: attachment.blocks,
    });
    Ok(json!(id.to_string()))
}

pub(super) fn edit(world: &mut World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let id = topic_id(world, asked.need("topic_id")?)?;
    let (gid, created) = world.topics.get(&id).map(|t| (t.group.clone(), t.created)).ok_or_else(not_found)?;
    writable(world, asked, &gid)?;
    if world.rules.edit_window.is_some_and(|window| asked.now - created > window) {
        return Err(Refusal::new(704, "TIMEOUT_EXCEEDED", "Edit time is over"));
    }
    let attachment = Attachment::read(world, &gid, asked.need("attachment")?, asked.now)?;
    attachment.take_photos(world);
    if let Some(topic) = world.topics.get_mut(&id) {
        topic.blocks = attachment.blocks;
        topic.edited = Some(asked.now);
    }
    Ok(json!({"success": true}))
}

pub(super) fn get_topics(world: &World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let group = call::group(world, asked.need("gid")?)?;
    let count = asked.count()?;
    let before = match asked.get("anchor") {
        None => None,
        Some(anchor) => Some(anchor.parse().map_err(|_| Refusal::param("Parameter anchor is invalid"))?),
    };
    let fields = asked.get("fields");
    let listed = world.newest(group, before, is_member(group, asked)).filter(|(_, t)| world.is_listed(t, asked.now));
    let mut page: Vec<_> = listed.take(count + 1).collect();
    let has_more = page.len() > count;
    page.truncate(count);
    let anchor = page.last().map(|(id, _)| id.to_string());
    let topics: Vec<Value> = page.into_iter().map(|(id, topic)| wire::topic(world, id, topic, fields)).collect();
    Ok(json!({"media_topics": topics, "anchor": anchor, "has_more": has_more}))
}

pub(super) fn get_by_ids(world: &World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let ids: Vec<&str> = asked.need("topic_ids")?.split(',').map(str::trim).collect();
    let media_limit = match asked.get("media_limit") {
        None if ids.len() > 1 => return Err(Refusal::param("Missing required parameter media_limit")),
        None => usize::MAX,
        Some(text) => {
            let limit = text.parse().ok().filter(|limit| (1..=3).contains(limit));
            limit.ok_or_else(|| Refusal::param("Parameter media_limit must be 1 to 3"))?
        }
    };
    let fields = asked.get("fields");
    if fields.is_some_and(|fields| fields.split(',').any(|field| !field.contains('.'))) {
        return Err(Refusal::new(220, "PARAM_FIELDSET", "Invalid fieldset"));
    }
    let mut topics = Vec::new();
    for text in ids {
        let id: u64 = text.parse().map_err(|_| Refusal::param(format!("Parameter topic_ids: {text} is no id")))?;
        let Some(topic) = world.topics.get(&id) else { continue };
        let group = call::group(world, &topic.group)?;
        if !group.public.contains(&id) && !is_member(group, asked) {
            continue;
        }
        let mut shown = topic.clone();
        shown.blocks.truncate(media_limit);
        topics.push(wire::topic(world, id, &shown, fields));
    }
    Ok(json!({"media_topics": topics, "entities": {}}))
}

pub(super) fn get_republished(world: &World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let text = asked.need("topic_id")?;
    let id: u64 = text.parse().map_err(|_| Refusal::param(format!("Parameter topic_id: {text} is no id")))?;
    Ok(world.republished.get(&id).map_or(Value::Null, |new| json!(new.to_string())))
}

pub(super) fn delete(world: &mut World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let named = ["delete_id", "topic_id"].into_iter().find_map(|name| Some((name, asked.get(name)?)));
    let (name, text) = named.ok_or_else(|| Refusal::param("Missing required parameter delete_id"))?;
    if !world.rules.delete_parameters.iter().any(|allowed| allowed == name) {
        return Err(Refusal::param(format!("Parameter {name} is not known")));
    }
    let id = if name == "delete_id" { world.by_delete_id(text).ok_or_else(not_found)? } else { topic_id(world, text)? };
    let gid = world.topics.get(&id).map(|t| t.group.clone()).ok_or_else(not_found)?;
    writable(world, asked, &gid)?;
    let topic = world.take_out(id).ok_or_else(not_found)?;
    let restore_id = format!("r{id}");
    world.deleted.insert(restore_id.clone(), (id, topic));
    Ok(json!({"success": true, "restore_id": restore_id}))
}

pub(super) fn restore(world: &mut World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let restore_id = asked.need("restore_id")?;
    let gid = world.deleted.get(restore_id).map(|(_, t)| t.group.clone()).ok_or_else(not_found)?;
    writable(world, asked, &gid)?;
    let (id, topic) = world.deleted.remove(restore_id).ok_or_else(not_found)?;
    world.keep(id, topic);
    Ok(json!({"success": true}))
}

/// `group.getStatTopics`: topics of a period that somebody but their author has seen.
pub(super) fn statistics(world: &World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let group = writable(world, asked, asked.need("gid")?)?;
    let moment = |name: &str, otherwise: i64| match asked.get(name) {
        None => Ok(otherwise),
        Some(text) => text.parse::<i64>().map_err(|_| Refusal::param(format!("Parameter {name} is no time in ms"))),
    };
    let (from, to) = (moment("start_time", 0)?, moment("end_time", i64::MAX)?);
    let before = asked.get("anchor").and_then(|anchor| anchor.parse().ok());
    let count = asked.count()?;
    let within = |topic: &StoredTopic| {
        let at = topic.published.unwrap_or(topic.created).timestamp_millis();
        topic.views > 0 && (from..=to).contains(&at)
    };
    let mut page: Vec<_> = world.newest(group, before, false).filter(|(_, t)| within(t)).take(count + 1).collect();
    let has_more = page.len() > count;
    page.truncate(count);
    let anchor = page.last().map(|(id, _)| id.to_string());
    let topics: Vec<Value> = page
        .into_iter()
        .map(|(id, t)| json!({"id": id.to_string(), "created_ms": t.created.timestamp_millis(), "renderings": t.views}))
        .collect();
    Ok(json!({"topics": topics, "anchor": anchor, "has_more": has_more}))
}

fn topic_id(world: &World, text: &str) -> Result<u64, Refusal> {
    text.parse().ok().filter(|id| world.topics.contains_key(id)).ok_or_else(not_found)
}

fn not_found() -> Refusal {
    Refusal::new(300, "NOT_FOUND", "Topic not found")
}
