//! `groups.*`, and the small methods that clients ask before anything else.

use serde_json::{Value, json};

use super::methods::Request;
use super::refusal::Refusal;
use super::tokens::{Kind, rights};
use super::world::{Wall, World};

/// `groups.getById`. Without an id a community's key gets its own community.
pub(super) fn get_by_id(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let asked = [call.params.text("group_ids"), call.params.text("group_id")].into_iter().find(|t| !t.is_empty());
    let asked = match (asked, &call.token.kind) {
        (Some(asked), _) => asked.to_owned(),
        (None, Kind::Community { group }) => group.to_string(),
        (None, _) => return Err(Refusal::parameter("group_ids is undefined")),
    };
    let mut groups = Vec::new();
    for name in asked.split(',').map(str::trim) {
        let id = name.strip_prefix("club").or(name.strip_prefix("public")).unwrap_or(name).parse::<i64>().ok();
        let found = world.walls.values().find(|w| Some(w.group.id) == id || w.group.screen_name == name);
        let wall = found
            .ok_or_else(|| Refusal::new(100, "One of the parameters specified was missing or invalid: group_ids"))?;
        groups.push(group_json(wall, call));
    }
    Ok(if call.params.version_from(150) { json!({ "groups": groups, "profiles": [] }) } else { groups.into() })
}

fn group_json(wall: &Wall, call: &Request<'_>) -> Value {
    let group = &wall.group;
    let mut json = json!({ "id": group.id, "name": group.name, "screen_name": group.screen_name, "is_closed": 0,
        "type": "page", "photo_50": "", "photo_100": "", "photo_200": "" });
    if matches!(call.token.kind, Kind::User { .. }) {
        let manages = call.token.manages(group.id).is_ok();
        json["is_admin"] = i64::from(manages).into();
        json["can_post"] = i64::from(manages).into();
        if manages {
            json["admin_level"] = 3.into();
        }
    }
    json
}

/// `groups.getTokenPermissions`.
pub(super) fn token_permissions(call: &Request<'_>) -> Value {
    let named = rights::NAMES.iter().filter(|(_, bit)| call.token.rights & bit != 0);
    let permissions: Vec<_> = named.map(|(name, setting)| json!({ "name": name, "setting": setting })).collect();
    json!({ "mask": call.token.rights, "permissions": permissions })
}

/// `users.get`: a user's token without ids gets its own person, as clients ask when they start.
pub(super) fn users(call: &Request<'_>) -> Value {
    let ids: Vec<i64> = match (call.params.text("user_ids"), &call.token.kind) {
        ("", Kind::User { id, .. }) => vec![*id],
        (asked, _) => asked.split(',').filter_map(|id| id.trim().parse().ok()).collect(),
    };
    let people = ids.iter().map(|id| {
        json!({ "id": id, "first_name": "Пользователь", "last_name": id.to_string(), "can_access_closed": true,
            "is_closed": false })
    });
    people.collect::<Vec<_>>().into()
}

/// Long Poll and Callback settings of one community.
pub(super) fn settings(world: &mut World, method: &str, call: &Request<'_>) -> Result<Value, Refusal> {
    let id = call.params.required("group_id")?;
    let wall = world.group(id)?;
    call.token.manages(id)?;
    match method {
        "groups.getLongPollServer" if !wall.events.enabled => Err(Refusal::new(
            100,
            "One of the parameters specified was missing or invalid: longpoll for this group is not enabled",
        )),
        "groups.getLongPollServer" => Ok(wall.events.server(id, call.host)),
        "groups.getLongPollSettings" => Ok(json!({ "is_enabled": wall.events.enabled, "api_version": "5.199",
            "events": { "wall_post_new": 1 } })),
        "groups.setLongPollSettings" => {
            if !call.params.text("enabled").is_empty() {
                wall.events.enabled = call.params.flag("enabled");
            }
            Ok(1.into())
        }
        "groups.getCallbackConfirmationCode" => Ok(json!({ "code": wall.callback.code() })),
        "groups.getCallbackServers" => Ok(wall.callback.list()),
        "groups.addCallbackServer" => {
            let (answer, confirmation) = wall.callback.add(call)?;
            world.outbox.push(confirmation);
            Ok(answer)
        }
        "groups.editCallbackServer" => wall.callback.change(call),
        "groups.deleteCallbackServer" => wall.callback.remove(call),
        "groups.getCallbackSettings" => wall.callback.settings(call),
        "groups.setCallbackSettings" => wall.callback.set(call),
        _ => Err(Refusal::new(3, "Unknown method passed")),
    }
}
