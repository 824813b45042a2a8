use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::*;

/// Keeps what is written to it.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_day_ends_as_promised() {
    let paper = Paper::default();
    play(12_000, Screen::plain(Box::new(paper.clone())), std::future::pending()).await.unwrap();
    let text = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("found by looking; it was not sent again"), "{text}");
    assert!(text.contains("lets OK answer again"), "{text}");
    for platform in PLATFORMS {
        // Addresses have letters of chance in them.
        let begins = |line: &str| line.trim_start().starts_with(&format!("{platform} "));
        let rows = text.lines().filter(|line| line.contains("http") && begins(line)).count();
        assert_eq!(rows, 4, "{platform}:\n{text}");
    }
    assert!(text.contains("Proven: 4 posts, 20 publications"), "{text}");
    assert_eq!(text.matches(" met").count(), 5, "{text}");
}

#[tokio::test]
async fn an_interrupted_demo_fails_and_says_so() {
    let told = play(60, Screen::plain(Box::new(Paper::default())), std::future::ready(())).await.unwrap_err();
    assert!(told.contains("interrupted"), "{told}");
}

#[tokio::test]
async fn a_post_that_stands_twice_or_not_at_all_is_told() {
    let clock = Arc::new(ScaledClock::standing_at(SystemClock.now(), 60));
    let town = Town::start(clock, Addresses::free()).await.unwrap();
    for channel in town.channels().filter(|c| c.platform() != Platform::Ok) {
        channel.post_by_hand("Новость", "Текст").unwrap();
    }
    town.channel("gorod-vk").unwrap().post_by_hand("Новость", "Текст").unwrap();
    let broken = proof::look(&town, &["Новость"]).broken.join("\n");
    for expected in [
        "does not stand on OK",
        "stands 2 times on VK",
        "VK shows 2 posts, and 1 were queued",
        "stood on WordPress before the four hours",
    ] {
        assert!(broken.contains(expected), "{expected}:\n{broken}");
    }
}
