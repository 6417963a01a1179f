use proptest::prelude::*;

use super::*;

fn a_year(text: &str) -> String {
    Schedule::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).fires_a_year().to_string()
}

#[test]
fn fires_are_those_of_2026() {
    for (text, expected) in [
        ("*/5 * * * *", 105_120),
        ("0 3 * * *", 365),
        ("30 2 * * 1-5", 261),
        ("30 2 * * MON-FRI", 261),
        // The first and fifteenth, and 52 Mondays; two days are both.
        ("0 0 1,15 * 1", 74),
        ("0 0 ? * ?", 365),
        // 2026 begins and ends with a Thursday.
        ("0 0 * * 4", 53),
        ("0 0 * * thu", 53),
        ("0 0 * * 0", 52),
        ("0 0 * * 7", 52),
        ("0 0 * * 0,7", 52),
        ("0 0 * * 5-7", 156),
        ("0 0 29 2 *", 0),
        ("0 0 31 * *", 7),
        ("0 0 1 jan,Jul *", 2),
        ("0 0-23/6 * * *", 4 * 365),
        ("0 5/6 * * *", 4 * 365),
        ("5/20 * * * *", 3 * 24 * 365),
        ("1,,2 0 * * *", 2 * 365),
        // A step takes the star's meaning away: 186 odd days, or 26 other Mondays.
        ("0 0 */2 * 1", 186 + 26),
        ("0 0 */1 * 1", 52),
        ("@hourly", 24 * 365),
        ("@daily", 365),
        ("@midnight", 365),
        ("@weekly", 52),
        ("@monthly", 12),
        ("@yearly", 1),
        ("@annually", 1),
        ("@every 90m", 5_840),
        ("@every 1h30m", 5_840),
        ("@every 1.5h", 5_840),
        ("@every 10ms", 31_536_000),
        ("TZ=Europe/Berlin 0 3 * * *", 365),
        ("CRON_TZ=Asia/Tokyo  @daily", 365),
    ] {
        assert_eq!(a_year(text), expected.to_string(), "{text}");
    }
    assert_eq!(a_year("@every 17520h"), "0.5");
}

#[test]
fn what_is_no_schedule_says_why() {
    for (text, part) in [
        ("", "five fields"),
        ("* * * *", "five fields"),
        ("0 * * * * *", "five fields"),
        ("60 * * * *", "from 0 to 59"),
        ("* 24 * * *", "from 0 to 23"),
        ("* * 0 * *", "from 1 to 31"),
        ("* * * 13 *", "from 1 to 12"),
        ("* * * * 8", "from 0 to 7"),
        ("* * * * mo", "day of week"),
        ("5-1 * * * *", "ends before"),
        ("*/0 * * * *", "step"),
        ("*/x * * * *", "step"),
        ("1-2-3 * * * *", "minute"),
        ("1/2/3 * * * *", "step"),
        ("-5 * * * *", "minute"),
        (", * * * *", "says nothing"),
        ("@fortnightly", "@weekly"),
        ("@every", "@every 90m"),
        ("@every soon", "duration"),
        ("@every 5", "duration"),
        ("@every -5m", "duration"),
        ("TZ=UTC", "time zone"),
        ("TZ= 0 0 * * *", "time zone"),
    ] {
        let error = Schedule::parse(text).expect_err(text);
        assert!(error.contains(part), "{text}: {error}");
    }
}

/// Whether a number is allowed, asked the slow way round.
fn allows(field: &str, number: u32, last: u32) -> bool {
    field.split(',').any(|part| {
        let (range, step) =
            part.split_once('/').map_or((part, 1), |(range, step)| (range, step.parse().unwrap()));
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (from.parse().unwrap(), to.parse().unwrap()),
            None if range == "*" => (if last == 31 || last == 12 { 1 } else { 0 }, last),
            None if part.contains('/') => (range.parse().unwrap(), last),
            None => (range.parse().unwrap(), range.parse().unwrap()),
        };
        (from..=to).contains(&number) && (number - from).is_multiple_of(step)
    })
}

fn any_field(least: u32, most: u32) -> impl Strategy<Value = String> {
    let number = least..=most;
    let part = prop_oneof![
        Just("*".to_owned()),
        (1_u32..10).prop_map(|step| format!("*/{step}")),
        number.clone().prop_map(|number| number.to_string()),
        (number.clone(), number.clone(), 1_u32..6).prop_map(|(a, b, step)| format!(
            "{}-{}/{step}",
            a.min(b),
            a.max(b)
        )),
        (number, 1_u32..6).prop_map(|(from, step)| format!("{from}/{step}")),
    ];
    proptest::collection::vec(part, 1..3).prop_map(|parts| parts.join(","))
}

proptest! {
    #[test]
    fn counting_is_walking_through_the_year(
        minute in any_field(0, 59),
        hour in any_field(0, 23),
        day in any_field(1, 31),
        month in any_field(1, 12),
        weekday in any_field(0, 6),
    ) {
        let star = |field: &str| field.split(',').any(|part| part == "*" || part == "*/1");
        let either = !star(&day) && !star(&weekday);
        let mut fires = 0_u64;
        let mut date = 0_u32;
        for (number, length) in (1_u32..).zip([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
            for of_month in 1..=length {
                let (a, b) = (allows(&day, of_month, 31), allows(&weekday, (date + 4) % 7, 6));
                date += 1;
                if !allows(&month, number, 12) || !(if either { a || b } else { a && b }) {
                    continue;
                }
                let times = (0..24).filter(|at| allows(&hour, *at, 23)).count()
                    * (0..60).filter(|at| allows(&minute, *at, 59)).count();
                fires += times as u64;
            }
        }
        prop_assert_eq!(a_year(&format!("{minute} {hour} {day} {month} {weekday}")), fires.to_string());
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", fields in "[-0-9*/,?@a-z ]{0,30}") {
        let _ = (Schedule::parse(&text), Schedule::parse(&fields), duration::seconds(&text));
    }
}
