use proptest::prelude::*;

use super::*;

/// The eleven zones of Russia, by name and hours from Greenwich.
const RUSSIA: [(Tz, i32); 11] = [
    (Tz::Europe__Kaliningrad, 2),
    (Tz::Europe__Moscow, 3),
    (Tz::Europe__Samara, 4),
    (Tz::Asia__Yekaterinburg, 5),
    (Tz::Asia__Omsk, 6),
    (Tz::Asia__Krasnoyarsk, 7),
    (Tz::Asia__Irkutsk, 8),
    (Tz::Asia__Yakutsk, 9),
    (Tz::Asia__Vladivostok, 10),
    (Tz::Asia__Magadan, 11),
    (Tz::Asia__Kamchatka, 12),
];

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    utc("2026-11-22T04:00:00Z")
}

#[test]
fn nine_in_the_morning_is_another_instant_in_each_of_the_eleven_zones() {
    for (zone, hours) in RUSSIA {
        let expected = utc("2026-11-23T09:00:00Z") - TimeDelta::hours(hours.into());
        for text in
            ["2026-11-23 09:00", "2026-11-23T09:00", "2026-11-23T09:00:00", "23.11.2026 9:00", " 23.11.2026  09:00 "]
        {
            assert_eq!(instant(text, zone, now()), Ok(expected), "{text} in {zone}");
        }
    }
}

#[test]
fn an_offset_that_is_written_counts_whatever_the_zone() {
    let expected = utc("2026-11-23T07:00:00Z");
    for text in [
        "2026-11-23T10:00:00+03:00",
        "2026-11-23 10:00 +0300",
        "2026-11-23 10:00+03",
        "2026-11-23T07:00:00Z",
        "2026-11-23T07:00:00.000Z",
        "2026-11-23 02:00-05:00",
        "23.11.2026 07:00Z",
    ] {
        assert_eq!(instant(text, Tz::Asia__Kamchatka, now()), Ok(expected), "{text}");
    }
}

#[test]
fn today_is_today_on_the_clocks_of_the_zone() {
    // 21:30 UTC is past midnight in Moscow and noon of the next day is far off in Kamchatka.
    let now = utc("2026-11-22T21:30:00Z");
    assert_eq!(instant("10:00", Tz::Europe__Moscow, now), Ok(utc("2026-11-23T07:00:00Z")));
    assert_eq!(instant("10:00", Tz::Asia__Kamchatka, now), Ok(utc("2026-11-22T22:00:00Z")));
}

#[test]
fn from_now_counts_from_now() {
    for (text, minutes) in [("+2h", 120), ("+30m", 30), ("+1h30m", 90), ("+0m", 0), ("+8784h", 527_040)] {
        assert_eq!(instant(text, Tz::Europe__Moscow, now()), Ok(now() + TimeDelta::minutes(minutes)), "{text}");
    }
}

#[test]
fn what_is_no_time_is_told_the_forms() {
    for text in [
        "",
        "завтра",
        "2026-11-23",
        "2026-13-01 10:00",
        "2026-02-29 10:00",
        "26-11-23 10:00",
        "23.11.26 10:00",
        "2026-11-23 25:00",
        "2026-11-23 10:00:60",
        "2026-11-23 24:00",
        "2026-11-23 10",
        "12026-11-23 10:00",
        "+",
        "+h",
        "+2",
        "+2d",
        "+-2h",
        "+9000h",
        "+999999999h",
        "2026-11-23T10:00+25:00",
        "2026-11-23T10:00+3",
        "2026-11-23T10:00+",
        "10:00 23.11.2026",
        "2026-11-23 10:00 MSK",
    ] {
        let error = instant(text, Tz::Europe__Moscow, now()).unwrap_err();
        assert!(matches!(error, WallTimeError::Unreadable { .. }), "{text}: {error}");
        assert!(error.to_string().contains("23.11.2026 10:00"), "{error}");
    }
}

#[test]
fn a_skipped_time_is_told_what_exists() {
    // Berlin puts its clocks forward on 2027-03-28, Moscow abolished that in 2011.
    let error = instant("2027-03-28 02:30", Tz::Europe__Berlin, now()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`2027-03-28 02:30` does not exist in Europe/Berlin: the clocks go from 02:00 to 03:00; \
         take a time before 2027-03-28 02:00 or from 2027-03-28 03:00 on"
    );
    assert!(instant("2027-03-28 02:30", Tz::Europe__Moscow, now()).is_ok());
}

#[test]
fn a_time_that_comes_twice_is_asked_for_its_offset_and_then_taken() {
    let error = instant("2027-10-31 02:30", Tz::Europe__Berlin, now()).unwrap_err().to_string();
    assert!(error.contains("comes twice in Europe/Berlin, at +02:00 and at +01:00"), "{error}");
    for (text, expected) in
        [("2027-10-31 02:30+02:00", "2027-10-31T00:30:00Z"), ("2027-10-31 02:30+01:00", "2027-10-31T01:30:00Z")]
    {
        assert!(error.contains(text), "{error}");
        assert_eq!(instant(text, Tz::Europe__Berlin, now()), Ok(utc(expected)));
    }
}

#[test]
fn what_is_over_is_refused_with_the_time_it_is() {
    let error = instant("22.11.2026 06:58", Tz::Europe__Moscow, now()).unwrap_err().to_string();
    assert!(error.contains("in the past: it is 2026-11-22 07:00:00 +03:00 in Europe/Moscow now"), "{error}");
    assert!(instant("22.11.2026 06:59", Tz::Europe__Moscow, now()).is_ok(), "a minute to type it");
    assert!(read("22.11.2020 06:58", Tz::Europe__Moscow, now()).is_ok(), "history asks for what is over");
}

#[test]
fn a_day_of_history_is_the_whole_day() {
    for text in ["2026-11-23", "23.11.2026"] {
        let at = |e| edge(text, e, Tz::Europe__Moscow, now());
        assert_eq!(at(Edge::From), Ok(utc("2026-11-22T21:00:00Z")));
        assert_eq!(at(Edge::To), Ok(utc("2026-11-23T21:00:00Z")));
    }
    assert_eq!(edge("2026-11-23 10:00", Edge::To, Tz::Europe__Moscow, now()), Ok(utc("2026-11-23T07:00:00Z")));
}

#[test]
fn a_day_whose_midnight_is_skipped_begins_at_the_first_time_there_is() {
    // Havana: 2027-03-14 00:00 becomes 01:00. Apia left out 2011-12-30 altogether.
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    assert_eq!(day_start(day(2027, 3, 14), Tz::America__Havana), utc("2027-03-14T05:00:00Z"));
    assert_eq!(day_start(day(2011, 12, 30), Tz::Pacific__Apia), day_start(day(2011, 12, 31), Tz::Pacific__Apia));
}

proptest! {
    #[test]
    fn what_is_shown_can_be_typed_again(
        seconds in 946_771_200i64..7_000_000_000,
        zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
    ) {
        let instant = DateTime::from_timestamp(seconds, 0).unwrap();
        prop_assert_eq!(read(&show(instant, zone), zone, now()), Ok(instant));
    }

    #[test]
    fn a_wall_time_comes_back_as_it_was_typed(
        minutes in 0i64..60_000_000,
        zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
    ) {
        let wall = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap().and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes);
        match read(&wall.format("%Y-%m-%d %H:%M").to_string(), zone, now()) {
            Ok(instant) => prop_assert_eq!(local(instant, zone).naive_local(), wall),
            Err(WallTimeError::Skipped { from, to, .. }) => prop_assert!(from <= wall && wall < to),
            Err(WallTimeError::Twice { earlier, later, .. }) => {
                prop_assert!(earlier.local_minus_utc() > later.local_minus_utc());
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn nothing_that_is_typed_brings_it_down(text in "\\PC{0,40}", mixed in "[0-9:TZhm+. -]{0,24}") {
        for text in [&text, &mixed] {
            let _ = edge(text, Edge::To, Tz::Europe__Moscow, now());
            let _ = instant(text, Tz::Asia__Kamchatka, now());
        }
    }
}

#[test]
fn instants_beyond_every_calendar_are_still_shown() {
    for instant in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
        assert!(!show(instant, Tz::Asia__Kamchatka).is_empty());
    }
}

#[test]
fn russian_zones_are_named_by_moscow() {
    assert_eq!(hours_from_moscow(Tz::Europe__Moscow), Some(0));
    assert_eq!(hours_from_moscow(Tz::Europe__Kaliningrad), Some(-1));
    assert_eq!(hours_from_moscow(Tz::Asia__Kamchatka), Some(9));
    assert_eq!(hours_from_moscow(Tz::Europe__Berlin), None, "its clocks are changed twice a year");
    assert_eq!(hours_from_moscow(Tz::Asia__Kolkata), None);
}
