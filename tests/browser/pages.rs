//! Every kind of page that a role can reach by links, in every look: axe-core finds nothing, the console is quiet,
//! nothing needs scrolling sideways. A new page is found by itself, as soon as something links to it.

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;

use super::Told;
use super::axe;
use super::demo::Demo;
use super::tab::{LOOKS, Look, TABLET, Tab, WIDE, failed};

/// Kinds of pages that were seen in every look already; other roles see them in one.
static SEEN: Mutex<Option<HashSet<String>>> = Mutex::new(None);
/// More kinds than the desk has.
const KINDS_MAX: usize = 120;
/// Links within the desk, but for files to be downloaded.
const LINKS: &str = "return Array.from(document.querySelectorAll('a[href]')).filter(a => a.origin === location.origin \
     && !a.hasAttribute('download')).map(a => a.pathname + a.search)";

pub async fn at_the_door(tab: &Tab, demo: &Demo) -> Told {
    tab.open("/sign-in").await?;
    look_at(tab, &LOOKS).await?;
    tab.fill("input[name=login]", "press").await?;
    tab.fill("input[name=password]", "not the password").await?;
    tab.click("main form button").await?;
    tab.seen("[role=alert]").await?;
    // The browser itself tells of every answer that is no success.
    tab.console().await?;
    look_at(tab, &LOOKS).await?;
    tab.sign_in(demo, "press").await?;
    tab.open("/nowhere").await?;
    tab.console().await?;
    look_at(tab, &LOOKS).await
}

/// However narrow: who and where, then the sections. The menu opens within the window and says the rest.
pub async fn the_frame_has_two_rows_in_a_narrow_window(tab: &Tab, demo: &Demo) -> Told {
    for login in ["press", "admin"] {
        tab.begin().await;
        tab.sign_in(demo, login).await?;
        for width in [320, 768] {
            tab.look(Look { width, ..WIDE }).await?;
            tab.open("/today").await?;
            let high = tab.ask("return document.querySelector('header.top').offsetHeight").await?;
            if high.as_u64().is_none_or(|high| high > 120) {
                return Err(format!("at {width} px the frame is {high} px high"));
            }
            tab.click(".menu > summary").await?;
            let is_within = "(b => b.left >= 0 && b.right <= innerWidth)\
                 (document.querySelector('.menu > ul').getBoundingClientRect())";
            tab.until("the menu opens within the window", is_within).await?;
            tab.until("it says where", "document.querySelector('.menu .place').offsetHeight > 0").await?;
            look_at(tab, &[Look { width, ..WIDE }]).await?;
        }
    }
    tab.look(WIDE).await
}

pub async fn of_the_officer(tab: &Tab, demo: &Demo) -> Told {
    walk(tab, demo, "press").await
}

pub async fn of_the_editor(tab: &Tab, demo: &Demo) -> Told {
    walk(tab, demo, "editor").await
}

pub async fn of_the_auditor(tab: &Tab, demo: &Demo) -> Told {
    walk(tab, demo, "auditor").await
}

pub async fn of_the_administrator(tab: &Tab, demo: &Demo) -> Told {
    walk(tab, demo, "admin").await
}

pub async fn of_the_platforms(tab: &Tab, demo: &Demo) -> Told {
    let mut wrong = Vec::new();
    for (platform, address) in &demo.readers {
        tab.open(address).await?;
        if let Err(why) = look_at(tab, &LOOKS).await {
            wrong.push(format!("{platform}: {why}"));
        }
    }
    if demo.readers.len() == 6 && wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// A headline as people paste it, without a space in it: wherever it stands, it makes no page wider.
pub async fn of_a_headline_without_spaces(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    tab.open("/drafts/new?organisation=gorod").await?;
    tab.fill("input[name=title]", &"Превысокомногорассмотрительствующий".repeat(5)).await?;
    tab.fill("#body", "Текст.").await?;
    tab.click("button[formaction$='/queue']").await?;
    tab.until("the post is there", "/^\\/posts\\/[0-9a-f-]{36}$/.test(location.pathname)").await?;
    let post = tab.path().await?;
    let pages =
        ["/today", "/posts", "/calendar", "/calendar?view=week", "/calendar?view=list", "/weeks", "/journal", &post];
    let mut wrong = Vec::new();
    for page in pages {
        tab.open(page).await?;
        for look in [WIDE, TABLET, LOOKS[2]] {
            tab.look(look).await?;
            if let Some(what) = tab.ask(TOO_WIDE).await?.as_str() {
                wrong.push(format!("{page}: {look:?}: scrolls sideways: {what}"));
            }
        }
    }
    tab.look(WIDE).await?;
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

async fn walk(tab: &Tab, demo: &Demo, login: &str) -> Told {
    tab.sign_in(demo, login).await?;
    let mut waiting = VecDeque::from(["/today".to_owned()]);
    let (mut known, mut wrong) = (HashSet::from([kind("/today")]), Vec::new());
    while let Some(path) = waiting.pop_front() {
        tab.open(&path).await?;
        let first = first_sight(&kind(&path));
        if let Err(why) = look_at(tab, if first { &LOOKS } else { &LOOKS[..1] }).await {
            wrong.push(format!("{path}: {why}"));
        }
        let links = tab.ask(LINKS).await?;
        for link in links.as_array().into_iter().flatten().filter_map(|link| link.as_str()) {
            if is_page(link) && known.len() < KINDS_MAX && known.insert(kind(link)) {
                waiting.push_back(link.to_owned());
            }
        }
    }
    println!("{login}: {} kinds of pages", known.len());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Whether an address is a page, and not a file that a browser would save.
fn is_page(link: &str) -> bool {
    let path = link.split('?').next().unwrap_or_default();
    let is_file = ["/files/", "/assets/", "/export", "/api/v1/"].iter().any(|part| path.contains(part));
    !is_file && ![".csv", ".xlsx", ".jsonl", ".json", ".svg"].iter().any(|end| path.ends_with(end))
}

/// The kind of a page: its path without ids and figures, and the names in its query.
fn kind(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let part = |part: &str| if part.contains(|c: char| c.is_ascii_digit()) { "*".to_owned() } else { part.to_owned() };
    let path: Vec<_> = path.split('/').map(part).collect();
    let mut names: Vec<_> = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default()).collect();
    names.sort_unstable();
    names.dedup();
    format!("{}?{}", path.join("/"), names.join("&"))
}

fn first_sight(kind: &str) -> bool {
    let mut seen = SEEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    seen.get_or_insert_default().insert(kind.to_owned())
}

/// Looks at the page that is open.
pub async fn look_at(tab: &Tab, looks: &[Look]) -> Told {
    let mut wrong: Vec<String> = tab.console().await?.into_iter().map(|line| format!("console: {line}")).collect();
    // What is folded away is looked at, too.
    tab.ask("document.querySelectorAll('main details').forEach(d => d.open = true)").await?;
    for look in looks {
        tab.look(*look).await?;
        let found = axe::findings(&tab.client).await.map_err(failed)?;
        wrong.extend(found.into_iter().map(|finding| format!("{look:?}: {finding}")));
        let too_wide = tab.ask(TOO_WIDE).await?;
        if let Some(what) = too_wide.as_str() {
            wrong.push(format!("{look:?}: scrolls sideways: {what}"));
        }
        if tab.ask("return document.querySelectorAll('h1').length").await? == 0 {
            wrong.push("the page has no heading".into());
        }
    }
    // Between a phone and a desk nothing has other colours or other words, only less room.
    if looks.len() > 1 {
        tab.look(TABLET).await?;
        if let Some(what) = tab.ask(TOO_WIDE).await?.as_str() {
            wrong.push(format!("{TABLET:?}: scrolls sideways: {what}"));
        }
    }
    tab.look(WIDE).await?;
    wrong.sort();
    wrong.dedup();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ")) }
}

/// The first elements that reach beyond the window, when the page does.
const TOO_WIDE: &str = "if (document.documentElement.scrollWidth <= window.innerWidth) return null; \
     return Array.from(document.body.querySelectorAll('*')).filter(e => e.getBoundingClientRect().right > window.innerWidth + 1) \
     .slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(' | ') || 'the page itself'";

#[test]
fn pages_are_told_apart_by_what_they_are() {
    assert_eq!(kind("/posts/0192a7c4-1f0e"), kind("/posts/0192ffff-9f0e"));
    assert_eq!(kind("/calendar?at=2026-11-01&view=week"), kind("/calendar?view=month&at=2026-12-01"));
    assert_ne!(kind("/posts"), kind("/posts/1"));
    assert!(
        is_page("/journal?words=x")
            && is_page("/api/v1")
            && !is_page("/journal/export?format=csv")
            && !is_page("/rule.csv?x")
    );
}
