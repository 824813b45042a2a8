//! Past weeks at a glance: bars against the minimum, a band for each channel, drawn by the server.

use chrono::Datelike as _;

use crate::domain::week::IsoWeek;
use crate::jobs::PastWeek;
use crate::web::page::Page;

/// Measures, in units of the drawing.
const BAR: usize = 18;
const STEP: usize = 24;
const BAND: usize = 72;
const GROUND: usize = 60;
const TALLEST: usize = 40;
const LABELS: usize = 20;
/// So many weeks are as wide as the name of a channel.
const NAME: usize = 12;

/// The drawing, and the same in figures.
pub(super) struct Picture {
    pub bands: Vec<Band>,
    pub weeks: Vec<IsoWeek>,
    pub width: usize,
    pub height: usize,
}

/// One channel.
pub(super) struct Band {
    pub name: String,
    /// The top of the band.
    pub y: usize,
    /// Where the minimum lies.
    pub minimum_y: usize,
    pub bars: Vec<Bar>,
    /// Weeks that had enough, of those that counted.
    pub met: usize,
    pub counted: usize,
}

/// One week of one channel.
pub(super) struct Bar {
    pub x: usize,
    pub y: usize,
    pub height: usize,
    pub published: u32,
    /// `met`, `missed`, or `none` for a week before vestnik was at work.
    pub verdict: &'static str,
}

/// A month's name under the week it begins in.
pub(super) struct Label {
    pub x: usize,
    pub month: u32,
}

impl Picture {
    pub fn of(mut channels: Vec<(String, Vec<PastWeek>)>, minimum: u32) -> Self {
        // What was before vestnik was at work is no part of the picture.
        let counts = |weeks: &Vec<PastWeek>| weeks.iter().position(|week| week.was_counted || week.published > 0);
        let before = channels.iter().filter_map(|(_, weeks)| counts(weeks)).min().unwrap_or_default();
        channels.iter_mut().for_each(|(_, weeks)| drop(weeks.drain(..before)));
        let weeks: Vec<_> =
            channels.first().map(|(_, weeks)| weeks.iter().map(|w| w.week).collect()).unwrap_or_default();
        let height = channels.len() * BAND + LABELS;
        let bands = channels.into_iter().enumerate().map(|(n, (name, weeks))| band(name, n * BAND, &weeks, minimum));
        Self { bands: bands.collect(), width: weeks.len().max(NAME) * STEP, weeks, height }
    }

    /// Whether any week counts at all.
    pub fn says_something(&self) -> bool {
        self.bands.iter().any(|band| band.counted > 0)
    }

    /// The months, each under the first week that begins in it.
    pub fn labels(&self) -> Vec<Label> {
        let month = |n: usize| self.weeks[n].monday().month();
        let begins = |n: &usize| *n > 0 && month(*n) != month(*n - 1);
        (0..self.weeks.len()).filter(begins).map(|n| Label { x: n * STEP, month: month(n) }).collect()
    }

    /// The same as rows of a table: the newest week first, its bars in the order of the bands.
    pub fn rows(&self) -> Vec<(IsoWeek, Vec<&Bar>)> {
        let of = |n: usize| self.bands.iter().filter_map(|band| band.bars.get(n)).collect();
        self.weeks.iter().enumerate().rev().map(|(n, week)| (*week, of(n))).collect()
    }

    /// The picture in a sentence for each channel.
    pub fn told(&self, page: &Page) -> String {
        let band = |band: &Band| {
            let words = page.t("weeks-picture-channel").with("channel", band.name.clone());
            words.with("met", band.met).with("counted", band.counted).to_string()
        };
        self.bands.iter().map(band).collect::<Vec<_>>().join(" ")
    }
}

fn band(name: String, y: usize, weeks: &[PastWeek], minimum: u32) -> Band {
    let most = weeks.iter().map(|week| week.published).chain([minimum, 1]).max().unwrap_or(1);
    let tall = |n: u32| (n as usize * TALLEST).div_ceil(most as usize);
    let bars = weeks.iter().enumerate().map(|(n, week)| {
        let height = tall(week.published);
        let verdict = match (week.was_counted, week.published >= minimum) {
            (false, _) => "none",
            (true, true) => "met",
            (true, false) => "missed",
        };
        // Nothing at all is drawn, too: a week without posts is the one to be seen.
        let height = if verdict == "none" { height } else { height.max(2) };
        Bar { x: n * STEP + (STEP - BAR) / 2, y: y + GROUND - height, height, published: week.published, verdict }
    });
    let bars: Vec<_> = bars.collect();
    Band {
        minimum_y: y + GROUND - tall(minimum),
        met: bars.iter().filter(|bar| bar.verdict == "met").count(),
        counted: bars.iter().filter(|bar| bar.verdict != "none").count(),
        name,
        y,
        bars,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(published: &[u32]) -> Vec<PastWeek> {
        let last: IsoWeek = "2026-W46".parse().unwrap();
        let mut weeks: Vec<_> =
            std::iter::successors(Some(last), |w| Some(w.previous())).take(published.len()).collect();
        weeks.reverse();
        let week = |(week, published): (IsoWeek, &u32)| PastWeek { week, published: *published, was_counted: true };
        weeks.into_iter().zip(published).map(week).collect()
    }

    #[test]
    fn bars_are_measured_against_the_minimum() {
        let picture = Picture::of(vec![("MAX".into(), past(&[3, 0, 6])), ("VK".into(), past(&[1, 2, 3]))], 3);
        let max = &picture.bands[0];
        assert_eq!(max.bars.iter().map(|bar| bar.verdict).collect::<Vec<_>>(), ["met", "missed", "met"]);
        assert_eq!((max.met, max.counted), (2, 3));
        assert_eq!(max.bars[0].y, max.minimum_y, "three posts reach the line");
        assert!(max.bars[1].height > 0, "a week without posts is seen");
        assert_eq!(max.bars[2].height, TALLEST);
        assert_eq!(picture.bands[1].y, BAND);
        assert_eq!(picture.height, 2 * BAND + LABELS);
    }

    #[test]
    fn weeks_before_vestnik_are_nobodys_fault() {
        let before = past(&[0, 0]).into_iter().map(|week| PastWeek { was_counted: false, ..week }).collect();
        let picture = Picture::of(vec![("MAX".into(), before)], 3);
        assert!(!picture.says_something());
        assert!(picture.bands[0].bars.iter().all(|bar| bar.verdict == "none" && bar.height == 0));
        assert!(Picture::of(Vec::new(), 3).weeks.is_empty());
    }

    #[test]
    fn the_picture_begins_with_the_first_week_that_counts() {
        let mut weeks = past(&[0, 0, 0, 2, 3]);
        weeks[..2].iter_mut().for_each(|week| week.was_counted = false);
        let picture = Picture::of(vec![("MAX".into(), weeks)], 3);
        let shown: Vec<_> = picture.bands[0].bars.iter().map(|bar| (bar.verdict, bar.published)).collect();
        assert_eq!(shown, [("missed", 0), ("missed", 2), ("met", 3)]);
        assert_eq!(picture.weeks.len(), 3);
    }

    #[test]
    fn a_month_is_named_under_its_first_week() {
        let picture = Picture::of(vec![("MAX".into(), past(&[1; 6]))], 3);
        let labels: Vec<_> = picture.labels().iter().map(|label| (label.x / STEP, label.month)).collect();
        assert_eq!(labels, [(4, 11)], "5 October to 9 November: {:?}", picture.weeks);
    }
}
