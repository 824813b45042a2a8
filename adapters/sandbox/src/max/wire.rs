//! How things look in answers. Fields that are absent in real answers are absent here too.

use serde_json::{Value, json};

use super::channel::{Author, Channel, Post};
use super::ids;
use super::world::{Attachment, World};

/// The bot's user id.
pub(super) const BOT_ID: i64 = 214_325;
/// The user id of every colleague.
const PERSON_ID: i64 = 500_100;

/// The bot as a user (MAX API schema 0.0.33, `BotInfo`).
pub(super) fn bot(world: &World) -> Value {
    json!({
        "user_id": BOT_ID,
        "first_name": "Пресс-служба",
        "name": "Пресс-служба",
        "username": "press_bot",
        "is_bot": true,
        "last_activity_time": world.clock.now().timestamp_millis(),
        "commands": world.commands,
    })
}

/// The bot as a member of a channel (`ChatMember`).
pub(super) fn member(world: &World, channel: &Channel) -> Value {
    let mut member = bot(world);
    let now = world.clock.now().timestamp_millis();
    member["is_admin"] = json!(channel.permissions.is_some());
    member["is_owner"] = json!(false);
    member["permissions"] = json!(channel.permissions);
    member["join_time"] = json!(now - 86_400_000);
    member["last_access_time"] = json!(now);
    member
}

/// A channel (`Chat`).
pub(super) fn chat(world: &World, channel: &Channel) -> Value {
    let timeline = world.timeline(channel.chat_id);
    let last = timeline.and_then(|t| t.posts.values().next_back());
    let pinned = timeline.and_then(|t| t.pinned.and_then(|seq| t.posts.get(&seq)));
    let mut chat = json!({
        "chat_id": channel.chat_id,
        "type": channel.kind,
        "status": channel.status,
        "title": channel.title,
        "last_event_time": last.map_or(0, |post| post.at.timestamp_millis()),
        "participants_count": 1024,
        "is_public": channel.link_name.is_some(),
        "messages_count": timeline.map_or(0, |t| t.posts.len()),
    });
    if let Some(link) = channel.link() {
        chat["link"] = json!(link);
    }
    if let Some(pinned) = pinned {
        chat["pinned_message"] = message(world, channel, pinned, false);
    }
    chat
}

/// A post (`Message`). The figure of readers stands only in lists.
pub(super) fn message(world: &World, channel: &Channel, post: &Post, in_list: bool) -> Value {
    let mut body = json!({ "mid": post.mid(), "seq": post.seq, "text": post.text });
    if !post.attachments.is_empty() {
        body["attachments"] = post.attachments.iter().map(attachment).collect();
    }
    if !post.markup.is_empty() {
        body["markup"] = post.markup.iter().map(super::markup::Span::to_json).collect();
    }
    let mut message = json!({
        "recipient": { "chat_id": post.chat_id, "chat_type": channel.kind, "user_id": null },
        "timestamp": post.at.timestamp_millis(),
        "body": body,
        "url": post.url.as_ref().filter(|_| !world.urls_hidden),
    });
    if channel.signed {
        message["sender"] = match post.author {
            Author::Bot => bot(world),
            Author::Person => json!({
                "user_id": PERSON_ID,
                "first_name": "Коллега",
                "name": "Коллега",
                "is_bot": false,
                "last_activity_time": post.at.timestamp_millis(),
            }),
        };
    }
    if let Some((kind, mid)) = &post.link {
        let linked = world.post(mid);
        message["link"] = json!({
            "type": kind,
            "chat_id": ids::parse_mid(mid).map(|(chat_id, _)| chat_id),
            "message": { "mid": mid, "seq": linked.map(|p| p.seq), "text": linked.map(|p| &p.text) },
        });
    }
    if in_list {
        message["stat"] = json!({ "views": 12 });
    }
    message
}

fn attachment(attachment: &Attachment) -> Value {
    let kind = attachment.kind.as_str();
    let Some(file) = &attachment.file else {
        return match kind {
            "location" => attachment.payload.clone(),
            _ => json!({ "type": kind, "payload": attachment.payload }),
        };
    };
    let url = format!("https://sandbox.invalid/{kind}/{}", file.number);
    match kind {
        "image" => {
            json!({ "type": kind, "payload": { "photo_id": file.number, "token": file.token, "url": url } })
        }
        "file" => json!({
            "type": kind,
            "payload": { "url": url, "token": file.token },
            "filename": file.name,
            "size": file.bytes,
        }),
        _ => json!({ "type": kind, "payload": { "url": url, "token": file.token } }),
    }
}
