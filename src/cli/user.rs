//! `vestnik user`: who works at the desk, for whoever keeps the machine.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::str::FromStr;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::output::{Output, rfc3339, table};
use super::{Common, Done, Failure};
use crate::config::Config;
use crate::domain::people::Right;
use crate::domain::{PersonId, Role};
use crate::office::people::{Colleague, INVITATION_DAYS, Invited};
use crate::office::{Office, PeopleError, Ruler};
use crate::store::Person;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a person and print the one-time address at which they choose a password.
    Add {
        /// What they will type to sign in.
        login: String,
        /// What will stand in the journal.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        roles: Roles,
    },
    /// Everyone, with their roles.
    List,
    /// Give a person these roles instead of the ones they have.
    Rights {
        /// The person.
        login: String,
        #[command(flatten)]
        roles: Roles,
    },
    /// Let a person in no more: sessions, tokens and one-time addresses end at once.
    Disable {
        /// The person.
        login: String,
    },
    /// Let a person in again.
    Enable {
        /// The person.
        login: String,
    },
    /// Take a person's password, sessions and tokens and print a one-time address for another password.
    Reset {
        /// The person.
        login: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Roles {
    /// officer, editor, auditor or administrator; the last two without @ORGANISATION span all. May be given often.
    #[arg(long = "role", value_name = "ROLE[@ORGANISATION]", required = true)]
    roles: Vec<RoleWish>,
}

#[derive(Debug, Clone)]
struct RoleWish {
    role: Role,
    organisation: Option<String>,
}

impl FromStr for RoleWish {
    type Err = crate::domain::names::UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (role, organisation) = match text.split_once('@') {
            Some((role, organisation)) => (role, Some(organisation.to_owned())),
            None => (text, None),
        };
        Ok(Self { role: role.parse()?, organisation })
    }
}

impl Roles {
    /// The only organisation is meant where none is named and the role cannot span all.
    fn rights(self, office: &Office) -> Vec<Right> {
        let only = match office.config.organisations.as_slice() {
            [only] => Some(only.slug.clone()),
            _ => None,
        };
        let right = |wish: RoleWish| {
            let meant = || only.clone().filter(|_| !wish.role.may_span_all());
            Right { role: wish.role, organisation: wish.organisation.clone().or_else(meant) }
        };
        self.roles.into_iter().map(right).collect()
    }
}

pub(super) async fn run(command: Command, common: &Common, output: Output) -> Done {
    let obey = async |office: &Office| {
        let actor = common.actor()?;
        let by = Ruler::Console(&actor);
        match command {
            Command::Add { login, name, roles } => {
                let invited = office.add_person(Colleague { login, name, rights: roles.rights(office) }, by).await?;
                print_address(office, output, &invited, "may work at the desk");
            }
            Command::List => print_people(office, output, &office.people(by).await?),
            Command::Rights { login, roles } => {
                office.change_rights(of_login(office, &login).await?, roles.rights(office), by).await?;
                output.print(&json!({"login": login, "changed": true}), || format!("{login} has these roles now"));
            }
            Command::Disable { login } => {
                office.disable_person(of_login(office, &login).await?, by).await?;
                output
                    .print(&json!({"login": login, "enabled": false}), || format!("{login} may not sign in any more"));
            }
            Command::Enable { login } => {
                office.enable_person(of_login(office, &login).await?, by).await?;
                output.print(&json!({"login": login, "enabled": true}), || format!("{login} may sign in again"));
            }
            Command::Reset { login } => {
                let invited = office.reset_password(of_login(office, &login).await?, by).await?;
                print_address(office, output, &invited, "has no password now");
            }
        }
        Ok(ExitCode::SUCCESS)
    };
    common.in_office(obey).await
}

async fn of_login(office: &Office, login: &str) -> Result<PersonId, Failure> {
    Ok(office.store.person_of_login(login).await?.ok_or(PeopleError::Nobody)?.id)
}

fn print_address(office: &Office, output: Output, invited: &Invited, what: &str) {
    let address = at_desk(&office.config, office.config.server.listen, &invited.path);
    let value = json!({
        "id": invited.person.to_string(), "login": invited.login, "address": address, "good_for_days": INVITATION_DAYS,
    });
    output.print(&value, || {
        format!(
            "{} {what}. The password is chosen at this address, once, within {INVITATION_DAYS} days:\n\n  {address}\n\n\
             Hand it over so that nobody else sees it: it is not shown again.",
            invited.login
        )
    });
}

/// The whole address of a path at the desk.
pub(super) fn at_desk(config: &Config, listens: SocketAddr, path: &str) -> String {
    match &config.server.public_url {
        Some(url) => format!("{}{path}", url.as_str().trim_end_matches('/')),
        None => format!("http://{listens}{path}"),
    }
}

fn print_people(office: &Office, output: Output, people: &[Person]) {
    let roles = |person: &Person| -> Vec<Value> {
        person.rights.all().iter().map(|r| json!({"role": r.role.name(), "organisation": r.organisation})).collect()
    };
    let value: Vec<_> = people
        .iter()
        .map(|p| {
            json!({
                "id": p.id.to_string(), "login": p.login, "name": p.name, "access": p.access(), "roles": roles(p),
                "created_at": rfc3339(p.created_at), "disabled_at": p.disabled_at.map(rfc3339),
            })
        })
        .collect();
    output.print(&value, || {
        if people.is_empty() {
            return "Nobody works at the desk yet: `vestnik user add`, or start `vestnik serve` and open the address that \
                    it prints."
                .into();
        }
        let told = |right: &Right| match &right.organisation {
            Some(organisation) => format!("{}@{organisation}", right.role),
            None => format!("{} (all)", right.role),
        };
        let rows = people.iter().map(|p| {
            let roles = p.rights.all().iter().map(told).collect::<Vec<_>>().join(", ");
            let zone = office.config.organisations.first().map_or(chrono_tz::UTC, |o| o.zone);
            let since = crate::domain::wall_time::show(p.created_at, zone);
            [p.login.clone(), p.name.clone(), roles, p.access().into(), since]
        });
        table(["login", "name", "roles", "access", "since"], rows)
    });
}
