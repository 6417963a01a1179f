use tollgate_rego_value::Val;

use crate::testing::{eval, fails};

const NOON: Val<'_> = Val::Int(1_518_004_800_000_000_000);

#[test]
fn layouts_are_go_s() {
    let at = Val::Int(1_709_510_405_006_007_008);
    for (layout, expected) in [
        ("", r#""2024-03-04T00:00:05.006007008Z""#),
        ("ANSIC", r#""Mon Mar  4 00:00:05 2024""#),
        ("RFC850", r#""Monday, 04-Mar-24 00:00:05 UTC""#),
        ("3:04PM .000 ,999999999 002 __2", r#""12:00AM .006 ,006007008 064  64""#),
        ("Month Jan_2006 -07:00:00 Z07", r#""Month Mar_2024 +00:00:00 Z""#),
    ] {
        let args = [Val::Array(&[at, Val::String("UTC"), Val::String(layout)])];
        assert_eq!(eval("time.format", &args), expected, "{layout}");
    }
}

#[test]
fn zones_come_from_the_program() {
    let zoned = |name| [Val::Array(Box::leak(Box::new([NOON, Val::String(name)])))];
    assert_eq!(eval("time.format", &zoned("Europe/Berlin")), r#""2018-02-07T13:00:00+01:00""#);
    assert_eq!(eval("time.clock", &zoned("Asia/Kathmandu")), "[17, 45, 0]");
    assert_eq!(eval("time.date", &zoned("Pacific/Kiritimati")), "[2018, 2, 8]");
    assert_eq!(eval("time.weekday", &[NOON]), r#""Wednesday""#);
    assert_eq!(fails("time.clock", &zoned("europe/berlin")), "unknown time zone europe/berlin");
    assert_eq!(fails("time.clock", &zoned("../etc")), "time: invalid location name");
}

#[test]
fn what_is_no_time_is_refused() {
    assert_eq!(fails("time.clock", &[Val::Number("1582977600000000000000")]), "timestamp too big");
    assert_eq!(fails("time.clock", &[Val::Number("1.5")]), "timestamp too big");
    assert_eq!(
        fails("time.clock", &[Val::Null]),
        "operand 1 must be either number (ns) or [number (ns), string (tz)] but got null"
    );
    assert_eq!(fails("time.clock", &[Val::Array(&[Val::Null])]), "operand 1 must be number but got null");
}

#[test]
fn dates_are_read_by_layout() {
    for (layout, value, expected) in [
        ("2006-01-02", "2020-02-29", 1_582_934_400_000_000_000_i64),
        ("RFC822Z", "02 Jan 06 15:04 -0700", 1_136_239_440_000_000_000),
        ("2006-01-02 15:04:05", "1970-01-01 00:00:01.25", 1_250_000_000),
        ("Jan _2 06 3:04pm MST", "feb  3 70 12:05am CET", 2_851_500_000_000_000),
        ("2006 002", "1970 060", 59 * 86_400_000_000_000),
        ("RFC3339", "1970-01-01T00:00:00.5+01:00", -3_599_500_000_000),
    ] {
        let args = [Val::String(layout), Val::String(value)];
        assert_eq!(eval("time.parse_ns", &args), expected.to_string(), "{value}");
    }
    for (layout, value, expected) in [
        ("2006-01-02", "2020-1-2", r#"parsing time "2020-1-2" as "2006-01-02": cannot parse "1-2" as "01""#),
        ("2006-01-02", "2021-02-29", r#"parsing time "2021-02-29": day out of range"#),
        ("15:04", "24:00", r#"parsing time "24:00": hour out of range"#),
        ("2006", "2006 ä", r#"parsing time "2006 ä": extra text: " \xc3\xa4""#),
        ("2006", "1600", "time outside of valid range"),
    ] {
        let expected = expected.replace("2006 ä", r"2006 \xc3\xa4");
        assert_eq!(fails("time.parse_ns", &[Val::String(layout), Val::String(value)]), expected);
    }
    let extremes = [
        ("1677-09-21T00:12:43.145224192-00:00", i64::MIN),
        ("2262-04-11T23:47:16.854775807-00:00", i64::MAX),
        ("2017-06-02T19:00:00-07:00", 1_496_455_200_000_000_000),
    ];
    for (value, expected) in extremes {
        assert_eq!(eval("time.parse_rfc3339_ns", &[Val::String(value)]), expected.to_string());
    }
    let beyond = [Val::String("2262-04-11T23:47:16.854775808-00:00")];
    assert_eq!(fails("time.parse_rfc3339_ns", &beyond), "time outside of valid range");
}

#[test]
fn durations_have_days_weeks_and_years() {
    for (text, expected) in [
        ("100ms", 100_000_000_i64),
        ("-1h30m", -5_400_000_000_000),
        ("1.5d", 129_600_000_000_000),
        ("1w2d3h", 788_400_000_000_000),
        (".5s", 500_000_000),
        ("1y", 31_536_000_000_000_000),
        ("0", 0),
        ("-9223372036854775808ns", i64::MIN),
    ] {
        assert_eq!(eval("time.parse_duration_ns", &[Val::String(text)]), expected.to_string(), "{text}");
    }
    for (text, expected) in [
        ("", r#"time: invalid duration """#),
        ("1", r#"time: missing unit in duration "1""#),
        ("1x", r#"time: unknown unit "x" in duration "1x""#),
        ("1x2d", r#"time: unknown unit "x" in duration "1x2d""#),
        ("1d2", r#"time: invalid duration "1d2""#),
        ("9223372036854775808ns", r#"time: invalid duration "9223372036854775808ns""#),
    ] {
        assert_eq!(fails("time.parse_duration_ns", &[Val::String(text)]), expected);
    }
}

#[test]
fn dates_are_added_as_the_calendar_has_them() {
    let add = |at, y, m, d| eval("time.add_date", &[Val::Int(at), Val::Int(y), Val::Int(m), Val::Int(d)]);
    assert_eq!(add(1_585_852_421_593_912_000, 3, 9, 12), "1705257221593912000");
    // 31 January and a month is 2 March in a leap year.
    assert_eq!(add(1_580_428_800_000_000_000, 0, 1, 0), "1583107200000000000");
    let far = [Val::Int(0), Val::Int(2262), Val::Int(1), Val::Int(1)];
    assert_eq!(fails("time.add_date", &far), "time outside of valid range");
    let farther = [Val::Int(0), Val::Int(i64::MAX), Val::Int(i64::MAX), Val::Int(i64::MIN)];
    assert_eq!(fails("time.add_date", &farther), "time outside of valid range");
}

#[test]
fn differences_count_whole_units() {
    let day = |text| match eval("time.parse_ns", &[Val::String("2006-01-02"), Val::String(text)]).parse() {
        Ok(number) => Val::Int(number),
        Err(_) => Val::Null,
    };
    let diff = |a, b| eval("time.diff", &[day(a), day(b)]);
    assert_eq!(diff("2020-02-02", "2020-03-01"), "[0, 0, 28, 0, 0, 0]");
    assert_eq!(diff("2021-03-01", "2021-02-02"), "[0, 0, 27, 0, 0, 0]");
    assert_eq!(diff("2004-02-29", "2005-03-01"), "[1, 0, 1, 0, 0, 0]");
    let ahead = Val::Array(&[Val::Int(60_000_000_000), Val::String("UTC")]);
    let behind = Val::Array(&[Val::Int(0), Val::String("Asia/Shanghai")]);
    assert_eq!(eval("time.diff", &[ahead, behind]), "[0, 0, 0, 0, 1, 0]");
}
