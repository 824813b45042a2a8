//! The desk in a real browser: `vestnik demo --desk` as a process, Chromium driven through `chromedriver`.
//!
//! One program and one browser serve all stories, which are told one after the other; a story that fails does
//! not keep the others from being told. Every wait is for something on the page, never for time.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

mod auditing;
mod axe;
mod calendar;
mod chromium;
mod demo;
mod keyboard;
mod pages;
#[path = "../desk/pictures.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod pictures;
mod tab;
mod watching;
mod windows;
mod writing;

use chromium::Chromium;
use demo::Demo;
use tab::Tab;

/// What a story says when it fails.
type Told = Result<(), String>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_in_a_real_browser() {
    let demo = Demo::start();
    let chromium = Chromium::start().await;
    let tab = Tab::new(chromium.client.clone(), demo.desk.clone());
    let mut failed = Vec::new();
    // While working on one page: `STORY=calendar cargo nextest run --test browser`.
    let only = std::env::var("STORY").ok();
    macro_rules! tell {
        ($($story:path),+ $(,)?) => {$(
            let wanted = only.as_deref().is_none_or(|only| stringify!($story).contains(only));
            if wanted {
                tab.begin().await;
            }
            if !wanted {
                println!("not asked for: {}", stringify!($story));
            } else if let Err(why) = $story(&tab, &demo).await {
                failed.push(format!("{}: {why}\n{}", stringify!($story), tab.scene().await));
            } else {
                println!("told: {}", stringify!($story));
            }
        )+};
    }
    tell![
        pages::at_the_door,
        pages::of_the_officer,
        pages::of_the_editor,
        pages::of_the_auditor,
        pages::of_the_administrator,
        pages::of_the_platforms,
        pages::of_a_headline_without_spaces,
        pages::the_frame_has_two_rows_in_a_narrow_window,
        writing::an_officer_writes_previews_and_queues,
        writing::what_was_typed_outlives_the_session,
        writing::what_two_tabs_wrote_is_there,
        writing::what_is_wrong_is_told_until_it_is_mended,
        writing::an_editor_approves,
        calendar::a_post_is_dragged_to_another_day,
        calendar::a_window_that_is_made_narrow_shows_days,
        calendar::what_a_week_has_no_room_for_is_read_by_key,
        watching::what_is_left_is_told_at_some_minutes,
        auditing::an_auditor_finds_checks_and_exports,
        auditing::an_administrator_adds_a_person,
        keyboard::the_main_job_by_keyboard,
        windows::eight_windows_are_open_and_all_are_live,
    ];
    chromium.end().await;
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
