//! Who are we on the channel, and may we post?

use chrono::{DateTime, Utc};
use serde_json::Value;
use vestnik_contract::{AdapterError, Finding, FindingKind, Health};

use crate::adapter::MaxAdapter;
use crate::errors::{Failure, Meaning};
use crate::read::by_header;

/// The bot itself.
pub(crate) struct Me {
    pub(crate) user_id: Option<i64>,
    name: String,
    date: Option<DateTime<Utc>>,
}

/// The bot's place on the channel.
pub(crate) struct Membership {
    is_admin: bool,
    is_owner: bool,
    /// Open list: unknown rights are let be.
    permissions: Vec<String>,
    date: Option<DateTime<Utc>>,
}

impl Membership {
    pub(crate) fn may_read(&self) -> bool {
        self.holds(&["read_all_messages"])
    }

    /// Whether the bot holds a right under any of its names.
    fn holds(&self, names: &[&str]) -> bool {
        self.is_owner || (self.is_admin && self.permissions.iter().any(|p| names.contains(&p.as_str())))
    }
}

impl MaxAdapter {
    pub(crate) async fn me(&self) -> Result<Me, Failure> {
        let answer = self.client.get("/me").await?;
        let text = |key: &str| answer.value[key].as_str().unwrap_or_default();
        let name = match (text("first_name"), text("username")) {
            (first, "") => format!("bot «{first}»"),
            (first, user) => format!("bot «{first}» (@{user})"),
        };
        Ok(Me { user_id: answer.value["user_id"].as_i64(), name, date: answer.date })
    }

    pub(crate) async fn membership(&self) -> Result<Membership, Failure> {
        let answer = self.client.get(&format!("/chats/{}/members/me", self.settings.chat_id)).await?;
        let is = |key: &str| answer.value[key].as_bool().unwrap_or_default();
        let permissions = answer.value["permissions"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(Membership {
            is_admin: is("is_admin"),
            is_owner: is("is_owner"),
            permissions: permissions.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            date: answer.date,
        })
    }

    pub(crate) async fn health(&self) -> Result<Health, AdapterError> {
        let mut findings = Vec::new();
        let me = match self.me().await {
            Ok(me) => me,
            Err(Failure::Untrusted { reason, todo }) => {
                findings.push(Finding::blocking(FindingKind::Certificate, reason, todo));
                return Ok(health("MAX, not reached".into(), findings, None));
            }
            Err(failure) => return Err(failure.of_question()),
        };
        let chat_id = self.settings.chat_id;
        let title = match self.client.get(&format!("/chats/{chat_id}")).await {
            Ok(answer) => {
                channel(&answer.value, chat_id, &mut findings);
                format!("channel «{}» ({chat_id})", answer.value["title"].as_str().unwrap_or_default())
            }
            Err(failure) => {
                out_of_sight(&failure, &mut findings)?;
                format!("channel {chat_id}")
            }
        };
        let mut date = me.date;
        if findings.is_empty() {
            match self.membership().await {
                Ok(membership) => {
                    rights(&membership, &mut findings);
                    date = membership.date;
                }
                Err(failure) => out_of_sight(&failure, &mut findings)?,
            }
        }
        Ok(health(format!("{}, {title}", me.name), findings, date))
    }
}

fn health(identity: String, findings: Vec<Finding>, date: Option<DateTime<Utc>>) -> Health {
    Health {
        identity,
        may_publish: !findings.iter().any(|f| f.blocking),
        findings,
        clock: by_header(date),
        // MAX documents no end of a token.
        credential_expires: None,
    }
}

fn out_of_sight(failure: &Failure, findings: &mut Vec<Finding>) -> Result<(), AdapterError> {
    match (failure.meaning(), failure.status()) {
        (Some(Meaning::NotFound | Meaning::Denied), _) | (Some(Meaning::Nothing), Some(403 | 404)) => {
            findings.push(Finding::blocking(
                FindingKind::ChannelUnseen,
                "the bot does not see the channel",
                "check `chat_id`, and make the bot an administrator of the channel in the MAX application",
            ));
            Ok(())
        }
        _ => Err(failure.of_question()),
    }
}

fn channel(chat: &Value, chat_id: i64, findings: &mut Vec<Finding>) {
    let text = |key: &str| chat[key].as_str().unwrap_or("unknown").to_owned();
    let (kind, status) = (text("type"), text("status"));
    if kind != "channel" {
        findings.push(Finding::blocking(
            FindingKind::ChannelUnseen,
            format!("{chat_id} is not a channel but of type `{kind}`"),
            "set `chat_id` to the id of the organisation's channel",
        ));
    }
    if status != "active" {
        findings.push(Finding::blocking(
            FindingKind::ChannelClosed,
            format!("the channel's status is `{status}`, not `active`"),
            "open the channel in the MAX application and restore it, or the bot's place in it",
        ));
    }
}

fn rights(membership: &Membership, findings: &mut Vec<Finding>) {
    if !membership.is_admin && !membership.is_owner {
        findings.push(Finding::blocking(
            FindingKind::MayNotPublish,
            "the bot is not an administrator of the channel",
            "make it an administrator in the MAX application, with the rights to read all messages, write, edit and delete",
        ));
        return;
    }
    // Older answers name some rights differently.
    if !membership.holds(&["write", "post_edit_delete_message"]) {
        findings.push(Finding::blocking(
            FindingKind::MayNotPublish,
            "the bot may not write in the channel",
            "give it the right `write` in the MAX application",
        ));
    }
    if !membership.may_read() {
        findings.push(Finding::blocking(
            FindingKind::MayNotRead,
            "the bot may not read the channel, so that no post can be verified there",
            "give it the right `read_all_messages` in the MAX application",
        ));
    }
    for (names, what, right) in [
        (["edit", "edit_message"], "the bot may not edit posts, so corrections must be made by hand", "edit"),
        (["delete", "delete_message"], "the bot may not delete posts, so withdrawals must be made by hand", "delete"),
    ] {
        if !membership.holds(&names) {
            let todo = format!("give it the right `{right}` in the MAX application, if vestnik is to do it");
            findings.push(Finding::remark(FindingKind::MayNotCorrect, what, todo));
        }
    }
}
