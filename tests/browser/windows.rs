//! More windows than a browser has connections to one host.

use super::Told;
use super::demo::Demo;
use super::tab::{Tab, failed};
use super::writing::quiet;

/// A browser opens six connections to a host over HTTP/1.1, for all its windows together.
const WINDOWS: usize = 8;

pub async fn eight_windows_are_open_and_all_are_live(tab: &Tab, demo: &Demo) -> Told {
    tab.sign_in(demo, "press").await?;
    let first = tab.client.window().await.map_err(failed)?;
    let mut opened = Vec::new();
    for _ in 1..WINDOWS {
        let window = tab.client.new_window(true).await.map_err(failed)?.handle;
        tab.client.switch_to_window(window.clone()).await.map_err(failed)?;
        opened.push(window);
        tab.open("/today").await?;
        tab.seen("[data-live]").await?;
    }
    let told = quiet(tab).await;
    for window in opened {
        tab.client.switch_to_window(window).await.map_err(failed)?;
        tab.client.close_window().await.map_err(failed)?;
    }
    tab.client.switch_to_window(first).await.map_err(failed)?;
    tab.open("/today").await?;
    tab.seen("[data-live]").await?;
    told
}
