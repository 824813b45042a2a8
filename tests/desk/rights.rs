//! Every address × every role, in the own organisation, in a foreign one and spanning all.
//!
//! The addresses are read from the sources: one that is on neither list below breaks the first test.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::json;
use vestnik::domain::draft::DraftContent;
use vestnik::domain::{DraftId, Role};
use vestnik::office::people::TokenWish;
use vestnik::store::NewDraft;
use vestnik_contract::Clock as _;

use super::browser::Browser;
use super::house::{FOREIGN, House, OWN, PASSWORD};
use super::people::count;
use super::rights_table::{OPEN, ROWS, Row};

/// The columns of the table, in order.
const COLUMNS: [&str; 8] = [
    "nobody",
    "officer",
    "editor",
    "auditor",
    "administrator",
    "everything elsewhere",
    "auditor of all",
    "administrator of all",
];

/// Somebody at a desk, with a token of a program of theirs.
struct Visitor {
    browser: Browser,
    token: Option<String>,
}

impl Visitor {
    async fn with(house: &House, roles: &[(Role, Option<&str>)], role: Role) -> Self {
        let (id, login) = house.person(roles).await;
        let browser = house.visitor();
        browser.sign_in(&login, PASSWORD).await;
        let person = house.office.store.person(id).await.unwrap().unwrap();
        let wish = TokenWish { label: "проверка".into(), role, organisation: None, days: 1 };
        Self { browser, token: Some(house.office.make_token(&person, PASSWORD, wish).await.unwrap()) }
    }
}

async fn everybody(house: &House) -> Vec<Visitor> {
    let mut visitors = vec![Visitor { browser: house.visitor(), token: None }];
    for role in [Role::Officer, Role::Editor, Role::Auditor, Role::Administrator] {
        visitors.push(Visitor::with(house, &[(role, Some(OWN))], role).await);
    }
    let all_roles: Vec<_> = Role::ALL.iter().map(|role| (*role, Some(FOREIGN))).collect();
    visitors.push(Visitor::with(house, &all_roles, Role::Editor).await);
    for role in [Role::Auditor, Role::Administrator] {
        visitors.push(Visitor::with(house, &[(role, None)], role).await);
    }
    visitors
}

/// What became of a request: `D` led to the door, `F` forbidden, `N` nothing there, `+` let in, `!` anything else.
/// Whether `N` is a refusal, or `n` and nothing of the kind, the journal tells.
async fn outcome(row: &Row, path: &str, visitor: &Visitor) -> char {
    let (method, _) = row.route.split_once(' ').unwrap();
    let method: Method = method.parse().unwrap();
    let mut request = visitor.browser.request(method.clone(), path);
    if path.starts_with("/api/v1/") {
        if let Some(token) = &visitor.token {
            request = request.bearer_auth(token);
        }
        if method != Method::GET {
            let body: serde_json::Map<_, _> = row.form.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
            request = request.header("if-match", "*").json(&body);
        }
    } else if row.route == "POST /files" {
        request = upload(&visitor.browser).await;
    } else if method != Method::GET {
        let token = visitor.browser.token().await;
        let mut form = vec![("csrf", token.as_str())];
        form.extend_from_slice(row.form);
        request = request.form(&form);
    }
    // The body is left where it is: one of them never ends.
    let answer = request.send().await.unwrap();
    let to = answer.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or_default();
    match answer.status() {
        StatusCode::UNAUTHORIZED => 'D',
        StatusCode::SEE_OTHER if to.starts_with("/sign-in") => 'D',
        StatusCode::FORBIDDEN => 'F',
        StatusCode::NOT_FOUND => 'N',
        status if status.is_server_error() || status == StatusCode::METHOD_NOT_ALLOWED => '!',
        _ => '+',
    }
}

/// A new draft of the own organisation.
async fn draft(house: &House) -> DraftId {
    let store = &house.office.store;
    let id = store.draft_id(OWN, house.clock.now());
    let content =
        DraftContent { title: "Новость".into(), body: "Текст.".into(), ..DraftContent::default() };
    let new = NewDraft { id, organisation: OWN.into(), edits: None, content, by: "Офицер".into() };
    store.make_draft(new, house.clock.now()).await.unwrap();
    id
}

/// Sends a small picture to the own organisation.
async fn upload(browser: &Browser) -> reqwest::RequestBuilder {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let part = Part::bytes(bytes.into_inner()).file_name("школа.png");
    let form = Form::new().text("organisation", OWN).part("files", part);
    let request = browser.request(Method::POST, "/files").header("accept", "application/json");
    request.header("x-csrf-token", browser.token().await).multipart(form)
}

/// The name of a picture that this person brought.
async fn picture_of(browser: &Browser) -> String {
    let answer = browser.send(upload(browser).await).await.must_be(201).json();
    let url = answer["files"][0]["url"].as_str().unwrap();
    url.trim_start_matches("/files/").to_owned()
}

/// Rows that are tried in one house: the journal is told of so many refusals of one person and no more.
const ROWS_OF_A_HOUSE: usize = 20;

#[tokio::test]
async fn every_role_gets_through_the_doors_that_are_its_own_and_every_refusal_is_noted() {
    let mut wrong = Vec::new();
    for rows in ROWS.chunks(ROWS_OF_A_HOUSE) {
        wrong.extend(tried(rows).await);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What went otherwise than the table says.
async fn tried(rows: &[Row]) -> Vec<String> {
    let house = House::open().await;
    let visitors = everybody(&house).await;
    let (person, _) = house.person(&[(Role::Officer, Some(OWN))]).await;
    house.queue("Начало журнала", "").await;
    let file = picture_of(&visitors[1].browser).await;
    let mut wrong = Vec::new();
    let mut noted = count(&house, "person.refused").await;
    for (nth, row) in rows.iter().enumerate() {
        let mut path = row.path.replace("{person}", &person.to_string());
        if path.contains("{post}") {
            path = path.replace("{post}", &house.queue(&format!("Правила {nth}"), "").await.to_string());
        }
        if path.contains("{draft}") {
            path = path.replace("{draft}", &draft(&house).await.to_string());
        }
        path = path.replace("{file}", &file);
        let expected: Vec<char> = row.may.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(expected.len(), COLUMNS.len(), "{}", row.route);
        for (column, visitor) in visitors.iter().enumerate() {
            let mut got = outcome(row, &path, visitor).await;
            let (before, now) = (noted, count(&house, "person.refused").await);
            noted = now;
            match (got, now - before) {
                ('N', 0) => got = 'n',
                ('F' | 'N', 1) | (_, 0) => {}
                (_, entries) => {
                    let (route, who) = (row.route, COLUMNS[column]);
                    wrong.push(format!("{route} ({path}): {who} got {got}, and the journal {entries} refusals"));
                }
            }
            if got == 'F' && now == before {
                wrong.push(format!("{} ({path}): that {} was refused is not noted", row.route, COLUMNS[column]));
            }
            if got != expected[column] {
                let (route, who, meant) = (row.route, COLUMNS[column], expected[column]);
                wrong.push(format!("{route} ({path}): {who} should get {meant} and got {got}"));
            }
        }
    }
    wrong
}

#[tokio::test]
async fn what_is_open_is_there() {
    let house = House::open().await;
    let nobody = house.visitor();
    for (route, _) in OPEN {
        let Some(path) = route.strip_prefix("GET ").filter(|path| !path.contains('{') && *path != "/metrics") else {
            continue;
        };
        let status = nobody.get(path).await.status;
        assert!(status.is_success() || status.is_redirection() || status == 503, "{path}: {status}");
    }
}

#[test]
fn every_address_of_the_desk_is_on_a_list() {
    let listed: BTreeSet<String> =
        ROWS.iter().map(|row| row.route.to_owned()).chain(OPEN.iter().map(|(route, _)| (*route).to_owned())).collect();
    let routed = routes();
    let missing: Vec<_> = routed.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&routed).collect();
    assert!(missing.is_empty(), "say in rights_table.rs who may use {missing:#?}");
    assert!(gone.is_empty(), "rights_table.rs names what is no address: {gone:#?}");
    assert!(routed.len() > 40, "only {} addresses were found; are they looked for rightly?", routed.len());
}

/// Every method and path that the sources route.
fn routes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in sources(Path::new("src/web")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for rest in text.split(".route(").skip(1) {
            let arguments = balanced(rest);
            let (path, handlers) = arguments.split_once(',').unwrap();
            let path = match path.trim().strip_prefix('"') {
                Some(path) => path.trim_end_matches('"').to_owned(),
                None => constant(text, path.trim()),
            };
            let methods = ["get", "post", "put", "patch", "delete", "any"].iter().filter(|m| calls(handlers, m));
            let before = found.len();
            found.extend(methods.map(|m| format!("{} {path}", m.to_uppercase())));
            assert!(found.len() > before, "{}: no method for {path}, or it is routed twice", file.display());
        }
        for rest in text.split("#[utoipa::path(").skip(1) {
            let method = rest.trim_start().split(',').next().unwrap().to_uppercase();
            let path = rest.split("path = \"").nth(1).and_then(|p| p.split('"').next()).unwrap();
            found.insert(format!("{method} /api/v1{path}"));
        }
    }
    found
}

/// What stands before the bracket that ends a call.
fn balanced(text: &str) -> &str {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// Whether a text calls this function.
fn calls(text: &str, name: &str) -> bool {
    let named = format!("{name}(");
    text.match_indices(&named)
        .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':')))
}

/// The value of a constant of the same file.
fn constant(text: &str, name: &str) -> String {
    let value = text.split(&format!("const {name}: &str = \"")).nth(1);
    value.and_then(|v| v.split('"').next()).unwrap_or_else(|| panic!("what is {name}?")).to_owned()
}

fn sources(under: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}
