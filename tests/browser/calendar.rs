//! The calendar: a post is dragged to another day, and one that is dragged into the past goes back, with the reason.

use std::time::Duration;

use chrono::TimeDelta;
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use vestnik_contract::{Clock as _, SystemClock};

use super::Told;
use super::demo::Demo;
use super::tab::{Tab, failed};
use super::writing::quiet;

/// Of the post that the demo queues for next Monday: the middle of its event, and the width of a day.
const EVENT: &str = "const event = Array.from(document.querySelectorAll('#drawn .ec-event.is-primary')) \
     .find(e => e.innerText.includes('Капитальный ремонт')); if (!event) return null; \
     event.scrollIntoView({ block: 'center' }); const box = event.getBoundingClientRect(); \
     const day = document.querySelector('#drawn .ec-day').getBoundingClientRect(); \
     return [box.left + box.width / 2, box.top + box.height / 2, day.width]";

pub async fn a_post_is_dragged_to_another_day(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    // Wednesday is today in the demo; the post stands on the Monday after.
    let next_week = (SystemClock.now() + TimeDelta::days(7)).format("%Y-%m-%d");
    tab.open(&format!("/calendar?organisation=gorod&view=week&at={next_week}")).await?;
    drag(tab, 1).await?;
    tab.seen("#told.good:not([hidden])").await?;
    tab.until("the followers moved along", "document.querySelector('#told').innerText.length > 0").await?;
    quiet(tab).await?;

    let this_week = SystemClock.now().format("%Y-%m-%d");
    tab.open(&format!("/calendar?organisation=gorod&view=month&at={this_week}")).await?;
    tab.seen("#drawn .ec-event").await?;
    quiet(tab).await
}

/// Drags the post so many days on.
async fn drag(tab: &Tab, days: i32) -> Told {
    tab.until("the calendar is drawn", &format!("(() => {{ {EVENT} }})()")).await?;
    let found = tab.ask(EVENT).await?;
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
