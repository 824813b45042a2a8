//! Files at the desk: who may bring and see them, what is cut off, what is refused, what a draft looks like with them.

use std::path::PathBuf;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use vestnik::domain::Role;
use vestnik_sandbox::town::Platform;

use super::browser::{Answer, Browser};
use super::house::{House, OWN};
use super::pictures;

/// Sends files as the script of the composer does.
pub async fn upload(browser: &Browser, organisation: &str, files: &[(&str, Vec<u8>)]) -> Answer {
    let token = browser.token().await;
    let mut form = Form::new().text("organisation", organisation.to_owned());
    for (name, bytes) in files {
        form = form.part("files", Part::bytes(bytes.clone()).file_name((*name).to_owned()));
    }
    let request = browser.request(Method::POST, "/files").header("accept", "application/json");
    browser.send(request.header("x-csrf-token", token).multipart(form)).await
}

pub async fn one(browser: &Browser, name: &str, bytes: Vec<u8>) -> Value {
    upload(browser, OWN, &[(name, bytes)]).await.must_be(201).json()["files"][0].clone()
}

/// Everything in the media folder, whatever it is.
pub fn kept(house: &House) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![house.office.config.media.dir.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

#[tokio::test]
async fn a_picture_is_taken_cleaned_and_shown_again() {
    let house = House::open().await;
    let officer = house.officer().await;
    let sent = pictures::jpeg_with_place(900, 600, 1);
    assert!(pictures::tells_place(&sent));
    let file = one(&officer, "../../школа\u{202e}.jpg", sent).await;
    assert_eq!((file["kind"].as_str(), file["size"][0].as_u64()), (Some("picture"), Some(900)));
    assert_eq!(file["name"], "школа.jpg", "a name is a label, not a place");
    let item = file["html"].as_str().unwrap();
    assert!(item.contains("name=\"media.alt\"") && item.contains("школа.jpg"), "{item}");

    let whole = officer.get(file["url"].as_str().unwrap()).await.must_be(200);
    assert!(!pictures::tells_place(&whole.body), "the place went out with it");
    let header = |answer: &Answer, name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header(&whole, "content-type"), "image/jpeg");
    assert_eq!(header(&whole, "x-content-type-options"), "nosniff");
    assert!(header(&whole, "content-security-policy").contains("sandbox"));
    assert!(header(&whole, "content-disposition").starts_with("inline; filename*=UTF-8''"));

    let small = officer.get(file["small"].as_str().unwrap()).await.must_be(200);
    assert_eq!(pictures::size(&small.body), (480, 320));
    let again = officer.request(Method::GET, file["small"].as_str().unwrap());
    officer.send(again.header("if-none-match", header(&small, "etag"))).await.must_be(304);
}

#[tokio::test]
async fn a_small_picture_is_never_made_larger_and_a_sideways_one_stands() {
    let house = House::open().await;
    let officer = house.officer().await;
    let file = one(&officer, "a.jpg", pictures::jpeg_with_place(60, 40, 6)).await;
    assert_eq!((file["size"][0].as_u64(), file["size"][1].as_u64()), (Some(40), Some(60)), "it was turned");
    let small = officer.get(file["small"].as_str().unwrap()).await.must_be(200);
    assert_eq!(pictures::size(&small.body), (40, 60));
}

#[tokio::test]
async fn a_document_is_saved_under_its_name_and_has_no_small_copy() {
    let house = House::open().await;
    let officer = house.officer().await;
    let file = one(&officer, "приказ \"7\".pdf", b"%PDF-1.7\n".to_vec()).await;
    assert_eq!((file["kind"].as_str(), file["small"].is_null()), (Some("document"), true));
    let url = file["url"].as_str().unwrap();
    let answer = officer.get(url).await.must_be(200);
    let disposition = answer.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename*=UTF-8''%D0%BF"), "{disposition}");
    officer.get(&format!("{url}/small")).await.must_be(404);
}

#[tokio::test]
async fn files_belong_to_an_organisation_and_to_those_who_may_read_it() {
    let house = House::open().await;
    let officer = house.officer().await;
    let file = one(&officer, "a.png", pictures::png(4, 4)).await;
    let paths = [file["url"].as_str().unwrap(), file["small"].as_str().unwrap()];
    let (auditor, stranger, visitor) = (house.auditor().await, house.stranger().await, house.visitor());
    for path in paths {
        auditor.get(path).await.must_be(200);
        stranger.get(path).await.must_be(404);
        visitor.get(path).await.must_be(303);
    }
    officer.get(&format!("/files/{}", "0".repeat(64))).await.must_be(404);
    officer.get("/files/..%2F..%2Fconfig.toml").await.must_be(404);
    // The same bytes of another organisation are that one's file: seen under its own right, not through a foreign one.
    upload(&stranger, OWN, &[("a.png", pictures::png(4, 4))]).await.must_be(404);
    upload(&auditor, OWN, &[("a.png", pictures::png(4, 4))]).await.must_be(403);
    stranger.get(paths[0]).await.must_be(404);
}

#[tokio::test]
async fn a_file_of_a_post_from_the_command_line_is_seen_by_its_organisation() {
    let house = House::open().await;
    std::fs::write(house.path("school.png"), pictures::png(8, 8)).unwrap();
    let post = house.queue("Школа", "media: [{file: school.png, alt: Школа}]").await;
    let media = house.office.store.post_view(post).await.unwrap().content.media.remove(0);
    let path = format!("/files/{}", media.sha256);
    house.auditor().await.get(&path).await.must_be(200);
    house.stranger().await.get(&path).await.must_be(404);
}

#[tokio::test]
async fn what_is_refused_is_told_and_leaves_nothing() {
    let house = House::open().await;
    let officer = house.officer().await;
    let script = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let cut = pictures::jpeg_with_place(64, 64, 1);
    let cut = cut[..cut.len() - 20].to_vec();
    for (name, bytes, status, code, told) in [
        ("a.svg", script.clone(), 422, "file-markup", "HTML, SVG или XML"),
        ("a.jpg", script, 422, "file-named-like-picture", "внутри не картинка"),
        ("a.png", pictures::bomb(), 422, "file-too-many-pixels", "65000 × 65000"),
        ("a.jpg", cut, 422, "file-broken", "повреждена или обрывается"),
        ("a.png", pictures::half(), 422, "file-broken", "повреждена или обрывается"),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), 422, "file-telling", "Сохраните её как JPEG"),
        ("a.txt", Vec::new(), 422, "file-empty", "пустой"),
        ("a.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".to_vec(), 422, "file-other", "не принимаются"),
    ] {
        let answer = upload(&officer, OWN, &[(name, bytes)]).await.must_be(status).json();
        assert_eq!(answer["code"], code);
        assert!(answer["title"].as_str().unwrap().contains(told), "{answer}");
    }
    assert_eq!(kept(&house), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn more_bytes_than_are_allowed_end_the_upload() {
    let edit =
        |config: String| config.replace("[media]\n", "[media]\npicture_bytes_max = 2000\ndocument_bytes_max = 3000\n");
    let house = House::with(&[Platform::Max], edit).await;
    let officer = house.officer().await;
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.resize(3001, b' ');
    let answer = upload(&officer, OWN, &[("a.pdf", pdf.clone())]).await.must_be(413).json();
    assert_eq!(answer["code"], "file-too-large", "{answer}");
    assert!(answer["title"].as_str().unwrap().contains("можно до 3 КБ"), "{answer}");
    assert_eq!(kept(&house), Vec::<PathBuf>::new());
    pdf.truncate(3000);
    upload(&officer, OWN, &[("a.pdf", pdf)]).await.must_be(201);
}

#[tokio::test]
async fn a_form_without_its_token_is_not_read() {
    let house = House::open().await;
    let officer = house.officer().await;
    let form =
        || Form::new().text("organisation", OWN).part("files", Part::bytes(pictures::png(4, 4)).file_name("a.png"));
    for token in [None, Some("0".repeat(64))] {
        let mut request =
            officer.request(Method::POST, "/files").header("accept", "application/json").multipart(form());
        if let Some(token) = token {
            request = request.header("x-csrf-token", token);
        }
        officer.send(request).await.must_be(403);
    }
    // In a form without scripts the token comes first.
    let token = officer.token().await;
    let late = form().text("csrf", token.clone());
    officer.send(officer.request(Method::POST, "/files").multipart(late)).await.must_be(403);
    assert_eq!(kept(&house), Vec::<PathBuf>::new());
    let first = Form::new()
        .text("csrf", token)
        .text("organisation", OWN)
        .part("files", Part::bytes(pictures::png(4, 4)).file_name("a.png"));
    officer.send(officer.request(Method::POST, "/files?draft=x").multipart(first)).await.must_be(404);
    assert_eq!(kept(&house).len(), 1);
}

#[tokio::test]
async fn fields_are_bounded_together_and_not_one_by_one() {
    let house = House::open().await;
    let officer = house.officer().await;
    let token = officer.token().await;
    let send = async |form: Form| {
        let request = officer.request(Method::POST, "/files").header("accept", "application/json");
        officer.send(request.header("x-csrf-token", &token).multipart(form)).await
    };
    let begun = || Form::new().text("organisation", OWN);
    let long = (0..3).fold(begun(), |form, n| form.text(format!("overrides.{n}"), "я".repeat(400_000)));
    assert_eq!(send(long).await.must_be(413).json()["code"], "too-large");
    let empty = "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n\r\n".repeat(40_000) + "--x--\r\n";
    let many = officer.request(Method::POST, "/files").header("accept", "application/json");
    let many = many.header("x-csrf-token", &token).header("content-type", "multipart/form-data; boundary=x");
    assert_eq!(officer.send(many.body(empty)).await.must_be(413).json()["code"], "too-large");
    let fits = begun().text("body", "я".repeat(400_000));
    send(fits.part("files", Part::bytes(pictures::png(4, 4)).file_name("a.png"))).await.must_be(201);
}

#[tokio::test]
async fn without_scripts_the_whole_form_comes_with_the_files_and_is_kept() {
    let house = House::open().await;
    let officer = house.officer().await;
    let page = officer.get("/drafts/new").await.must_be(200).text();
    let id = page.split("action=\"/drafts/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    assert!(page.contains(&format!("formaction=\"/files?draft={id}\"")), "{page}");
    let picture = || Part::bytes(pictures::png(4, 4)).file_name("школа.png");
    let form = Form::new().text("csrf", officer.token().await).text("version", "0").text("organisation", OWN);
    let form = form.text("title", "Школа открыта").text("body", "Текст").part("files", picture());
    let answer = officer.send(officer.request(Method::POST, &format!("/files?draft={id}")).multipart(form)).await;
    let path = answer.must_be(303).location().to_owned();
    let page = officer.get(&path).await.must_be(200).text();
    assert!(page.contains("Школа открыта") && page.contains("школа.png"), "{page}");
    assert!(page.contains("name=\"media.alt\"") && page.contains("media.remove"), "{page}");
}

#[tokio::test]
async fn an_upload_that_is_cut_off_leaves_nothing_behind() {
    let house = House::open().await;
    let officer = house.officer().await;
    let token = officer.token().await;
    let built = officer.request(Method::POST, "/files").header("x-csrf-token", &token).build().unwrap();
    let cookie = built.headers()["cookie"].to_str().unwrap();
    let host = house.address.trim_start_matches("http://");
    let begun = format!(
        "--b\r\ncontent-disposition: form-data; name=\"organisation\"\r\n\r\n{OWN}\r\n\
         --b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\n"
    );
    let head = format!(
        "POST /files HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\nx-csrf-token: {token}\r\nsec-fetch-site: same-origin\r\n\
         accept: application/json\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 1000000\r\n\r\n"
    );
    let mut line = tokio::net::TcpStream::connect(host).await.unwrap();
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(begun.as_bytes()).await.unwrap();
    line.write_all(&vec![b' '; 200_000]).await.unwrap();
    // Half-closed: the desk sees the end and can still answer, and that answer comes after everything was let go.
    line.shutdown().await.unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.unwrap();
    assert_eq!(kept(&house), Vec::<PathBuf>::new(), "{}", String::from_utf8_lossy(&answer));
    assert!(!String::from_utf8_lossy(&answer).contains(" 201 "));
}

#[tokio::test]
async fn an_upload_that_ends_too_early_is_told_to_scripts_and_to_people() {
    let house = House::open().await;
    let officer = house.officer().await;
    let token = officer.token().await;
    let send = async |accept: &str| {
        let cut = format!(
            "--b\r\ncontent-disposition: form-data; name=\"organisation\"\r\n\r\n{OWN}\r\n\
             --b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\n"
        );
        let request = officer.request(Method::POST, "/files").header("accept", accept);
        let request = request.header("x-csrf-token", &token);
        let kind = "multipart/form-data; boundary=b";
        officer.send(request.header("content-type", kind).body(cut)).await.must_be(400)
    };
    let told = send("application/json").await;
    assert_eq!(told.headers["content-type"], "application/problem+json");
    assert_eq!(told.json()["code"], "cut");
    let page = send("text/html").await;
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(kept(&house), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_folder_that_takes_nothing_more_is_a_clear_page() {
    let house = House::open().await;
    let officer = house.officer().await;
    // A file where the folder should be: what a disk without room looks like to whoever writes.
    let folder = &house.office.config.media.dir;
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    std::fs::write(folder, b"").unwrap();
    let answer = upload(&officer, OWN, &[("a.png", pictures::png(4, 4))]).await.must_be(507).json();
    assert_eq!(answer["code"], "file-not-kept");
    let told = answer["title"].as_str().unwrap();
    assert!(told.contains("Ничего не испорчено") && !told.contains(folder.to_str().unwrap()), "{told}");
}

#[tokio::test]
async fn nobody_uploads_who_only_reads_or_is_nobody() {
    let house = House::open().await;
    for roles in [vec![(Role::Auditor, None)], vec![(Role::Administrator, None)]] {
        let person = house.signed_in(&roles).await;
        upload(&person, OWN, &[("a.png", pictures::png(4, 4))]).await.must_be(403);
    }
    let visitor = house.visitor();
    let form = Form::new().text("organisation", OWN);
    let request = visitor.request(Method::POST, "/files").header("hx-request", "true").multipart(form);
    visitor.send(request).await.must_be(401);
    assert_eq!(kept(&house), Vec::<PathBuf>::new());
}
