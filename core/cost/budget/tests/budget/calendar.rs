//! Months in zones: where they begin and end, and how many hours really pass in them.

use tollgate_budget::Period;
use tollgate_vocabulary::Ratio;

use crate::estate::{at, budget, time};

fn month(zone: &str, now: &str) -> Period {
    budget("a", "5", &format!(", timeZone: {zone}")).period(time(now).as_second()).unwrap()
}

#[test]
fn a_month_runs_from_local_midnight_to_local_midnight_and_counts_real_hours() {
    for (zone, now, start, end, hours) in [
        ("UTC", "2026-11-22T12:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", 720),
        ("UTC", "2028-02-29T23:59:59Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z", 696),
        ("UTC", "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 744),
        // An hour less when clocks go forward, one more when they go back.
        ("Europe/Berlin", "2026-03-15T00:00:00Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", 743),
        ("Europe/Berlin", "2026-10-15T00:00:00Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", 745),
        ("Europe/Berlin", "2026-11-15T00:00:00Z", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z", 720),
        ("America/New_York", "2026-03-15T00:00:00Z", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z", 743),
        ("Australia/Lord_Howe", "2026-04-15T00:00:00Z", "2026-03-31T13:00:00Z", "2026-04-30T13:30:00Z", 720),
        ("Asia/Kathmandu", "2026-11-30T18:14:59Z", "2026-10-31T18:15:00Z", "2026-11-30T18:15:00Z", 720),
        ("Asia/Kathmandu", "2026-11-30T18:15:00Z", "2026-11-30T18:15:00Z", "2026-12-31T18:15:00Z", 744),
        // Samoa left out Friday, 30 December 2011.
        ("Pacific/Apia", "2011-12-15T00:00:00Z", "2011-12-01T10:00:00Z", "2011-12-31T10:00:00Z", 720),
        ("Pacific/Apia", "2026-11-15T00:00:00Z", "2026-10-31T11:00:00Z", "2026-11-30T11:00:00Z", 720),
        // Midnight of the 1st was left out: clocks went from 24:00 to 01:00.
        ("America/Asuncion", "2017-10-15T00:00:00Z", "2017-10-01T04:00:00Z", "2017-11-01T03:00:00Z", 743),
        // Midnight of the 1st came twice: clocks went from 01:00 to 00:00.
        ("America/Havana", "2015-11-15T00:00:00Z", "2015-11-01T04:00:00Z", "2015-12-01T05:00:00Z", 721),
    ] {
        let month = month(zone, now);
        let told = (at(month.start).to_string(), at(month.end).to_string());
        assert_eq!(told, (start.to_owned(), end.to_owned()), "{zone} at {now}");
        let half = if zone == "Australia/Lord_Howe" { Ratio::new(1, 2).unwrap() } else { Ratio::ZERO };
        assert_eq!(month.hours(), Ratio::whole(hours).plus(half).unwrap(), "{zone} at {now}");
    }
}

#[test]
fn months_follow_one_another_without_gap_or_overlap() {
    for zone in
        ["UTC", "Europe/Berlin", "Pacific/Apia", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Tehran"]
    {
        let mut before = month(zone, "1999-12-15T00:00:00Z");
        let budget = budget("a", "5", &format!(", timeZone: {zone}"));
        for _ in 0..600 {
            let next = budget.period(before.end).unwrap();
            assert_eq!(next.start, before.end, "{zone}");
            assert_eq!(budget.period(next.end - 1), Ok(next), "{zone}");
            assert!((660 * 3600..=746 * 3600).contains(&(next.end - next.start)), "{zone}: {next:?}");
            before = next;
        }
    }
}

#[test]
fn a_time_beyond_the_calendar_is_an_error() {
    let budget = budget("a", "5", "");
    assert!(budget.period(time("9999-12-30T00:00:00Z").as_second()).is_err());
    assert!(budget.period(i64::MAX).is_err());
    let error = budget.period(i64::MIN).unwrap_err().to_string();
    assert_eq!(error, "the time -9223372036854775808 s since 1970 lies outside of the calendar");
}
