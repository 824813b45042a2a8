//! The people of the demo: one of each role.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher as _;

use super::super::told;
use crate::domain::people::Right;
use crate::domain::{Rights, Role};
use crate::office::Office;
use crate::store::NewPerson;

/// Someone who can sign in.
pub(super) struct SignIn {
    pub(super) login: &'static str,
    pub(super) password: String,
    pub(super) name: &'static str,
    pub(super) task: &'static str,
}

/// Who queues what the demo queues.
pub(super) const OFFICER: &str = "Пресс-служба";
/// Who approves.
pub(super) const EDITOR: &str = "Редактор";
/// Who looks after channels and people.
pub(super) const ADMINISTRATOR: &str = "Администратор";

const PEOPLE: [(Role, &str, &str, &str); 4] = [
    (Role::Officer, "press", OFFICER, "writes and queues posts"),
    (Role::Editor, "editor", EDITOR, "does the same, and approves"),
    (Role::Auditor, "auditor", "Аудитор", "reads and exports everything, changes nothing"),
    (Role::Administrator, "admin", ADMINISTRATOR, "looks after channels and people"),
];

/// Gives each role a person with a password of this demo alone.
pub(super) async fn sit_down(office: &Office) -> Result<Vec<SignIn>, String> {
    let mut people = Vec::new();
    for (role, login, name, task) in PEOPLE {
        let password = password();
        let hash = Argon2::default().hash_password(password.as_bytes()).map_err(told)?.to_string();
        let new = NewPerson {
            login: login.to_owned(),
            name: name.to_owned(),
            rights: rights(office, role),
            password: Some(hash),
            by: "demo".into(),
        };
        office.store.add_person(new, office.clock.now()).await.map_err(told)?;
        people.push(SignIn { login, password, name, task });
    }
    Ok(people)
}

/// The role everywhere: at once where it may span all organisations, one by one otherwise.
fn rights(office: &Office, role: Role) -> Rights {
    if role.may_span_all() {
        return Rights::new(vec![Right { role, organisation: None }]);
    }
    let each = office.config.organisations.iter().map(|o| Right { role, organisation: Some(o.slug.clone()) });
    Rights::new(each.collect())
}

fn password() -> String {
    #[expect(clippy::disallowed_methods, reason = "secrets are the one chance that nobody may repeat")]
    let bytes: [u8; 6] = rand::random();
    let digits = hex::encode(bytes);
    format!("try-{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..])
}
