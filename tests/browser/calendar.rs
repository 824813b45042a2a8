//! The calendar: a post is dragged to another day, and one that is dragged into the past goes back, with the reason.

use std::time::Duration;

use chrono::TimeDelta;
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use vestnik_contract::{Clock as _, SystemClock};

use super::Told;
use super::demo::Demo;
use super::tab::{Look, Tab, WIDE, failed};
use super::writing::quiet;

/// Of a post of this title: the middle of its event, and the width of a day.
const EVENT: &str = "const event = Array.from(document.querySelectorAll('#drawn .ec-event.is-primary')) \
     .find(e => e.innerText.includes('TITLE')); if (!event) return null; \
     event.scrollIntoView({ block: 'center' }); const box = event.getBoundingClientRect(); \
     const day = document.querySelector('#drawn .ec-day').getBoundingClientRect(); \
     return [box.left + box.width / 2, box.top + box.height / 2, day.width]";

/// So many days from now, where the demo's office is: its week begins hours before it does by UTC.
fn day_there(ahead: i64) -> String {
    let there = SystemClock.now().with_timezone(&chrono_tz::Europe::Moscow);
    (there + TimeDelta::days(ahead)).format("%Y-%m-%d").to_string()
}

pub async fn a_post_is_dragged_to_another_day(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    // Wednesday is today in the demo; the post stands on the Monday after.
    let next_week = day_there(7);
    tab.open(&format!("/calendar?organisation=gorod&view=week&at={next_week}")).await?;
    let at = "document.querySelector('#table [href$=\"back=week\"]').closest('tr').rowIndex";
    let before = tab.ask(&format!("return {at}")).await?;
    drag(tab, "Капитальный ремонт", 1).await?;
    tab.seen("#told.good:not([hidden])").await?;
    tab.until("it is told which post", "/«Капитальный ремонт.*MAX/.test(document.querySelector('#told').innerText)")
        .await?;
    tab.until("the table follows", &format!("{at} === {before} + 1")).await?;
    let good = tab.ask(GROUND).await?;
    tab.click("#told [data-undo]").await?;
    tab.until("it was moved back", &format!("{at} === {before}")).await?;
    quiet(tab).await?;

    let this_week = day_there(0);
    tab.open(&format!("/calendar?organisation=gorod&view=week&at={this_week}")).await?;
    drag(tab, "Субботник", -2).await?;
    tab.seen("#told.bad:not([hidden])").await?;
    tab.says("Это время уже прошло").await?;
    tab.until("nothing is offered to be undone", "document.querySelector('#told [data-undo]').hidden").await?;
    let bad = tab.ask(GROUND).await?;
    let is_seen =
        "(b => b.top >= 0 && b.bottom <= innerHeight)(document.querySelector('#told').getBoundingClientRect())";
    tab.until("it is on the screen", is_seen).await?;
    if bad == good {
        return Err(format!("a refusal looks like a success: {bad}"));
    }
    // The browser itself tells of every answer that is no success.
    tab.console().await?;
    tab.click("#told [data-close]").await?;
    tab.until("it can be closed", "document.querySelector('#told').hidden").await?;

    tab.open(&format!("/calendar?organisation=gorod&view=month&at={this_week}")).await?;
    tab.seen("#drawn .ec-event").await?;
    quiet(tab).await
}

/// A calendar that was drawn gives way to the list of days when its window is made narrow.
pub async fn a_window_that_is_made_narrow_shows_days(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    for view in ["month", "week"] {
        tab.look(WIDE).await?;
        tab.open(&format!("/calendar?organisation=gorod&view={view}")).await?;
        tab.seen("#drawn .ec-event").await?;
        for width in [768, 320] {
            tab.look(Look { width, ..WIDE }).await?;
            tab.until("the drawing is gone", "!document.querySelector('#drawn').offsetParent").await?;
            let is_wide =
                "Array.from(document.querySelectorAll('#table .entry a:first-child')).filter(a => a.offsetParent)";
            tab.until(
                "days are as wide as words",
                &format!("{is_wide}.length > 0 && {is_wide}.every(a => a.offsetWidth > 150)"),
            )
            .await?;
            tab.seen("main a[href*='grid=1']").await?;
        }
        tab.look(WIDE).await?;
        tab.until("it is drawn again", "document.querySelector('#drawn .ec-event')?.offsetParent").await?;
    }
    quiet(tab).await
}

/// A week has room for two lines of a post: whoever comes to it by key reads all of it, and how it stands.
pub async fn what_a_week_has_no_room_for_is_read_by_key(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    tab.look(WIDE).await?;
    tab.open("/calendar?organisation=gorod&view=week").await?;
    tab.seen("#drawn .ec-event").await?;
    let cut =
        "Array.from(document.querySelectorAll('#drawn .ec-event .what')).find(e => e.scrollWidth > e.clientWidth)";
    tab.until("a headline is cut", cut).await?;
    tab.ask(&format!("window.cut = {cut}; window.cut.closest('a').focus({{ focusVisible: true }})")).await?;
    let is_whole = "window.cut.scrollWidth <= window.cut.clientWidth \
                    && window.cut.parentElement.querySelector('.stands').offsetHeight > 8";
    tab.until("it is read as a whole, with its state", is_whole).await?;
    quiet(tab).await
}

/// The colour behind what is told of a move.
const GROUND: &str = "return getComputedStyle(document.querySelector('#told')).backgroundColor";

/// Drags a post so many days on.
async fn drag(tab: &Tab, title: &str, days: i32) -> Told {
    let event = EVENT.replace("TITLE", title);
    tab.until("the calendar is drawn", &format!("(() => {{ {event} }})()")).await?;
    let found = tab.ask(&event).await?;
    let figures: Vec<f64> = found.as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64).collect();
    let [x, y, width] = figures.as_slice() else { return Err(format!("the event has no place: {found}")) };
    let step = |x: f64| PointerAction::MoveTo { duration: Some(Duration::from_millis(50)), x, y: *y };
    let target = x + width * f64::from(days);
    let mouse = MouseActions::new("mouse".into())
        .then(step(*x))
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(step(x + width / 4.0 * f64::from(days)))
        .then(step(target))
        .then(step(target))
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    tab.client.perform_actions(mouse).await.map_err(failed)?;
    tab.client.release_actions().await.map_err(failed)
}
