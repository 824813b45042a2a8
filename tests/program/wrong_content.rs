//! What an officer may get wrong in a post: each told in one sentence that names the thing and the way out, with
//! nothing queued and nothing kept.

use std::io::Write as _;

use crate::press::Press;

/// A small picture, whole and real.
fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 640, 400);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&vec![120; 640 * 400]).unwrap();
    bytes
}

/// An office that has opened its database, so that it can be seen that nothing changed in it.
fn opened() -> Press {
    let press = Press::open();
    press.vestnik(["post", "list"]).done();
    press
}

#[track_caller]
fn refused(press: &Press, content: impl AsRef<[u8]>, words: &[&str]) {
    let before = press.rows();
    let file = press.file("wrong.md", content);
    press.vestnik(["post".as_ref(), "add".as_ref(), file.as_os_str()]).refused(words);
    assert_eq!(press.rows(), before, "nothing is half done");
    let kept = std::fs::read_dir(press.path("media")).map_or(0, Iterator::count);
    assert_eq!(kept, 0, "no file was kept");
}

fn with(front_matter: &str) -> String {
    format!("---\n{front_matter}\n---\nТекст.\n")
}

#[test]
fn a_file_that_is_no_post() {
    let press = opened();
    refused(&press, "Просто текст", &["wrong.md", "line 1", "front matter", "title: THE HEADLINE"]);
    refused(&press, "---\ntitle: Без конца\n", &["line 1", "no end"]);
    refused(&press, with("tags: [a]"), &["title", "is missing"]);
    refused(&press, with("titel: Опечатка"), &["titel", "did you mean `title`?"]);
    refused(&press, with("title: a\nnonsense: 1"), &["nonsense: is not a key here", "expires_at"]);
    refused(&press, with("title: \"незакрытая"), &["line", "YAML"]);
    refused(&press, "---\ntitle: Пусто\n---\n", &["text", "is missing"]);
    refused(&press, b"---\ntitle: \xff\xfe\n---\nx", &["byte 11 is not UTF-8", "save the file as UTF-8"]);
    refused(&press, vec![b'a'; 2 * 1024 * 1024], &["2097152 bytes", "1048576 are allowed"]);
    let add = |file: &str| press.vestnik(["post", "add", file]);
    add("none.md").refused(&["none.md", "No such file", "name a Markdown file that is there"]);
    add(press.path("").to_str().unwrap()).refused(&["it is not a file"]);
    press.vestnik(["post", "add"]).wrong_usage(&["FILE.md"]);
}

#[test]
fn a_time_that_cannot_be() {
    let press = opened();
    refused(&press, with("title: a\nat: 2020-01-01 10:00"), &["at:", "2020-01-01 10:00", "in the past", "Moscow"]);
    refused(&press, with("title: a\nat: завтра"), &["at:", "`завтра` is not a time", "2026-11-23 10:00"]);
    refused(&press, with("title: a\nat: 2099-02-30 10:00"), &["at:", "is not a time"]);
    refused(&press, with("title: a\nat: 2099-01-15 10:00\nexpires_at: 2099-01-15 09:00"), &["expires_at"]);
    let file = press.post_file("a", "");
    let at = |time: &str| press.vestnik(["post", "add", file.to_str().unwrap(), "--at", time]);
    at("1999-12-31 10:00").refused(&["1999-12-31 10:00"]);
    at("").refused(&["is not a time"]);
}

#[test]
fn a_time_that_the_clocks_skip_or_show_twice() {
    let press = opened();
    // Russia's clocks stand still since 2014; those of this zone do not.
    press.reconfigure("Europe/Moscow", "Europe/Berlin");
    press.vestnik(["post", "list"]).done();
    refused(
        &press,
        with("title: a\nat: 2027-03-28 02:30"),
        &["2027-03-28 02:30", "does not exist", "from 02:00 to 03:00"],
    );
    refused(&press, with("title: a\nat: 2027-10-31 02:30"), &["2027-10-31 02:30", "twice", "+02:00"]);
}

#[test]
fn a_channel_that_is_not_there() {
    let press = opened();
    refused(&press, with("title: a\nchannels: [gorod-vkk]"), &["channels[0]", "`gorod-vkk`", "gorod-vk, gorod-ok"]);
    refused(&press, with("title: a\nnot_before: {fb: 2099-01-01 10:00}"), &["not_before", "fb"]);
    refused(&press, with("title: a\noverrides: {fb: Иначе}"), &["overrides", "fb"]);
    refused(&press, with("title: a\nlink: просто слова"), &["link", "просто слова"]);
}

#[test]
fn pictures_that_are_none() {
    let press = opened();
    press.file("fake.png", "not a picture at all");
    press.file("empty.png", "");
    press.file("cut.png", &picture()[..20]);
    press.file("good.png", picture());
    let media = |file: &str| with(&format!("title: a\nmedia: [{{file: {file}, alt: Школа}}]"));
    refused(&press, media("fake.png"), &["fake.png", "its content is no picture", "JPEG or PNG"]);
    refused(&press, media("empty.png"), &["empty.png"]);
    refused(&press, media("cut.png"), &["cut.png"]);
    refused(&press, media("none.png"), &["none.png", "No such file", "paths start at the post file's folder"]);
    refused(&press, media("/dev/zero"), &["/dev/zero is not a file"]);
    refused(&press, media("."), &["is not a file"]);
    let no_alt = with("title: a\nmedia: [{file: good.png}]");
    refused(&press, no_alt, &["good.png", "without a text alternative", "`alt`"]);
}

#[test]
fn a_picture_of_a_hundred_megabytes_is_refused_at_once_and_in_little_memory() {
    let press = opened();
    let path = press.path("huge.png");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(&picture()).unwrap();
    file.set_len(100_000_000).unwrap();
    let content = with("title: a\nmedia: [{file: huge.png, alt: Школа}]");
    refused(&press, content, &["huge.png has 100.0 MB", "50.0 MB", "media.picture_bytes_max"]);
}

#[test]
fn what_a_platform_does_not_take_is_told_when_it_is_queued() {
    let press = opened();
    let long = format!("---\ntitle: Длинно\n---\n{}\n", "слово ".repeat(2_000));
    refused(&press, &long, &["nothing was queued", "gorod-max", "4000"]);
    press.file("a.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n");
    let before = press.rows();
    let file = press.file("doc.md", with("title: Документ\nmedia: [{file: a.pdf, alt: ''}]"));
    press.vestnik(["post".as_ref(), "add".as_ref(), file.as_os_str()]).refused(&["gorod-ok", "document"]);
    assert_eq!(press.rows(), before);
}

#[test]
fn a_good_picture_reaches_every_channel() {
    let press = Press::open();
    press.file("good.png", picture());
    let file = press.file("picture.md", with("title: Снимок\nmedia: [{file: good.png, alt: Школа}]"));
    let daemon = press.serve();
    press.vestnik(["post".as_ref(), "add".as_ref(), file.as_os_str()]).done();
    let max = vestnik_sandbox::town::Platform::Max;
    crate::press::wait_until("it is out", || press.count(max, "Снимок") == 1);
    assert_eq!(press.on(max)[0].media, 1);
    daemon.stop();
}

#[test]
fn ids_and_words_that_are_none() {
    let press = opened();
    let unknown = "019aaaaa-0000-7000-8000-000000000000";
    press.vestnik(["post", "show", "nonsense"]).wrong_usage(&["nonsense"]);
    for command in [["show"].as_slice(), &["republish"], &["cancel", "--reason", "x"], &["withdraw", "--reason", "x"]] {
        let (verb, rest) = command.split_first().unwrap();
        let args = [&["post", verb, unknown], rest].concat();
        press.vestnik(args).refused(&[unknown, "vestnik post list"]);
    }
    press.vestnik(["post", "cancel", unknown]).wrong_usage(&["--reason"]);
    press.vestnik(["post", "cancel", unknown, "--reason", "  "]).wrong_usage(&["say why"]);
    press.vestnik(["post", "resolve", unknown, "gorod-max", "--not-published"]).refused(&[unknown]);
    press.vestnik(["post", "resolve", unknown, "nix", "--not-published"]).refused(&["`nix`", "channel list"]);
    press.vestnik(["nonsense"]).wrong_usage(&["nonsense"]);
    press.vestnik(["--nonsense"]).wrong_usage(&["--nonsense"]);
    press.vestnik::<&str>([]).wrong_usage(&["Usage"]);
}
