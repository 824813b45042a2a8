//! What somebody began while they might, and finishes when they may no more: it is as if they had come now.

use reqwest::{Method, RequestBuilder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Position;
use vestnik::domain::draft::DraftState;
use vestnik::domain::{PersonId, Role};
use vestnik::office::people::TokenWish;

use super::browser::Browser;
use super::drafts::{TEXT, fields, kept, with_approval, written};
use super::files;
use super::house::{House, OWN, PASSWORD};
use super::pictures;

/// A request whose head has arrived, and whose body has not.
struct Begun {
    line: TcpStream,
    body: Vec<u8>,
}

impl Begun {
    /// Sends the head, and waits until the desk asks for the body.
    async fn of(request: RequestBuilder) -> Self {
        let request = request.build().unwrap();
        let body = request.body().and_then(|body| body.as_bytes()).unwrap().to_vec();
        let (url, length) = (request.url(), body.len());
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let mut head = format!("{} {} HTTP/1.1\r\nhost: {host}\r\n", request.method(), &url[Position::BeforePath..]);
        for (name, value) in request.headers() {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
        head += &format!("content-length: {length}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n");
        let mut line = TcpStream::connect(host).await.unwrap();
        line.write_all(head.as_bytes()).await.unwrap();
        let mut asked = *b"HTTP/1.1 100 Continue\r\n\r\n";
        line.read_exact(&mut asked).await.unwrap();
        assert!(asked.starts_with(b"HTTP/1.1 100 "), "{}", String::from_utf8_lossy(&asked));
        Self { line, body }
    }

    /// A form of a page.
    async fn form(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Self {
        let token = browser.token().await;
        let form = [&[("csrf", token.as_str())], fields].concat();
        Self::of(browser.request(Method::POST, path).form(&form)).await
    }

    /// A form with a picture, as the script of the composer sends it, or a browser without scripts.
    async fn picture(browser: &Browser, path: &str, by_script: bool) -> Self {
        let mut body = format!(
            "--b\r\ncontent-disposition: form-data; name=\"organisation\"\r\n\r\n{OWN}\r\n\
             --b\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nШкола\r\n\
             --b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.png\"\r\n\r\n"
        )
        .into_bytes();
        body.extend(pictures::png(4, 4));
        body.extend(b"\r\n--b--\r\n");
        let kind = if by_script { "application/json" } else { "text/html" };
        let request = browser.request(Method::POST, path).header("accept", kind);
        let request = request.header("x-csrf-token", browser.token().await);
        Self::of(request.header("content-type", "multipart/form-data; boundary=b").body(body)).await
    }

    /// Sends the whole body before it reads anything; gives the whole answer.
    async fn finish(mut self) -> String {
        self.line.write_all(&self.body).await.unwrap();
        let mut answer = Vec::new();
        self.line.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends the body; whoever sent it is led to the door.
    async fn must_be_at_the_door(self) {
        let answer = self.finish().await;
        assert!(answer.starts_with("HTTP/1.1 303 ") && answer.contains("location: /sign-in"), "{answer}");
    }

    /// Sends the body; the answer is a failure of this status and code.
    async fn must_fail(self, status: u16, code: &str) {
        let answer = self.finish().await;
        let code = format!("\"code\":\"{code}\"");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.contains(&code), "{answer}");
    }
}

async fn one_with(house: &House, role: Role, organisation: Option<&str>) -> (PersonId, Browser) {
    let (id, login) = house.person(&[(role, organisation)]).await;
    let browser = house.visitor();
    browser.sign_in(&login, PASSWORD).await;
    (id, browser)
}

async fn disable(house: &House, person: PersonId) {
    house.administrator().await.post(&format!("/people/{person}/disable"), &[]).await.must_be(303);
}

async fn make_auditor(house: &House, person: PersonId) {
    let form = [("right", "auditor@gorod")];
    house.administrator().await.post(&format!("/people/{person}/rights"), &form).await.must_be(303);
}

#[tokio::test]
async fn who_is_disabled_meanwhile_lets_nobody_in() {
    let house = House::open().await;
    let (id, administrator) = one_with(&house, Role::Administrator, None).await;
    let form = [("login", "friend"), ("name", "Друг"), ("right", "administrator@*")];
    let begun = Begun::form(&administrator, "/people", &form).await;
    disable(&house, id).await;
    begun.must_be_at_the_door().await;
    assert_eq!(house.office.store.person_of_login("friend").await.unwrap(), None);
}

#[tokio::test]
async fn who_is_disabled_or_signs_out_meanwhile_queues_nothing() {
    let house = House::open().await;
    let (id, officer) = one_with(&house, Role::Officer, Some(OWN)).await;
    let draft = written(&officer, "Школа").await;
    let (path, form) = (format!("/drafts/{draft}/queue"), fields("1", "Школа", TEXT));
    let begun = Begun::form(&officer, &path, &form).await;
    disable(&house, id).await;
    begun.must_be_at_the_door().await;

    let other = house.officer().await;
    let begun = Begun::form(&other, &path, &form).await;
    other.post("/sign-out", &[]).await.must_be(303);
    begun.must_be_at_the_door().await;
    assert_eq!(house.posts().await.len(), 0);
}

#[tokio::test]
async fn who_is_an_editor_no_more_approves_nothing() {
    let house = with_approval().await;
    let officer = house.officer().await;
    let draft = written(&officer, "Школа").await;
    officer.post(&format!("/drafts/{draft}/submit"), &fields("1", "Школа", TEXT)).await.must_be(303);
    let (id, editor) = one_with(&house, Role::Editor, Some(OWN)).await;
    let begun = Begun::form(&editor, &format!("/drafts/{draft}/approve"), &[("version", "1")]).await;
    make_auditor(&house, id).await;
    let answer = begun.finish().await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_eq!(kept(&house, draft).await.state, DraftState::Submitted);
}

#[tokio::test]
async fn files_of_who_may_no_more_are_not_kept_and_their_draft_is_not_saved() {
    let house = House::open().await;
    let (id, officer) = one_with(&house, Role::Officer, Some(OWN)).await;
    let draft = written(&officer, "Набросок").await;
    let begun = Begun::picture(&officer, "/files", true).await;
    let with_its_draft = Begun::picture(&officer, &format!("/files?draft={draft}"), false).await;
    make_auditor(&house, id).await;
    begun.must_fail(403, "not-allowed").await;
    let answer = with_its_draft.finish().await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");

    let (id, officer) = one_with(&house, Role::Officer, Some(OWN)).await;
    let begun = Begun::picture(&officer, "/files", true).await;
    let with_its_draft = Begun::picture(&officer, &format!("/files?draft={draft}"), false).await;
    disable(&house, id).await;
    begun.must_fail(401, "sign-in-first").await;
    with_its_draft.must_be_at_the_door().await;
    assert_eq!(files::kept(&house).len(), 0);
    assert_eq!(kept(&house, draft).await.content.title, "Набросок");
}

#[tokio::test]
async fn a_program_whose_token_ends_meanwhile_does_nothing() {
    let house = House::open().await;
    let (id, _) = house.person(&[(Role::Officer, Some(OWN))]).await;
    let person = house.office.store.person(id).await.unwrap().unwrap();
    let wish = TokenWish { label: "сайт".into(), role: Role::Officer, organisation: None, days: 30 };
    let token = house.office.make_token(&person, PASSWORD, wish).await.unwrap();
    let browser = house.visitor();
    let call = |path: &str| browser.request(Method::POST, &format!("/api/v1{path}")).bearer_auth(&token);
    let post = serde_json::json!({"title": "Школа", "body": "Открыта."});
    let post = Begun::of(call("/posts").json(&post)).await;
    let file = Begun::of(call("/media?name=a.png").body(pictures::png(4, 4))).await;
    disable(&house, id).await;
    post.must_fail(401, "no-token").await;
    file.must_fail(401, "no-token").await;
    assert_eq!((house.posts().await.len(), files::kept(&house).len()), (0, 0));
}

#[tokio::test]
async fn who_sends_far_too_much_before_reading_anything_reads_why_it_was_refused() {
    let house = House::open().await;
    let officer = house.officer().await;
    let draft = written(&officer, "Школа").await;
    let endless = "я".repeat(5_000_000);
    let begun = Begun::form(&officer, &format!("/drafts/{draft}"), &fields("1", "Школа", &endless)).await;
    let answer = begun.finish().await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("2,1 МБ"), "{}", &answer[..200]);
}
