//! VK's JSON of posts and their attachments (API schema 5.199, `wall_wallpost_full`).

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::model::{Attachment, Post, Source};

/// A post as a method answers it; who manages the wall is told what may be done with it at `editor`'s moment.
pub(super) fn post(post: &Post, editor: Option<DateTime<Utc>>) -> Value {
    let mut json = json!({
        "id": post.id,
        "owner_id": post.owner_id,
        "from_id": post.from_id,
        "date": post.date.timestamp(),
        "text": post.text,
        "attachments": post.attachments.iter().map(attachment).collect::<Vec<_>>(),
        "post_type": "post",
        "post_source": { "type": match post.source { Source::Api => "api", Source::Site => "vk" } },
        "marked_as_ads": 0,
        "comments": { "count": 0 },
        "likes": { "count": 0 },
        "reposts": { "count": 0 },
        "hash": format!("sandbox{}", post.id),
    });
    if let Some(edited) = post.edited {
        json["edited"] = edited.timestamp().into();
    }
    if post.pinned {
        json["is_pinned"] = 1.into();
    }
    if post.deleted.is_some() {
        json["is_deleted"] = true.into();
    }
    if let Some(now) = editor {
        json["can_edit"] = i64::from(post.can_be_edited(now)).into();
        json["can_delete"] = 1.into();
    }
    json
}

fn attachment(attachment: &Attachment) -> Value {
    let kind = attachment.kind();
    let object = match attachment {
        Attachment::Photo { owner_id, id } => {
            json!({ "id": id, "owner_id": owner_id, "album_id": -14, "text": "", "sizes": [] })
        }
        Attachment::Doc { owner_id, id, title } => json!({ "id": id, "owner_id": owner_id, "title": title }),
        Attachment::Video { owner_id, id } => json!({ "id": id, "owner_id": owner_id, "title": "" }),
        Attachment::Link(url) => json!({ "url": url, "title": "", "caption": "", "description": "" }),
    };
    json!({ "type": kind, kind: object })
}
