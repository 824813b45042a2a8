//! `/wp/v2/posts`.

use axum::response::Response;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use http::HeaderValue;
use http::header::LOCATION;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::auth::OUR_USER;
use super::post::{Post, Status};
use super::wire::{Answer, Refusal, Rest, invalid, paging, read_date, refuse, respond_page, respond_to};
use super::world::World;
use super::{Site, kses, slug};

/// A date this far ahead still counts as now (`WordPress` compares minutes).
const AHEAD_MAX: TimeDelta = TimeDelta::seconds(59);

impl Site {
    pub(super) fn create_post(&self, rest: &Rest) -> Answer {
        if !rest.visitor.may("edit_posts") {
            let message = "Sorry, you are not allowed to create posts as this user.";
            return Err(refuse(rest.visitor.refused(), "rest_cannot_create", message));
        }
        let now = self.clock.now().trunc_subsecs(0);
        let mut world = self.lock();
        let id = world.next_id();
        let mut post = Post {
            id,
            slug: String::new(),
            status: Status::Draft,
            title: String::new(),
            content: String::new(),
            excerpt: String::new(),
            date: now,
            dated: false,
            modified: now,
            categories: Vec::new(),
            tags: Vec::new(),
            featured_media: 0,
            author: OUR_USER,
        };
        apply(&world, rest, &mut post, now)?;
        if post.title.is_empty() && post.content.is_empty() && post.excerpt.is_empty() {
            return Err(refuse(400, "empty_content", "Content, title, and excerpt are empty."));
        }
        if post.categories.is_empty() {
            post.categories = vec![1];
        }
        world.put(post.clone());
        let mut response = respond_to(rest, 201, &Self::post_json(&world, rest, &post, true));
        if let Ok(location) = HeaderValue::from_str(&format!("{}/wp-json/wp/v2/posts/{id}", rest.base)) {
            response.headers_mut().insert(LOCATION, location);
        }
        Ok(response)
    }

    pub(super) fn update_post(&self, rest: &Rest, id: &str) -> Answer {
        let now = self.clock.now().trunc_subsecs(0);
        let mut world = self.lock();
        let mut post = find(&world, id)?.clone();
        if !rest.visitor.may_edit(post.author) {
            let message = "Sorry, you are not allowed to edit this post.";
            return Err(refuse(rest.visitor.refused(), "rest_cannot_edit", message));
        }
        if let (Status::Trash, Some(_)) = (post.status, rest.text("status")) {
            let old = post.slug.trim_end_matches("__trashed").to_owned();
            post.slug = world.unique_slug(&old, post.id);
        }
        apply(&world, rest, &mut post, now)?;
        post.modified = now;
        world.put(post.clone());
        Ok(respond_to(rest, 200, &Self::post_json(&world, rest, &post, true)))
    }

    pub(super) fn delete_post(&self, rest: &Rest, id: &str) -> Answer {
        let now = self.clock.now();
        let mut world = self.lock();
        let post = find(&world, id)?.clone();
        if !rest.visitor.may_edit(post.author) {
            let message = "Sorry, you are not allowed to delete this post.";
            return Err(refuse(rest.visitor.refused(), "rest_cannot_delete", message));
        }
        if matches!(rest.text("force").as_deref(), Some("true" | "1")) {
            let previous = Self::post_json(&world, rest, &post, true);
            world.erase(post.id);
            return Ok(respond_to(rest, 200, &json!({ "deleted": true, "previous": previous })));
        }
        if post.status == Status::Trash {
            return Err(refuse(410, "rest_already_trashed", "The post has already been deleted."));
        }
        world.trash(post.id, now);
        let post = find(&world, id)?;
        Ok(respond_to(rest, 200, &Self::post_json(&world, rest, post, true)))
    }

    pub(super) fn get_post(&self, rest: &Rest, id: &str) -> Answer {
        let world = self.lock();
        let post = find(&world, id)?;
        if rest.edits() && !rest.visitor.may_edit(post.author) {
            let message = "Sorry, you are not allowed to edit this post.";
            return Err(refuse(rest.visitor.refused(), "rest_forbidden_context", message));
        }
        if post.status != Status::Publish && !rest.visitor.may_edit(post.author) {
            return Err(refuse(rest.visitor.refused(), "rest_forbidden", "Sorry, you are not allowed to do that."));
        }
        Ok(respond_to(rest, 200, &Self::post_json(&world, rest, post, rest.edits())))
    }

    pub(super) fn list_posts(&self, rest: &Rest) -> Answer {
        let (per_page, page) = paging(rest)?;
        // Parameters are judged before rights.
        let statuses = statuses(rest)?;
        if rest.edits() && !rest.visitor.may("edit_posts") {
            let message = "Sorry, you are not allowed to edit posts in this post type.";
            return Err(refuse(rest.visitor.refused(), "rest_forbidden_context", message));
        }
        let time = |name: &str| match rest.text(name) {
            None => Ok(None),
            Some(text) => read_date(&text, false)
                .map(Some)
                .ok_or_else(|| invalid(name, &format!("Invalid date: {name}"), "rest_invalid_date")),
        };
        let (after, before) = (time("after")?, time("before")?);
        let world = self.lock();
        let wanted = |post: &&Post| {
            statuses.contains(&post.status)
                && (post.status == Status::Publish || rest.visitor.may_edit(post.author))
                && (!rest.edits() || rest.visitor.may_edit(post.author))
                && after.is_none_or(|t| post.date > t)
                && before.is_none_or(|t| post.date < t)
        };
        let mut found: Vec<&Post> = match rest.list("slug") {
            Some(slugs) => slugs
                .iter()
                .map(|s| slug::sanitise(&percent_decode_str(s).decode_utf8_lossy()))
                .flat_map(|s| world.with_slug(&s).collect::<Vec<_>>())
                .filter(wanted)
                .collect(),
            None if rest.params.contains_key("include") => numbers(rest, "include")?
                .unwrap_or_default()
                .iter()
                .filter_map(|id| world.posts.get(id))
                .filter(wanted)
                .collect(),
            None => world.newest_first().filter(wanted).collect(),
        };
        if rest.text("order").as_deref() == Some("asc") {
            found.reverse();
        }
        let total = found.len();
        if page > 1 && (page - 1) * per_page >= total {
            let message = "The page number requested is larger than the number of pages available.";
            return Err(refuse(400, "rest_post_invalid_page_number", message));
        }
        let shown = found.iter().skip((page - 1) * per_page).take(per_page);
        let items: Vec<Value> = shown.map(|p| Self::post_json(&world, rest, p, rest.edits())).collect();
        Ok::<Response, Refusal>(respond_page(rest, &items, total, per_page))
    }
}

fn find<'a>(world: &'a World, id: &str) -> Result<&'a Post, Refusal> {
    let post = id.parse().ok().and_then(|id: u64| world.posts.get(&id));
    post.ok_or_else(|| refuse(404, "rest_post_invalid_id", "Invalid post ID."))
}

fn statuses(rest: &Rest) -> Result<Vec<Status>, Refusal> {
    let mut statuses = Vec::new();
    for name in rest.list("status").unwrap_or_else(|| vec!["publish".into()]) {
        if name != "publish" && !rest.visitor.may("edit_posts") {
            return Err(invalid("status", "Status is forbidden.", "rest_forbidden_status"));
        }
        match name.as_str() {
            "any" => statuses.extend(Status::LIVING),
            "trash" => statuses.push(Status::Trash),
            name => match Status::LIVING.iter().find(|s| s.name() == name) {
                Some(status) => statuses.push(*status),
                None => return Err(invalid("status", "status is not one of the known ones.", "rest_not_in_enum")),
            },
        }
    }
    Ok(statuses)
}

/// Applies the parameters of a create or an update, in `WordPress`' order: checks first, then slug, then dates.
fn apply(world: &World, rest: &Rest, post: &mut Post, now: DateTime<Utc>) -> Result<(), Refusal> {
    let filtered = |text: String| if rest.visitor.may("unfiltered_html") { text } else { kses::filter(&text) };
    if let Some(text) = html(rest, "title")? {
        filtered(text).trim().clone_into(&mut post.title);
    }
    if let Some(text) = html(rest, "content")? {
        post.content = filtered(text);
    }
    if let Some(text) = html(rest, "excerpt")? {
        post.excerpt = filtered(text);
    }
    if let Some(status) = rest.text("status") {
        let status = Status::LIVING.into_iter().find(|s| s.name() == status);
        let status =
            status.ok_or_else(|| invalid("status", "status is not one of the known ones.", "rest_not_in_enum"))?;
        let public = matches!(status, Status::Publish | Status::Future | Status::Private);
        if public && !rest.visitor.may("publish_posts") {
            let message = "Sorry, you are not allowed to publish posts in this post type.";
            return Err(refuse(403, "rest_cannot_publish", message));
        }
        post.status = status;
    }
    for (name, terms, ids) in
        [("categories", &world.categories, &mut post.categories), ("tags", &world.tags, &mut post.tags)]
    {
        if let Some(asked) = numbers(rest, name)? {
            *ids = asked.into_iter().filter(|id| terms.iter().any(|t| t.id == *id)).collect();
        }
    }
    if let Some(id) = rest.text("featured_media").and_then(|t| t.parse().ok()) {
        post.featured_media = if world.media.contains_key(&id) { id } else { 0 };
    }
    if let Some(asked) = rest.text("slug") {
        // A contributor's slug is dropped.
        if rest.visitor.may("publish_posts") {
            post.slug = world.unique_slug(&slug::sanitise(&asked), post.id);
        }
    }
    date(rest, post, now)?;
    if post.slug.is_empty() && matches!(post.status, Status::Publish | Status::Private | Status::Future) {
        let from_title = slug::sanitise(&post.title);
        let wanted = if from_title.is_empty() { post.id.to_string() } else { from_title };
        post.slug = world.unique_slug(&wanted, post.id);
    }
    Ok(())
}

/// `date` wins over `date_gmt`; without either, publication gives the date.
fn date(rest: &Rest, post: &mut Post, now: DateTime<Utc>) -> Result<(), Refusal> {
    let given = match (rest.text("date"), rest.text("date_gmt")) {
        (Some(text), _) => Some((read_date(&text, false), "date")),
        (None, Some(text)) => Some((read_date(&text, true), "date_gmt")),
        (None, None) => None,
    };
    if let Some((time, name)) = given {
        post.date = time.ok_or_else(|| invalid(name, "Invalid date.", "rest_invalid_date"))?.trunc_subsecs(0);
        post.dated = true;
    } else if !post.dated {
        post.date = now;
    }
    if post.status == Status::Publish || post.status == Status::Future {
        post.dated = true;
        post.status = if post.date > now + AHEAD_MAX { Status::Future } else { Status::Publish };
    }
    Ok(())
}

fn html(rest: &Rest, name: &str) -> Result<Option<String>, Refusal> {
    match rest.params.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Object(map)) => Ok(map.get("raw").and_then(Value::as_str).map(str::to_owned)),
        Some(_) => Err(invalid(name, &format!("{name} is not of type object."), "rest_invalid_type")),
    }
}

fn numbers(rest: &Rest, name: &str) -> Result<Option<Vec<u64>>, Refusal> {
    let Some(list) = rest.list(name) else { return Ok(None) };
    let wrong = || invalid(name, &format!("{name}[0] is not of type integer."), "rest_invalid_type");
    list.iter().map(|t| t.parse().map_err(|_| wrong())).collect::<Result<_, _>>().map(Some)
}
