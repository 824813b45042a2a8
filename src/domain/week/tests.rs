use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

const RUSSIA: [Tz; 11] = [
    Tz::Europe__Kaliningrad,
    Tz::Europe__Moscow,
    Tz::Europe__Samara,
    Tz::Asia__Yekaterinburg,
    Tz::Asia__Omsk,
    Tz::Asia__Krasnoyarsk,
    Tz::Asia__Irkutsk,
    Tz::Asia__Yakutsk,
    Tz::Asia__Vladivostok,
    Tz::Asia__Magadan,
    Tz::Asia__Kamchatka,
];

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn week(text: &str) -> IsoWeek {
    text.parse().unwrap()
}

#[test]
fn a_week_is_written_as_iso_8601_writes_it() {
    assert_eq!(week("2026-W47").monday(), NaiveDate::from_ymd_opt(2026, 11, 16).unwrap());
    assert_eq!(week("2026-W53").to_string(), "2026-W53");
    assert_eq!(week("2026-W53").next().to_string(), "2027-W01");
    assert_eq!(week("2027-W01").previous().to_string(), "2026-W53");
    assert_eq!(serde_json::to_string(&week("2026-W47")).unwrap(), "\"2026-W47\"");
    assert!(serde_json::from_str::<IsoWeek>("\"2026-47\"").is_err());
}

#[test]
fn what_is_no_week_is_told_the_form_or_the_years_weeks() {
    for text in ["", "2026", "2026-47", "W47", "26-W47", "2026-W7", "2026-W+7", "2026-Wxx", "2026-w47-1"] {
        assert_eq!(text.parse::<IsoWeek>(), Err(WeekError::Unreadable(text.into())));
    }
    let error = |text: &str| text.parse::<IsoWeek>().unwrap_err().to_string();
    assert_eq!(error("2027-W53"), "2027 has no week 53; its weeks are W01 to W52");
    assert_eq!(error("2026-W54"), "2026 has no week 54; its weeks are W01 to W53");
    assert_eq!(error("2026-W00"), "2026 has no week 0; its weeks are W01 to W53");
}

#[test]
fn the_same_instant_is_another_week_in_the_east() {
    let sunday_evening = utc("2026-11-22T13:00:00Z");
    assert_eq!(IsoWeek::of(sunday_evening, Tz::Europe__Moscow), week("2026-W47"));
    assert_eq!(IsoWeek::of(sunday_evening, Tz::Asia__Kamchatka), week("2026-W48"));
}

#[test]
fn the_last_days_of_december_may_be_the_next_years_week() {
    // 2024-12-30 is a Monday; 2027-01-03 is a Sunday.
    assert_eq!(IsoWeek::of(utc("2024-12-30T12:00:00Z"), Tz::Europe__Moscow), week("2025-W01"));
    assert_eq!(IsoWeek::of(utc("2027-01-03T12:00:00Z"), Tz::Europe__Moscow), week("2026-W53"));
}

#[test]
fn a_week_in_which_clocks_change_is_an_hour_shorter_or_longer() {
    let hours = |text: &str, zone: Tz| {
        let bounds = week(text).bounds(zone);
        (bounds.end - bounds.start).num_hours()
    };
    assert_eq!(hours("2027-W12", Tz::Europe__Berlin), 167);
    assert_eq!(hours("2027-W43", Tz::Europe__Berlin), 169);
    assert_eq!(hours("2027-W12", Tz::Europe__Moscow), 168);
}

/// Counts posts by the times at which they went out or are to.
fn count(published: &[DateTime<Utc>], planned: &[DateTime<Utc>], minimum: u32, now: DateTime<Utc>) -> WeekCount {
    let bounds = week("2026-W47").bounds(Tz::Europe__Moscow);
    let within = |times: &[DateTime<Utc>], range: &Range<DateTime<Utc>>| {
        u32::try_from(times.iter().filter(|at| range.contains(at)).count()).unwrap()
    };
    let planned = within(planned, &planned_within(&bounds, now));
    WeekCount::of(within(published, &bounds), planned, minimum, now >= bounds.end)
}

#[test]
fn the_verdicts() {
    let published = [utc("2026-11-16T07:00:00Z"), utc("2026-11-18T07:00:00Z"), utc("2026-11-11T07:00:00Z")];
    let planned = [utc("2026-11-22T07:00:00Z"), utc("2026-11-23T07:00:00Z")];
    let verdict = |published: &[_], planned: &[_], now: &str| count(published, planned, 3, utc(now));

    let on_the_way = verdict(&published, &planned, "2026-11-20T12:00:00Z");
    assert_eq!(on_the_way, WeekCount { published: 2, planned: 1, minimum: 3, verdict: Verdict::OnTheWay });
    assert_eq!(verdict(&published, &planned[1..], "2026-11-20T12:00:00Z").verdict, Verdict::AtRisk);
    // 20:59:59 UTC is the last second of Sunday in Moscow; the overdue post still goes out in it.
    assert_eq!(verdict(&published, &planned, "2026-11-22T20:59:59Z").verdict, Verdict::OnTheWay);
    let missed = verdict(&published, &planned, "2026-11-22T21:00:00Z");
    assert_eq!((missed.verdict, missed.planned), (Verdict::Missed, 0));
    let enough = [published[0], published[1], planned[0]];
    assert_eq!(verdict(&enough, &[], "2026-11-22T21:00:00Z").verdict, Verdict::Met);
    // Before the week, what should have gone out earlier goes out earlier.
    let overdue = [utc("2026-11-12T07:00:00Z"), planned[0]];
    assert_eq!(verdict(&[], &overdue, "2026-11-13T12:00:00Z").planned, 1);
    assert_eq!(verdict(&[], &overdue, "2026-11-20T12:00:00Z").planned, 2);
}

fn any_zone() -> impl Strategy<Value = Tz> {
    prop_oneof![prop::sample::select(&RUSSIA[..]), prop::sample::select(&chrono_tz::TZ_VARIANTS[..])]
}

proptest! {
    #[test]
    fn every_instant_lies_in_exactly_its_week(seconds in 946_771_200i64..7_000_000_000, zone in any_zone()) {
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        let week = IsoWeek::of(at, zone);
        prop_assert!(week.bounds(zone).contains(&at));
        prop_assert!(!week.next().bounds(zone).contains(&at));
        prop_assert!(!week.previous().bounds(zone).contains(&at));
        prop_assert_eq!(week.bounds(zone).end, week.next().bounds(zone).start);
        prop_assert_eq!(week.to_string().parse(), Ok(week));
        prop_assert_eq!(week.next().previous(), week);
    }

    #[test]
    fn in_russia_every_week_has_168_hours(seconds in 1_767_225_600i64..4_000_000_000, zone in prop::sample::select(&RUSSIA[..])) {
        let bounds = IsoWeek::of(DateTime::from_timestamp(seconds, 0).unwrap(), zone).bounds(zone);
        prop_assert_eq!(bounds.end - bounds.start, TimeDelta::hours(168));
    }

    #[test]
    fn only_time_and_posts_change_a_verdict(
        published in prop::collection::vec(0i64..1_209_600, 0..6),
        planned in prop::collection::vec(0i64..1_209_600, 0..6),
        now in 0i64..1_209_600,
        minimum in 0u32..5,
    ) {
        let at = |s: i64| week("2026-W47").bounds(Tz::Europe__Moscow).start + TimeDelta::seconds(s);
        let (published, planned): (Vec<_>, Vec<_>) =
            (published.into_iter().map(at).collect(), planned.into_iter().map(at).collect());
        let counted = count(&published, &planned, minimum, at(now));
        prop_assert_eq!(counted.verdict == Verdict::Met, counted.published >= minimum);
        prop_assert_eq!(counted.verdict == Verdict::Missed, counted.published < minimum && now >= 604_800);
        // Nobody is told that a week is lost while it can be saved, nor that it is safe when it is not.
        prop_assert_eq!(
            counted.verdict == Verdict::AtRisk,
            now < 604_800 && counted.published + counted.planned < minimum
        );
    }
}

#[test]
fn text_and_garbage_do_not_bring_it_down() {
    for instant in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
        let week = IsoWeek::of(instant, Tz::Asia__Kamchatka);
        assert!(!week.bounds(Tz::Asia__Kamchatka).is_empty());
    }
    assert!("9999-W52".parse::<IsoWeek>().is_ok_and(|w| !w.bounds(Tz::Asia__Kamchatka).is_empty()));
    assert!("0000-W01".parse::<IsoWeek>().is_ok_and(|w| !w.bounds(Tz::Asia__Kamchatka).is_empty()));
}
