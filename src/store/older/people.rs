//! Who was kept out after the copy was made stays out.
//!
//! A copy knows passwords and roles of its own day. What the mirror tells to have been taken since is taken again, also
//! from the last administrator: whoever runs the machine gives it back (`vestnik user`). What was given since is not
//! given again, but for roles, which replace each other: a password that was chosen since is not known.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::Rights;
use crate::domain::people::Right;
use crate::journal::VESTNIK;
use crate::journal::event::Right as RightTold;
use crate::journal::later::LaterPerson;
use crate::store::StoreError;
use crate::store::db::fetch_optional;
use crate::store::invitation::take_password;
use crate::store::people::person_of_login_in;
use crate::store::rights::{keep_out, replace_rights};
use crate::store::writer::Tx;

pub(in crate::store) const KNOWS_ORGANISATION: &str = "SELECT 1 FROM organisation WHERE slug = $1";

/// What became of the people, by login.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleTakenUp {
    /// May not come in, as before.
    pub disabled: Vec<String>,
    /// Need another password.
    pub without_password: Vec<String>,
    /// Have the roles of later.
    pub with_other_roles: Vec<String>,
    /// Were added after the copy was made and are lost.
    pub lost: Vec<String>,
}

pub(super) async fn take_up(
    tx: &mut Tx,
    people: &BTreeMap<String, LaterPerson>,
    now: DateTime<Utc>,
) -> Result<PeopleTakenUp, StoreError> {
    let mut taken = PeopleTakenUp::default();
    for (login, since) in people {
        let Some(person) = person_of_login_in(tx, login).await? else {
            taken.lost.extend(since.added.then(|| login.clone()));
            continue;
        };
        if let Some((roles, by)) = &since.rights {
            let rights = known(tx, roles).await?;
            if rights != person.rights {
                replace_rights(tx, &person, &rights, by, now).await?;
                taken.with_other_roles.push(login.clone());
            }
        }
        if since.password && person.has_password {
            take_password(tx, &person, VESTNIK, now, now).await?;
            taken.without_password.push(login.clone());
        }
        if let Some((false, by)) = &since.may_come
            && person.disabled_at.is_none()
        {
            keep_out(tx, &person, by, now, now).await?;
            taken.disabled.push(login.clone());
        }
    }
    Ok(taken)
}

/// Roles in organisations that this database knows.
async fn known(tx: &mut Tx, roles: &[RightTold]) -> Result<Rights, StoreError> {
    let mut rights = Vec::with_capacity(roles.len());
    for RightTold { role, organisation } in roles {
        let Ok(role) = role.parse() else { continue };
        if let Some(slug) = organisation.as_deref()
            && fetch_optional!(tx.sql().await?, (i64,), KNOWS_ORGANISATION, slug)?.is_none()
        {
            continue;
        }
        rights.push(Right { role, organisation: organisation.clone() });
    }
    Ok(Rights::new(rights))
}
