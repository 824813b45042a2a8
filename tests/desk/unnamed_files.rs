//! Files that were brought and that nothing names: they go after a week, and no other does.

use std::fs::File;
use std::time::Duration;

use reqwest::Method;

use super::browser::Browser;
use super::files::{kept, one, upload};
use super::house::{FOREIGN, House, OWN};
use super::pictures;
use vestnik::jobs::forget_files;

const DAY: Duration = Duration::from_secs(86_400);

/// Brings a picture of this width; gives its hash.
async fn brought(browser: &Browser, organisation: &str, width: u32) -> String {
    let answer = upload(browser, organisation, &[("a.png", pictures::png(width, 4))]).await.must_be(201).json();
    answer["files"][0]["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// Keeps a text with these files in the draft of an organisation, as version `known` + 1.
async fn kept_in(browser: &Browser, organisation: &str, draft: &str, known: &str, files: &[&str]) {
    let mut form = vec![("version", known), ("organisation", organisation), ("title", "Школа"), ("body", "Текст")];
    for sha256 in files {
        form.extend([("media.sha256", *sha256), ("media.name", "a.png"), ("media.alt", "Здание школы")]);
    }
    browser.post(&format!("/drafts/{draft}"), &form).await.must_be(303);
}

async fn new_draft(browser: &Browser) -> String {
    let page = browser.get("/drafts/new").await.must_be(200).text();
    page.split("data-draft=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

/// Lets days pass for the office and for what lies in its folder.
fn pass(house: &House, days: u32) {
    house.clock.advance(DAY * days);
    for path in kept(house) {
        let file = File::options().write(true).open(path).unwrap();
        let before = file.metadata().unwrap().modified().unwrap();
        file.set_modified(before - DAY * days).unwrap();
    }
}

/// The hashes of the files that lie in the media folder, small copies too.
fn lying(house: &House) -> Vec<String> {
    kept(house).iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[tokio::test]
async fn what_nothing_names_for_a_week_is_gone_and_nothing_else() {
    let approval = |config: String| config.replace("time_zone = ", "approval = \"editor\"\ntime_zone = ");
    let house = House::with(&[vestnik_sandbox::town::Platform::Max], approval).await;
    let (officer, stranger, jobs) = (house.officer().await, house.stranger().await, house.office.jobs());

    let in_draft = brought(&officer, OWN, 1).await;
    kept_in(&officer, OWN, &new_draft(&officer).await, "0", &[&in_draft]).await;
    // A draft that was put away can still be read.
    let (put_away, discarded) = (brought(&officer, OWN, 2).await, new_draft(&officer).await);
    kept_in(&officer, OWN, &discarded, "0", &[&put_away]).await;
    officer.post(&format!("/drafts/{discarded}/discard"), &[]).await.must_be(303);
    // Taken out of a draft: nothing names it. Unless an editor was shown the text with it.
    let (taken_out, draft) = (brought(&officer, OWN, 600).await, new_draft(&officer).await);
    kept_in(&officer, OWN, &draft, "0", &[&taken_out]).await;
    kept_in(&officer, OWN, &draft, "1", &[]).await;
    let (shown, draft) = (brought(&officer, OWN, 4).await, new_draft(&officer).await);
    let form = [
        ("version", "0"),
        ("organisation", OWN),
        ("title", "Школа"),
        ("body", "Текст"),
        ("media.sha256", &shown),
        ("media.alt", "Здание школы"),
    ];
    officer.post(&format!("/drafts/{draft}/submit"), &form).await.must_be(303);
    kept_in(&officer, OWN, &draft, "1", &[]).await;
    // In a post, until it was edited: its first revision shows it for ever.
    let in_post = brought(&officer, OWN, 5).await;
    std::fs::write(house.path("school.png"), pictures::png(5, 4)).unwrap();
    let post = house.queue("Школа", "media: [{file: school.png, alt: Школа}]").await;
    let without = house.path("without.md");
    std::fs::write(&without, "---\ntitle: Школа\n---\nБез картинки.\n").unwrap();
    house.office.edit(post, &without, "Офицер").await.unwrap();
    // The same content of two organisations: one of them uses it.
    let of_both = brought(&officer, OWN, 6).await;
    assert_eq!(brought(&stranger, FOREIGN, 6).await, of_both);
    kept_in(&stranger, FOREIGN, &new_draft(&stranger).await, "0", &[&of_both]).await;
    let never_named = brought(&officer, OWN, 7).await;
    officer.get(&format!("/files/{taken_out}/small")).await.must_be(200);

    pass(&house, 6);
    let again = brought(&officer, OWN, 8).await;
    for _ in 0..3 {
        forget_files(&jobs).await.unwrap();
    }
    let all = [&in_draft, &put_away, &taken_out, &shown, &in_post, &of_both, &never_named, &again];
    assert!(all.iter().all(|sha256| lying(&house).contains(sha256)), "a week has not passed");

    pass(&house, 2);
    assert_eq!(brought(&officer, OWN, 8).await, again);
    forget_files(&jobs).await.unwrap();
    for sha256 in [&taken_out, &never_named] {
        officer.get(&format!("/files/{sha256}")).await.must_be(404);
        assert!(lying(&house).contains(sha256), "somebody may have named it a moment ago");
    }
    forget_files(&jobs).await.unwrap();
    let lies = lying(&house);
    assert!(![&taken_out, &never_named].iter().any(|sha256| lies.contains(sha256)), "{lies:?}");
    for sha256 in [&in_draft, &put_away, &shown, &in_post, &of_both, &again] {
        officer.get(&format!("/files/{sha256}")).await.must_be(200);
    }
    stranger.get(&format!("/files/{of_both}")).await.must_be(200);
    // What is gone is brought as if it had never been there.
    assert_eq!(brought(&officer, OWN, 7).await, never_named);
    officer.send(officer.request(Method::GET, &format!("/files/{never_named}"))).await.must_be(200);
}

#[tokio::test]
async fn what_a_program_brought_and_queued_in_the_same_week_goes_out_a_year_later() {
    let house = House::open().await;
    let jobs = house.office.jobs();
    // Refused after its file was taken: a copy without an owner.
    std::fs::write(house.path("school.png"), pictures::png(9, 4)).unwrap();
    let entry = vestnik::post_file::MediaEntry { path: house.path("school.png"), alt: "Школа".into() };
    let media = vestnik::media::take(&entry, &house.office.config.media).unwrap();
    pass(&house, 8);
    // The same file comes again, an old copy lies there, and the bell rings before the post is queued.
    assert_eq!(vestnik::media::take(&entry, &house.office.config.media).unwrap().sha256, media.sha256);
    forget_files(&jobs).await.unwrap();
    assert_eq!(lying(&house), std::slice::from_ref(&media.sha256));
    house.queue("Школа", "media: [{file: school.png, alt: Школа}]").await;
    pass(&house, 365);
    for _ in 0..2 {
        forget_files(&jobs).await.unwrap();
    }
    assert_eq!(lying(&house), [media.sha256]);
    // One that never became a post has gone meanwhile.
    let officer = house.officer().await;
    let file = one(&officer, "a.png", pictures::png(10, 4)).await;
    pass(&house, 8);
    for _ in 0..2 {
        forget_files(&jobs).await.unwrap();
    }
    officer.get(file["url"].as_str().unwrap()).await.must_be(404);
    assert_eq!(lying(&house).len(), 1);
}
