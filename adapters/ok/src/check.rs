//! May this channel publish? Who are we there, with which rights and role?

use serde_json::Value;
use vestnik_contract::{AdapterError, Finding, FindingKind, Health, PlatformClock};

use crate::client::Answer;
use crate::errors::CallError;
use crate::read::Group;
use crate::topic::{flag, text_of};

const RIGHTS: [(&str, FindingKind, &str); 3] = [
    ("VALUABLE_ACCESS", FindingKind::MayNotPublish, "call almost any method"),
    ("GROUP_CONTENT", FindingKind::MayNotPublish, "publish in a group"),
    ("PHOTO_CONTENT", FindingKind::MayNotUpload, "upload pictures"),
];

/// Asks OK who we are and what we may do.
pub(crate) async fn check(group: Group<'_>) -> Result<Health, AdapterError> {
    let (user, name, mut clock) = who(group).await?;
    let mut findings = Vec::new();
    for (right, kind, purpose) in RIGHTS {
        let answer =
            group.client.call("users.hasAppPermission", &[("ext_perm", right)]).await.map_err(CallError::of_read)?;
        if !flag(Some(&answer.value)) {
            findings.push(Finding::blocking(
                kind,
                format!("the application may not {purpose}: the right {right} is missing"),
                "ask api-support@ok.ru for it, with the application's number and the reason, and then get a new access \
                 token with it",
            ));
        }
    }
    let identity = match title(group).await? {
        Ok((title, answer)) => {
            clock = PlatformClock { header: answer.date(), method: None };
            findings.extend(role(group, &user).await?);
            format!("user «{name}» ({user}), group «{title}» ({})", group.id)
        }
        Err(no_group) => {
            findings.push(no_group);
            format!("user «{name}» ({user}), group {}", group.id)
        }
    };
    let may_publish = !findings.iter().any(|finding| finding.blocking);
    Ok(Health { identity, may_publish, findings, clock, credential_expires: None })
}

/// The token's user. A token that had expired and was renewed is tried once more: a person is waiting for the
/// answer, and the question changes nothing.
async fn who(group: Group<'_>) -> Result<(String, String, PlatformClock), AdapterError> {
    let ask = || group.client.call("users.getCurrentUser", &[("fields", "uid,name")]);
    let answer = match ask().await {
        Err(CallError::Renewed(_)) => ask().await,
        other => other,
    };
    let answer = answer.map_err(CallError::of_read)?;
    let Some(user) = text_of(answer.value.get("uid")).filter(|uid| !uid.is_empty()) else {
        return Err(unclear(&answer, "OK's answer to users.getCurrentUser names no user"));
    };
    let name = answer.value.get("name").and_then(Value::as_str).unwrap_or("without a name").to_owned();
    Ok((user, name, PlatformClock { header: answer.date(), method: None }))
}

async fn role(group: Group<'_>, user: &str) -> Result<Option<Finding>, AdapterError> {
    let parameters = [("group_id", group.id), ("uids", user)];
    let answer = group.client.call("group.getUserGroupsByIds", &parameters).await.map_err(CallError::of_read)?;
    let Some(entries) = answer.value.as_array() else {
        return Err(unclear(&answer, "OK's answer to group.getUserGroupsByIds is no list"));
    };
    let ours = entries.iter().find(|entry| text_of(entry.get("userId")).as_deref() == Some(user));
    let status = ours.and_then(|entry| entry.get("status")?.as_str()).unwrap_or("UNKNOWN");
    let finding = match status {
        "ADMIN" => return Ok(None),
        "MODERATOR" => Finding::remark(
            FindingKind::MayPublishUnsure,
            "the token's user is a moderator of the group; whether moderators may publish depends on the group",
            "publish a first topic by hand under this user, or make the user an administrator",
        ),
        other => Finding::blocking(
            FindingKind::MayNotPublish,
            format!("the token's user has no role in the group that may publish (status {other})"),
            "make the user an administrator of the group",
        ),
    };
    Ok(Some(finding))
}

/// The group's name, or why there is none.
async fn title(group: Group<'_>) -> Result<Result<(String, Answer), Finding>, AdapterError> {
    let answer = match group.client.call("group.getInfo", &[("uids", group.id), ("fields", "uid,name")]).await {
        Err(error) if error.is_permanent() || error.is_code(NO_SUCH_GROUP) => return Ok(Err(no_group(group))),
        other => other.map_err(CallError::of_read)?,
    };
    let entry = answer
        .value
        .as_array()
        .and_then(|groups| groups.iter().find(|entry| text_of(entry.get("uid")).as_deref() == Some(group.id)));
    let title = entry.map(|entry| entry.get("name").and_then(Value::as_str).unwrap_or("without a name").to_owned());
    Ok(title.map(|title| (title, answer)).ok_or_else(|| no_group(group)))
}

const NO_SUCH_GROUP: i64 = 160;

fn no_group(group: Group<'_>) -> Finding {
    Finding::blocking(
        FindingKind::ChannelUnseen,
        format!("OK shows no group with the number {}", group.id),
        "correct group_id: the group's address on OK holds the number, or its settings do",
    )
}

fn unclear(answer: &Answer, reason: &str) -> AdapterError {
    answer.unreadable(reason).of_read()
}
