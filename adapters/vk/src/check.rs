//! `vestnik check`: what each credential can do, and what to mend.

use serde::Deserialize;
use vestnik_contract::{AdapterError, Finding, FindingKind, Health, PlatformClock};

use crate::adapter::Vk;
use crate::credentials::Role;
use crate::errors::{Class, Failure};

/// Rights as bits of a token's mask (dev.vk.com, access permissions).
const PHOTOS: i64 = 4;
const WALL: i64 = 8192;
const DOCS: i64 = 131_072;

#[derive(Debug, Deserialize)]
struct Group {
    id: i64,
    #[serde(default)]
    name: String,
    can_post: Option<i64>,
}

/// `{"groups": […]}` in 5.199, a bare array in older versions.
#[derive(Deserialize)]
#[serde(untagged)]
enum Groups {
    Listed { groups: Vec<Group> },
    Bare(Vec<Group>),
}

#[derive(Deserialize)]
struct Permissions {
    mask: i64,
}

/// What was learned so far.
#[derive(Default)]
struct Report {
    name: Option<String>,
    findings: Vec<Finding>,
}

impl Report {
    fn add(&mut self, kind: FindingKind, blocking: bool, what: impl Into<String>, todo: impl Into<String>) {
        let (what, todo) = (what.into(), todo.into());
        // What several calls stumble over is told once.
        match self.findings.iter_mut().find(|f| f.what == what && f.todo == todo) {
            Some(known) => known.blocking |= blocking,
            None => self.findings.push(Finding { kind, blocking, what, todo }),
        }
    }

    /// What a call answered; an error of the account is a finding, any other ends the check.
    fn keep<T>(&mut self, result: Result<T, Failure>, blocking: bool) -> Result<Option<T>, AdapterError> {
        match result {
            Ok(value) => return Ok(Some(value)),
            Err(Failure::NoToken(unusable)) => {
                self.add(FindingKind::Credential, blocking, unusable.what, unusable.todo);
            }
            Err(Failure::Refused(refusal)) if matches!(refusal.class, Class::Person | Class::Never) => {
                let is_ours = refusal.class == Class::Person;
                let kind = if is_ours { FindingKind::Credential } else { FindingKind::Refused };
                self.add(kind, blocking, refusal.what, refusal.todo);
            }
            Err(failure) => return Err(failure.of_question()),
        }
        Ok(None)
    }
}

impl Vk {
    pub(crate) async fn examine(&self) -> Result<Health, AdapterError> {
        let mut report = Report::default();
        let credentials = &self.client.credentials;
        if credentials.has(Role::Community) {
            self.examine_community(&mut report).await?;
        }
        if credentials.has(Role::User) {
            self.examine_user(&mut report).await?;
        }
        self.examine_rights(&mut report);
        if credentials.reader().is_some() {
            let wall = self.page(0, 1).await.map(drop);
            report.keep(wall, true)?;
        }
        let clock = match self.client.server_time().await {
            Ok(clock) => clock,
            Err(failure) => report.keep(Err::<PlatformClock, _>(failure), true)?.unwrap_or_default(),
        };
        let may_publish = !report.findings.iter().any(|f| f.blocking);
        let name = report.name.map(|n| format!(" «{n}»")).unwrap_or_default();
        let held = [(Role::Community, "community key"), (Role::Service, "service key"), (Role::User, "user token")];
        let held: Vec<_> = held.iter().filter(|(role, _)| credentials.has(*role)).map(|(_, name)| *name).collect();
        Ok(Health {
            identity: format!("community{name} (club{}), {}", self.group, held.join(", ")),
            may_publish,
            findings: report.findings,
            clock,
            credential_expires: None,
        })
    }

    async fn examine_community(&self, report: &mut Report) -> Result<(), AdapterError> {
        let role = Some(Role::Community);
        // Without an id a community key is answered its own community.
        let groups = self.groups(role, &[]).await;
        let Some(own) = report.keep(groups, true)?.and_then(|groups| groups.into_iter().next()) else { return Ok(()) };
        if own.id != self.group {
            report.add(
                FindingKind::ChannelUnseen,
                true,
                format!("community_token belongs to the community {} «{}», not to {}", own.id, own.name, self.group),
                "correct group_id, or make the key in the settings of the right community",
            );
            return Ok(());
        }
        report.name = Some(own.name);
        let method = "groups.getTokenPermissions";
        let answer = self.client.call(role, method, &[]).await.and_then(|a| a.read::<Permissions>(method));
        let Some(Permissions { mask }) = report.keep(answer, true)? else { return Ok(()) };
        if mask & WALL == 0 {
            report.add(
                FindingKind::MayNotPublish,
                true,
                "community_token lacks the right to the wall",
                "make a new key in the community's settings with \"wall\" ticked",
            );
        }
        if mask & DOCS == 0 {
            report.add(
                FindingKind::MayNotUpload,
                false,
                "community_token lacks the right to documents, so posts with a document will fail",
                "make a new key in the community's settings with \"documents\" ticked",
            );
        }
        Ok(())
    }

    async fn examine_user(&self, report: &mut Report) -> Result<(), AdapterError> {
        let role = Some(Role::User);
        // Without a community key everything hangs on this token.
        let alone = !self.client.credentials.has(Role::Community);
        let method = "account.getAppPermissions";
        let answer = self.client.call(role, method, &[]).await.and_then(|a| a.read::<i64>(method));
        let Some(mask) = report.keep(answer, true)? else { return Ok(()) };
        if mask & PHOTOS == 0 {
            report.add(
                FindingKind::MayNotUpload,
                false,
                "user_token lacks the right `photos`, so posts with pictures will fail",
                "sign in again and allow access to photos",
            );
        }
        if mask & WALL == 0 {
            let kind = if alone { FindingKind::MayNotPublish } else { FindingKind::MayNotCorrect };
            let what = if alone { "publish, change or delete posts" } else { "change or delete posts" };
            report.add(
                kind,
                alone,
                format!("user_token lacks the right `wall`, so it cannot {what}"),
                "VK grants `wall` on request to its developer support; ask there, or do such changes by hand",
            );
        }
        let asked = [("group_id", self.group.to_string()), ("fields", "can_post".to_owned())];
        let groups = self.groups(role, &asked).await;
        let Some(group) = report.keep(groups, alone)?.and_then(|groups| groups.into_iter().next()) else {
            return Ok(());
        };
        if group.can_post == Some(0) {
            report.add(
                FindingKind::MayNotPublish,
                alone,
                format!("the owner of user_token may not post in «{}»", group.name),
                "make them an editor or administrator of the community, or use another person's token",
            );
        }
        report.name.get_or_insert(group.name);
        Ok(())
    }

    fn examine_rights(&self, report: &mut Report) {
        let credentials = &self.client.credentials;
        if credentials.poster().is_none() {
            report.add(
                FindingKind::Credential,
                true,
                "nothing can be published: there is neither a community_token nor a user_token",
                "make a key in the community's settings (API usage) and give it as community_token",
            );
        }
        if credentials.reader().is_none() {
            report.add(
                FindingKind::MayNotRead,
                true,
                "the wall cannot be read back, so a post whose reply is lost could not be found: there is neither a \
                 service_token nor a user_token",
                "copy the service key from the settings of any application on dev.vk.com and give it as service_token",
            );
        }
        if !credentials.has(Role::User) {
            report.add(
                FindingKind::MayNotUpload,
                false,
                "pictures, changes and withdrawals are impossible without a user_token",
                "give a manager's user_token with `photos` (and `wall`, where VK granted it)",
            );
        }
    }

    async fn groups(&self, role: Option<Role>, params: &[(&'static str, String)]) -> Result<Vec<Group>, Failure> {
        let method = "groups.getById";
        let answer = self.client.call(role, method, params).await?;
        Ok(match answer.read(method)? {
            Groups::Listed { groups } | Groups::Bare(groups) => groups,
        })
    }
}
