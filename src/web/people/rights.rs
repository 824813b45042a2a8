//! Roles as a form: a box for every role that the visitor may give, organisation by organisation.

use crate::domain::Role;
use crate::domain::people::Right;
use crate::office::Ruler;
use crate::store::Person;
use crate::web::page::Page;
use crate::web::{Desk, WebError};

/// In forms: all organisations.
const ALL: &str = "*";

/// The boxes of one organisation.
pub(super) struct Group {
    /// The organisation's name; `None`: all of them.
    pub organisation: Option<String>,
    pub boxes: Vec<RoleBox>,
}

pub(super) struct RoleBox {
    pub role: Role,
    /// What the form sends: `officer@gorod`.
    pub value: String,
    pub is_checked: bool,
}

/// The boxes that the visitor may tick, as they stand.
pub(super) fn groups(desk: &Desk, by: Ruler<'_>, rights: &[Right]) -> Vec<Group> {
    let group = |organisation: Option<&str>, name: Option<&str>| {
        let fits = |role: &&Role| organisation.is_some() || role.may_span_all();
        let boxes = Role::ALL.iter().filter(fits).map(|role| RoleBox {
            role: *role,
            value: format!("{role}@{}", organisation.unwrap_or(ALL)),
            is_checked: rights.iter().any(|r| r.role == *role && r.organisation.as_deref() == organisation),
        });
        Group { organisation: name.map(ToOwned::to_owned), boxes: boxes.collect() }
    };
    let all = by.rules(None).then(|| group(None, None));
    let own = desk.office.config.organisations.iter().filter(|o| by.rules(Some(&o.slug)));
    own.map(|o| group(Some(&o.slug), Some(&o.name))).chain(all).collect()
}

/// What a form sent.
pub(super) fn sent(values: &[String]) -> Result<Vec<Right>, WebError> {
    let right = |value: &String| {
        let (role, organisation) = value.split_once('@')?;
        let organisation = (organisation != ALL).then(|| organisation.to_owned());
        Some(Right { role: role.parse().ok()?, organisation })
    };
    values.iter().map(|value| right(value).ok_or(WebError::NotFound)).collect()
}

/// A person's roles in words, as far as the visitor may know of them.
pub(super) fn in_words(desk: &Desk, page: &Page, by: Ruler<'_>, person: &Person) -> Vec<String> {
    let known = person.rights.all().iter().filter(|r| r.organisation.as_deref().is_none_or(|o| by.rules(Some(o))));
    let words = known.map(|right| {
        let role = page.t(format!("role-{}", right.role)).to_string();
        match right.organisation.as_deref() {
            None => page.t("people-role-everywhere").with("role", role).to_string(),
            Some(slug) => {
                let name = desk.office.config.organisation(slug).map_or(slug, |o| o.name.as_str()).to_owned();
                page.t("people-role-there").with("role", role).with("organisation", name).to_string()
            }
        }
    });
    words.collect()
}
