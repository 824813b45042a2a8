//! The main job without a mouse: sign in, write, queue, look at the post.

use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;

use super::Told;
use super::demo::Demo;
use super::tab::{Tab, failed};
use super::writing::quiet;

/// More steps than any page of the desk takes.
const STEPS_MAX: usize = 150;

pub async fn the_main_job_by_keyboard(tab: &Tab, demo: &Demo) -> Told {
    tab.open("/sign-in").await?;
    to(tab, "input[name=login]").await?;
    keys(tab, "press").await?;
    to(tab, "input[name=password]").await?;
    keys(tab, demo.password("press")).await?;
    press(tab, Key::Enter).await?;
    tab.seen(".visitor details").await?;

    // The first step leads past the navigation.
    press(tab, Key::Tab).await?;
    tab.until("the first stop is the skip link", "document.activeElement.matches('a.skip')").await?;
    to(tab, "nav a[href='/drafts']").await?;
    press(tab, Key::Enter).await?;
    to(tab, "main a[href^='/drafts/new']").await?;
    press(tab, Key::Enter).await?;
    to(tab, "input[name=title]").await?;
    keys(tab, "Без мыши").await?;
    to(tab, "#body").await?;
    keys(tab, "Набрано и поставлено с клавиатуры.").await?;
    to(tab, "button[formaction$='/queue']").await?;
    press(tab, Key::Enter).await?;
    tab.until("the post is there", "/^\\/posts\\/[0-9a-f-]{36}$/.test(location.pathname)").await?;
    tab.says("Без мыши").await?;

    // Another time without dragging.
    tab.open("/calendar?organisation=gorod&view=list").await?;
    to(tab, "main a[href*='/move?']").await?;
    press(tab, Key::Enter).await?;
    to(tab, "input[type=datetime-local]").await?;
    // The person menu opens, and its last entry ends the session.
    to(tab, ".menu summary").await?;
    press(tab, Key::Enter).await?;
    to(tab, "form[action='/sign-out'] button").await?;
    press(tab, Key::Enter).await?;
    tab.seen("input[name=login]").await?;
    quiet(tab).await
}

/// Steps on until an element has the focus, and sees that it can be seen there.
async fn to(tab: &Tab, css: &str) -> Told {
    tab.seen(css).await?;
    let here = format!("document.activeElement.matches({})", serde_json::json!(css));
    for _ in 0..STEPS_MAX {
        if tab.ask(&format!("return {here}")).await? == true {
            let shown = "return (e => getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none')\
                 (document.activeElement)";
            if tab.ask(shown).await? != true {
                return Err(format!("`{css}` does not show that it has the focus"));
            }
            return Ok(());
        }
        press(tab, Key::Tab).await?;
    }
    Err(format!("`{css}` cannot be reached with the keyboard"))
}

/// Presses a key wherever the focus is.
async fn press(tab: &Tab, key: Key) -> Told {
    let value = char::from(key);
    let stroke = KeyActions::new("keyboard".into()).then(KeyAction::Down { value }).then(KeyAction::Up { value });
    tab.client.perform_actions(stroke).await.map_err(failed)
}

async fn keys(tab: &Tab, text: &str) -> Told {
    let focused = tab.client.active_element().await;
    let element = match focused {
        Ok(element) => element,
        Err(_) => tab.client.find(Locator::Css("body")).await.map_err(failed)?,
    };
    element.send_keys(text).await.map_err(failed)
}
