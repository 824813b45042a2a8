//! `users.*`, `group.*`, `url.*` and `auth.*`.

use serde_json::{Value, json};

use super::Role;
use super::call;
use super::topics::Asked;
use super::wire::Refusal;
use super::world::World;

pub(super) fn current_user(world: &World, asked: &Asked<'_>) -> Value {
    let user = &asked.caller.user;
    let name = world.users.get(user).map_or("Пресс-служба", String::as_str);
    json!({"uid": user, "name": name, "first_name": name, "last_name": "", "locale": "ru"})
}

pub(super) fn has_permission(asked: &Asked<'_>) -> Result<Value, Refusal> {
    let right = asked.need("ext_perm")?;
    Ok(json!(asked.caller.rights.iter().any(|r| r == right)))
}

pub(super) fn calls_left(world: &World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let user = asked.need("uid")?;
    let day = asked.now.timestamp().div_euclid(86_400);
    let left = |method: &str| match world.calls.get(&(user.to_owned(), method.to_owned())) {
        Some((on, made)) if *on == day => world.rules.calls_per_day.saturating_sub(*made),
        _ => world.rules.calls_per_day,
    };
    let methods = asked.need("methods")?.split(',').map(str::trim);
    Ok(methods.map(|m| json!({"method": m, "calls_left": left(m), "available": left(m) > 0})).collect())
}

/// A token with `LONG_ACCESS_TOKEN` lives 30 days from its last touch.
pub(super) fn touch(world: &mut World, asked: &Asked<'_>) -> Value {
    if let Some(token) = world.tokens.get_mut(&asked.caller.token) {
        let long = token.rights.iter().any(|right| right == "LONG_ACCESS_TOKEN");
        token.expires = token.expires.map(|end| if long { end.max(asked.now + World::LONG_LIFE) } else { end });
    }
    json!(true)
}

pub(super) fn user_groups(world: &World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let gid = asked.need("group_id")?;
    let group = call::group(world, gid)?;
    let users = asked.need("uids")?.split(',').map(str::trim);
    let entry = |user: &str| Some(json!({"groupId": gid, "userId": user, "status": group.roles.get(user)?.status()}));
    Ok(users.filter_map(entry).collect())
}

pub(super) fn info(world: &World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let fields: Vec<&str> = asked.get("fields").unwrap_or("uid,name").split(',').map(str::trim).collect();
    let groups = asked.need("uids")?.split(',').filter_map(|gid| world.groups.get(gid.trim()));
    let entry = |group: &super::Group| {
        let mut entry = serde_json::Map::new();
        for field in &fields {
            match *field {
                "uid" => entry.insert("uid".to_owned(), json!(group.id)),
                "name" => entry.insert("name".to_owned(), json!(group.name)),
                "shortname" => entry.insert("shortname".to_owned(), json!(group.short_name)),
                other => return Err(Refusal::new(220, "PARAM_FIELDSET", format!("Unknown field {other}"))),
            };
        }
        Ok(Value::Object(entry))
    };
    groups.map(|g| entry(&g.group)).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

pub(super) fn counters(world: &World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let group = call::group(world, asked.need("group_id")?)?;
    let mut counters = serde_json::Map::new();
    for kind in asked.need("counterTypes")?.split(',').map(str::trim) {
        let count = match kind {
            "themes" => group.public.len(),
            "members" => group.roles.len(),
            "moderators" => group.roles.values().filter(|role| **role == Role::Moderator).count(),
            other => return Err(Refusal::param(format!("Unknown counter type {other}"))),
        };
        counters.insert(kind.to_owned(), json!(count));
    }
    Ok(json!({"counters": counters}))
}

/// `url.getInfo`: from an address on ok.ru to a group's number.
pub(super) fn url_info(world: &World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let url = asked.need("url")?;
    let path = url::Url::parse(url).map_err(|_| Refusal::param("Parameter url is invalid"))?;
    let parts: Vec<&str> = path.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let found = match parts.as_slice() {
        ["group", gid, ..] => world.groups.get(*gid),
        [name, ..] => world.groups.values().find(|g| g.group.short_name.as_deref() == Some(name)),
        [] => None,
    };
    Ok(match found {
        Some(group) => {
            json!({"type": "GROUP", "objectId": group.group.id.parse::<u64>().ok(), "objectIdStr": group.group.id})
        }
        None => json!({"type": "UNKNOWN"}),
    })
}
