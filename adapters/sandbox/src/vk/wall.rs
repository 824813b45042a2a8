//! `wall.*`.

use serde_json::{Value, json};

use super::methods::Request;
use super::model::{Attachment, ByIdShape, DeletedShape, Post, RepeatedGuid, Source};
use super::refusal::Refusal;
use super::tokens::Kind;
use super::wire;
use super::world::{Draft, World};

const MEDIA_MAX: usize = 10;

pub(super) fn post(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let group = owner(call)?;
    call.token.manages(group)?;
    if !call.params.text("publish_date").is_empty() {
        return Err(Refusal::new(214, "Access to adding post denied: cannot postpone post"));
    }
    let guid = Some(call.params.text("guid")).filter(|g| !g.is_empty()).map(ToOwned::to_owned);
    let rules = world.rules;
    if let Some(first) = guid.as_deref().and_then(|g| world.walls.get(&group)?.made_with(g, call.now)) {
        match rules.repeated_guid {
            RepeatedGuid::SameId => return Ok(json!({ "post_id": first })),
            RepeatedGuid::Error => return Err(Refusal::parameter("guid was already used")),
            RepeatedGuid::Ignored => {}
        }
    }
    let (text, attachments) = shown(world, call)?;
    let from_id = match &call.token.kind {
        Kind::User { id, .. } if !call.params.flag("from_group") => *id,
        _ => -group,
    };
    let wall = world.wall(group)?;
    if let Some(most) = rules.posts_per_day
        && wall.made_today(call.now) >= most as usize
    {
        return Err(Refusal::new(214, format!("Access to adding post denied: you can only add {most} posts a day")));
    }
    let id = wall.add(Draft { from_id, text, attachments, guid, source: Source::Api }, call.now);
    world.announce(group, id);
    Ok(json!({ "post_id": id }))
}

pub(super) fn get(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let group = match call.params.text("domain") {
        "" => owner(call)?,
        domain => domain_of(world, domain)?,
    };
    let filter = call.params.text("filter");
    if matches!(filter, "postponed" | "suggests") {
        call.token.manages(group)?;
    }
    let count = match call.params.number("count")? {
        None => 20,
        Some(n @ 0..=100) => usize::try_from(n).unwrap_or(100),
        Some(_) => return Err(Refusal::parameter("count should be between 0 and 100")),
    };
    let offset = usize::try_from(call.params.number("offset")?.unwrap_or(0))
        .map_err(|_| Refusal::parameter("offset should be positive"))?;
    let wall = world.wall(group)?;
    let (all, own) = wall.counts();
    let (total, wanted): (usize, fn(&Post) -> bool) = match filter {
        "owner" => (own, |p| p.from_id == p.owner_id),
        "others" => (all - own, |p| p.from_id != p.owner_id),
        "postponed" | "suggests" | "archived" | "donut" => (0, |_| false),
        _ => (all, |_| true),
    };
    let editor = call.token.manages(group).is_ok().then_some(call.now);
    let posts = wall.pinned().into_iter().chain(wall.standing().filter(|p| !p.pinned)).filter(|p| wanted(p));
    let items: Vec<_> = posts.skip(offset).take(count).map(|p| wire::post(p, editor)).collect();
    Ok(json!({ "count": total, "items": items }))
}

pub(super) fn get_by_id(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let asked = call.params.text("posts");
    if asked.is_empty() {
        return Err(Refusal::parameter("posts is undefined"));
    }
    let rules = world.rules;
    let mut items = Vec::new();
    for name in asked.split(',').take(100) {
        let (owner, id) = name
            .rsplit_once('_')
            .and_then(|(owner, id)| Some((owner.trim().parse::<i64>().ok()?, id.trim().parse::<i64>().ok()?)))
            .ok_or_else(|| Refusal::parameter("posts should be a list of {owner}_{post}"))?;
        let Some(post) = owner.checked_neg().and_then(|g| world.walls.get(&g)).and_then(|w| w.post(id)) else {
            continue;
        };
        if post.deleted.is_none() || rules.deleted == DeletedShape::Marked {
            let editor = call.token.manages(-owner).is_ok().then_some(call.now);
            items.push(wire::post(post, editor));
        }
    }
    let as_items = match rules.by_id {
        ByIdShape::ByVersion => call.params.version_from(150),
        ByIdShape::Items => true,
        ByIdShape::Array => false,
    };
    Ok(if as_items { json!({ "items": items }) } else { items.into() })
}

pub(super) fn edit(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let (group, id) = managed_post(call)?;
    let (text, attachments) = shown(world, call)?;
    let post = standing(world, group, id)?;
    if !post.can_be_edited(call.now) {
        return Err(Refusal::new(15, "Access denied: edit time expired"));
    }
    post.change(text, call.now);
    post.attachments = attachments;
    Ok(json!({ "post_id": id }))
}

pub(super) fn delete(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let (group, id) = managed_post(call)?;
    standing(world, group, id)?;
    world.wall(group)?.set_deleted(id, Some(call.now));
    Ok(1.into())
}

pub(super) fn restore(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let (group, id) = managed_post(call)?;
    if world.wall(group)?.set_deleted(id, None) { Ok(1.into()) } else { Err(Refusal::not_found()) }
}

/// The community of `owner_id`.
fn owner(call: &Request<'_>) -> Result<i64, Refusal> {
    match call.params.required("owner_id")?.checked_neg() {
        Some(group) if group > 0 => Ok(group),
        _ => {
            Err(Refusal::parameter("owner_id should be a community's id with a minus; the sandbox has no other walls"))
        }
    }
}

fn domain_of(world: &World, domain: &str) -> Result<i64, Refusal> {
    let found = world
        .walls
        .values()
        .map(|w| &w.group)
        .find(|g| g.screen_name == domain || domain.trim_start_matches('-').parse() == Ok(g.id));
    found.map(|g| g.id).ok_or_else(|| Refusal::parameter("domain not found"))
}

fn managed_post(call: &Request<'_>) -> Result<(i64, i64), Refusal> {
    let (group, id) = (owner(call)?, call.params.required("post_id")?);
    call.token.manages(group)?;
    Ok((group, id))
}

fn standing(world: &mut World, group: i64, id: i64) -> Result<&mut Post, Refusal> {
    world.wall(group)?.post_mut(id).filter(|p| p.deleted.is_none()).ok_or_else(Refusal::not_found)
}

/// What a post will show. Attachments that VK cannot resolve vanish; the complaint is about `message` when nothing
/// is left.
fn shown(world: &World, call: &Request<'_>) -> Result<(String, Vec<Attachment>), Refusal> {
    let named = call.params.text("attachments").split(',').map(str::trim).filter(|a| !a.is_empty());
    let attachments: Vec<_> = named.filter_map(|name| world.shelf.resolve(name)).collect();
    let count = |kinds: &[&str]| attachments.iter().filter(|a| kinds.contains(&a.kind())).count();
    if count(&["photo", "video"]) > MEDIA_MAX {
        return Err(Refusal::parameter("attachments has too many photos and videos"));
    }
    if count(&["doc"]) > 1 {
        return Err(Refusal::parameter("attachments may hold one file"));
    }
    if count(&["link"]) > 1 {
        return Err(Refusal::parameter("attachments may hold one link"));
    }
    let text = call.params.text("message").to_owned();
    if text.trim().is_empty() && attachments.is_empty() {
        return Err(Refusal::parameter("invalid message param"));
    }
    Ok((text, attachments))
}
