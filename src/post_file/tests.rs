use chrono_tz::Tz;

use super::*;
use crate::domain::HoldLength;

const WHOLE: &str = "---
title: Открыта новая школа
at: 2026-11-23 10:00
link: https://gorod.ru/school
tags: [образование, \"#стройка\", 2026, образование]
media:
  - file: img/school.jpg
    alt: Здание школы
  - {file: /srv/plan.pdf}
channels: [vk, gorod-site]
not_before: {vk: 23.11.2026 18:00}
overrides:
  vk: |
    Только для ВК
expires_at: 2026-11-24 10:00
---

Сегодня **открыта** школа.

---

Вход свободный.

";

fn parse(text: &str) -> Result<PostFile, PostFileError> {
    PostFile::parse(text.as_bytes(), Path::new("posts/school.md"))
}

fn refused(text: &str) -> String {
    parse(text).expect_err(text).to_string()
}

fn view() -> OrganisationView {
    let channel = |slug: &str, platform: &str| ChannelView { slug: slug.into(), platform: platform.into() };
    OrganisationView {
        zone: Tz::Europe__Moscow,
        hold: HoldLength::DEFAULT,
        primary: channel("gorod-max", "max"),
        followers: vec![channel("gorod-vk", "vk"), channel("gorod-ok", "ok"), channel("gorod-site", "wordpress")],
    }
}

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-11-22T04:00:00Z".parse().unwrap()
}

/// Resolves a file with this front matter beside the title.
fn resolved(front: &str) -> Result<ResolvedPost, Vec<String>> {
    let file = parse(&format!("---\ntitle: Школа\n{front}---\nТекст\n")).unwrap();
    resolve(file, &view(), now()).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn only_problem(front: &str) -> String {
    let problems = resolved(front).expect_err(front);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.concat()
}

#[test]
fn a_whole_post_is_read_and_resolved() {
    let file = parse(WHOLE).unwrap();
    assert_eq!(file.body, "Сегодня **открыта** школа.\n\n---\n\nВход свободный.");
    assert_eq!(file.media[0].path, Path::new("posts/img/school.jpg"));
    assert_eq!((file.media[1].path.as_path(), file.media[1].alt.as_str()), (Path::new("/srv/plan.pdf"), ""));

    let post = resolve(file, &view(), now()).unwrap();
    let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!(post.title, "Открыта новая школа");
    assert_eq!(post.at, Some(at("2026-11-23T07:00:00Z")));
    assert_eq!(post.link.unwrap().as_str(), "https://gorod.ru/school");
    assert_eq!(post.tags, ["образование", "стройка", "2026"]);
    assert_eq!(post.followers, ["gorod-vk", "gorod-site"]);
    assert_eq!(post.not_before, [("gorod-vk".to_owned(), at("2026-11-23T15:00:00Z"))].into());
    assert_eq!(post.overrides, [("gorod-vk".to_owned(), "Только для ВК".to_owned())].into());
    assert_eq!(post.expires_at, Some(at("2026-11-24T07:00:00Z")));
}

#[test]
fn a_title_and_a_text_are_enough_for_all_followers_now() {
    let windows = "\u{feff}---\r\ntitle: Школа\r\nlink:\r\n---\r\nПервая\r\n\r\nВторая\r\n";
    let file = parse(windows).unwrap();
    assert_eq!(file.body, "Первая\n\nВторая");
    let post = resolve(file, &view(), now()).unwrap();
    assert_eq!((post.at, post.link), (None, None));
    assert_eq!(post.followers, ["gorod-vk", "gorod-ok", "gorod-site"]);
}

#[test]
fn a_post_may_name_the_primary_and_go_to_it_alone() {
    assert_eq!(resolved("channels: [gorod-max]\n").unwrap().followers, Vec::<String>::new());
    assert_eq!(resolved("channels: [ok, max, gorod-ok]\n").unwrap().followers, ["gorod-ok"]);
    assert_eq!(resolved("channels: []\n").unwrap().followers.len(), 3);
    assert_eq!(resolved("overrides: {max: Иначе}\n").unwrap().overrides["gorod-max"], "Иначе");
}

#[test]
fn what_is_no_front_matter_is_told_what_it_looks_like() {
    for (text, told) in [
        ("", "posts/school.md: line 1: the file does not begin with front matter"),
        ("Просто текст", "let its first lines be `---`, `title: THE HEADLINE`"),
        ("---\ntitle: Школа\nТекст", "line 1: the front matter that begins here has no end; put a line `---`"),
        ("---\n---\nТекст", "title: is missing"),
        ("---\n# nothing\n---\nТекст", "title: is missing"),
        ("---\ntitle:\n---\nТекст", "title: is empty; write a value"),
        ("---\ntitle: a\ntitel: b\n---\n", "titel: is not a key here; did you mean `title`? Allowed: title, at, link"),
        ("---\ntitle: a\nmedia: [{file: a, allt: b}]\n---\n", "media[0].allt: is not a key here; did you mean `alt`?"),
        ("---\ntitle: a\nmedia: [{alt: b}]\n---\n", "media[0].file: is missing"),
        ("---\ntitle: a\nmedia: [a.jpg]\n---\n", "media[0]: must be keys with values, like {file: school.jpg"),
        ("---\ntitle: a\ntags: a\n---\n", "tags: must be a list, like [first, second]"),
        ("---\ntitle: a\nnot_before: {vk: [1]}\n---\n", "not_before.vk: must be text"),
        ("---\ntitle: a\ntitle: b\n---\n", "line 3: the key `title` stands twice"),
        (
            "---\ntitle: Итоги: школа\n---\n",
            "line 2: is not YAML: mapping values are not allowed in this context; text that",
        ),
        ("---\n- a\n---\n", "line 2: must be keys with values"),
    ] {
        let error = refused(text);
        assert!(error.contains(told), "{text:?}: {error}");
    }
}

#[test]
fn a_file_that_is_no_text_is_told_why() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("post.md");
    let error = || PostFile::load(&path).unwrap_err().to_string();
    assert!(error().contains("post.md cannot be read: No such file"), "{}", error());
    std::fs::write(&path, b"---\ntitle: \xcf\xf0\xe8\xe2\xe5\xf2\n---\n").unwrap();
    assert!(error().contains("byte 11 is not UTF-8; save the file as UTF-8"), "{}", error());
    std::fs::write(&path, vec![b'a'; 1024 * 1024 + 1]).unwrap();
    assert!(error().contains("it has 1048577 bytes and 1048576 are allowed"), "{}", error());
    assert!(PostFile::load(dir.path()).unwrap_err().to_string().contains("it is not a file"));
}

#[test]
fn every_problem_is_told_at_once_with_its_key() {
    let front = "at: завтра\nlink: gorod.ru\ntags: [\"a,b\"]\nchannels: [vk, telegram]\nnot_before: {ok: +5h, max: +1h}\n\
                 overrides: {site: x, vk: \"\"}\nexpires_at: 2026-11-21 10:00\n";
    let problems = resolved(front).unwrap_err().join("\n");
    for told in [
        "at: `завтра` is not a time; write it like 2026-11-23 10:00",
        "link: `gorod.ru` is not a web address",
        "tags[0]: `a,b` is not one tag",
        "channels[1]: `telegram` is not a channel of the organisation; its channels are gorod-max, gorod-vk, gorod-ok",
        "not_before.ok: the post does not go to gorod-ok; add it to `channels`",
        "not_before.max: gorod-max is the primary, which goes first; write its time under `at`",
        "overrides.site: `site` is not a channel",
        "overrides.vk: is empty",
        "expires_at: `2026-11-21 10:00` is in the past: it is 2026-11-22 07:00:00 +03:00 in Europe/Moscow now",
    ] {
        assert!(problems.contains(told), "{told}\n---\n{problems}");
    }
    assert_eq!(problems.lines().count(), 9, "{problems}");
}

#[test]
fn one_channel_has_one_time_and_one_text() {
    assert!(only_problem("not_before: {vk: +5h, gorod-vk: +6h}\n").contains("gorod-vk has two times here"));
    assert!(only_problem("overrides: {vk: a, gorod-vk: b}\n").contains("gorod-vk has two texts here"));
    let mut view = view();
    view.followers.push(ChannelView { slug: "selo-vk".into(), platform: "vk".into() });
    let file = parse("---\ntitle: a\noverrides: {vk: b}\n---\nТекст").unwrap();
    let problems = resolve(file, &view, now()).unwrap_err();
    assert!(problems[0].problem.contains("write the slug of one: gorod-vk, selo-vk"), "{problems:?}");
}

#[test]
fn a_post_that_could_only_fail_is_refused_when_it_is_queued() {
    assert!(
        only_problem("at: +2h\nexpires_at: +1h\n")
            .contains("is not after the publication at 2026-11-22 09:00:00 +03:00")
    );
    let error = only_problem("expires_at: +4h\n");
    assert!(error.contains("at 2026-11-22 11:01:00 +03:00 at the earliest"), "{error}");
    assert!(resolved("expires_at: +4h\nchannels: [max]\n").is_ok());
    assert!(resolved("expires_at: +4h2m\n").is_ok());
    assert!(
        only_problem("not_before: {vk: +9h}\nexpires_at: +8h\n").contains("the time of gorod-vk under `not_before`")
    );
}

#[test]
fn texts_are_texts() {
    let problems = |text: &str| {
        let problems = resolve(parse(text).unwrap(), &view(), now()).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for blank in [" ", "\u{200b}\u{2060}", "\u{2800}", "\u{ad}", "\u{200f}\u{202e}"] {
        let told = problems(&format!("---\ntitle: \"{blank}\"\n---\nТекст"));
        assert!(told.contains("title: is empty; write the headline"), "{blank:?}: {told}");
    }
    assert!(problems("---\ntitle: a\n---\n\u{200b}").contains("text: is missing; write one"));
    assert!(problems("---\ntitle: \"a\\nb\"\n---\nТекст").contains("title: has more than one line"));
    assert!(problems("---\ntitle: a\n---\n").contains("text: is missing; write one"));
    assert!(problems("---\ntitle: a\n---\nбез\u{0}звука").contains("text: has the character U+0000"));
    for (mark, name) in
        [('\u{202e}', "U+202E"), ('\u{2067}', "U+2067"), ('\u{fffe}', "U+FFFE"), ('\u{10ffff}', "U+10FFFF")]
    {
        let escaped = format!("\\U{:08x}", u32::from(mark));
        let told = problems(&format!("---\ntitle: \"Школа {escaped}открыта\"\n---\nТекст"));
        assert!(told.contains(&format!("title: has the character {name}")), "{told}");
        let quoted = parse(&format!("---\ntitle: Школа\n---\nТекст {mark}и дальше")).unwrap();
        assert!(resolve(quoted, &view(), now()).is_ok(), "a text may quote another script");
    }
    let file = parse("---\ntitle: a\nlink: https://gorod.ru/\n---\n").unwrap();
    assert!(resolve(file, &view(), now()).is_ok());
}

proptest::proptest! {
    #[test]
    fn no_file_brings_it_down(front in "[a-z_:\\[\\]{}&*!|>\"' \n#,0-9-]{0,120}", bytes in proptest::collection::vec(0u8.., 0..64)) {
        let _ = PostFile::parse(&bytes, Path::new("p.md"));
        if let Ok(file) = parse(&format!("---\ntitle: a\n{front}\n---\nb")) {
            let _ = resolve(file, &view(), now());
        }
    }
}
