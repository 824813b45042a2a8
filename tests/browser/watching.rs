//! What people hear who do not see the countdown.

use super::Told;
use super::demo::Demo;
use super::tab::Tab;
use super::writing::quiet;

pub async fn what_is_left_is_told_at_some_minutes(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    tab.open("/today").await?;
    tab.seen("[data-live-told][role=status]").await?;
    // One of its own, outside of what is brought up to date, so that the day of the demo does not matter: an hour is
    // left in a moment.
    tab.ask(
        "const { now, speed } = document.querySelector('[data-live]').dataset; \
         const place = document.createElement('span'); \
         place.dataset.until = Number(now) + 3600000 + 3000 * Number(speed); \
         place.dataset.what = 'Мост, VK'; \
         window.heard = []; \
         new MutationObserver(() => window.heard.push(document.querySelector('[data-live-told]').textContent)) \
           .observe(document.querySelector('[data-live-told]'), { childList: true }); \
         document.body.append(place);",
    )
    .await?;
    let heard =
        "window.heard.some(words => /Мост, VK: до выхода (60 минут|30 минут|10 минут|5 минут|1 минута)/.test(words))";
    tab.until("what is left is told", heard).await?;
    tab.until("not every second", "window.heard.filter(words => words.includes('Мост, VK')).length <= 5").await?;
    quiet(tab).await
}
