//! `vestnik check` for a site.

use serde::Deserialize;
use serde_json::Value;
use vestnik_contract::{AdapterError, Finding, FindingKind, Health, Told};

use crate::client::{Ask, Client};
use crate::errors::{CREDENTIALS, Failure};
use crate::read::clock;
use crate::terms;

/// What publishing, files and later corrections need, with what is impossible without it.
const NEEDED: [(&str, bool, FindingKind, &str); 4] = [
    ("publish_posts", true, FindingKind::MayNotPublish, "publish"),
    ("upload_files", true, FindingKind::MayNotUpload, "put pictures and documents on the site"),
    ("edit_published_posts", false, FindingKind::MayNotCorrect, "correct a post that is out"),
    ("delete_published_posts", false, FindingKind::MayNotCorrect, "withdraw a post that is out"),
];

#[derive(Debug, Deserialize)]
struct Index {
    #[serde(default)]
    name: String,
    #[serde(default)]
    namespaces: Vec<String>,
    /// A map; PHP writes an empty one as `[]`.
    #[serde(default)]
    authentication: Value,
}

#[derive(Debug, Deserialize)]
struct Me {
    #[serde(default)]
    name: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    capabilities: Value,
}

#[derive(Debug, Deserialize)]
struct Password {
    #[serde(default)]
    name: String,
}

pub(crate) async fn check(client: &Client, categories: &[String]) -> Result<Health, AdapterError> {
    let mut findings = Vec::new();
    let fields = [("_fields", "name,namespaces,authentication")];
    let index = client.ask::<Index>(Ask::get("", &fields)).await.map_err(Failure::of_question)?;
    if !index.value.namespaces.iter().any(|n| n == "wp/v2") {
        findings.push(Finding::blocking(
            FindingKind::SiteUnready,
            "the site's REST interface has no posts (namespace wp/v2)",
            "update WordPress to 5.6 or newer, and turn off what restricts the interface",
        ));
    }
    let site = if index.value.name.is_empty() { client.site().to_string() } else { index.value.name.clone() };
    let query = [("context", "edit"), ("_fields", "name,roles,capabilities")];
    let identity = match client.ask::<Me>(Ask::get("wp/v2/users/me", &query)).await {
        Ok(me) => {
            findings.extend(rights(&me.value));
            findings.extend(unknown_categories(client, categories).await?);
            let role = me.value.roles.join(", ");
            let password =
                password_name(client).await.map(|n| format!(", application password «{n}»")).unwrap_or_default();
            format!("user «{}» ({role}) on «{site}»{password}", me.value.name)
        }
        Err(Failure::Account { told }) => {
            findings.push(stranger(&index.value, &told));
            format!("login «{}» on «{site}», not recognised", client.user())
        }
        Err(other) => return Err(other.of_question()),
    };
    let may_publish = !findings.iter().any(|f| f.blocking);
    Ok(Health { identity, may_publish, findings, clock: clock(&index.reply), credential_expires: None })
}

fn rights(me: &Me) -> Vec<Finding> {
    let may = |capability: &str| me.capabilities.get(capability).and_then(Value::as_bool) == Some(true);
    let missing = NEEDED.iter().filter(|(capability, ..)| !may(capability));
    missing
        .map(|(capability, blocking, kind, what)| Finding {
            kind: *kind,
            blocking: *blocking,
            what: format!("the user «{}» may not {what} (capability {capability} is missing)", me.name),
            todo: "give it the role author in the site's admin area, Users".into(),
        })
        .collect()
}

async fn unknown_categories(client: &Client, slugs: &[String]) -> Result<Option<Finding>, AdapterError> {
    let (_, unknown) = terms::categories(client, slugs).await.map_err(Failure::of_question)?;
    let what = terms::unknown_words(&unknown);
    let what = what.trim_end_matches(';');
    Ok((!unknown.is_empty()).then(|| Finding::blocking(FindingKind::Setting, what, terms::UNKNOWN_TODO)))
}

/// For the administrator who looks for the password to revoke; older sites do not tell.
async fn password_name(client: &Client) -> Option<String> {
    let ask = Ask::get("wp/v2/users/me/application-passwords/introspect", &[("_fields", "name")]);
    client.ask::<Password>(ask).await.ok().map(|a| a.value.name).filter(|n| !n.is_empty())
}

/// A wrong password looks like none; only the index tells whether the site takes application passwords at all.
fn stranger(index: &Index, told: &Told) -> Finding {
    let offered = index.authentication.get("application-passwords").is_some();
    if told.answer.as_ref().is_some_and(|a| a.status == 401) && !offered {
        return Finding::blocking(
            FindingKind::SiteUnready,
            "the site does not take application passwords, so it does not know vestnik's user",
            "make WordPress itself see HTTPS (behind a proxy: HTTPS=on), or allow application passwords in the security \
             plugin (Wordfence turns them off)",
        );
    }
    let (what, todo) = told.reason.split_once("; ").unwrap_or((&told.reason, CREDENTIALS));
    Finding::blocking(FindingKind::Credential, what, todo)
}
