//! What somebody makes of a policy, in a form that can be compared.

use std::collections::BTreeSet;

use tollgate_vocabulary::{Number, Value};

/// What is made of a policy: by OPA, by a recorded case, or by us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// it is no policy, for these reasons
    Refused(Vec<Problem>),
    /// one answer for each input
    Answers(Vec<Answer>),
}

/// What a query gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// the sets of bindings, each as canonical JSON; none: undefined
    Result(BTreeSet<String>),
    /// nothing, for this reason
    Error(Problem),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// such as `rego_type_error`
    pub code: String,
    /// for a person
    pub message: String,
    /// file and line, such as `test-0.rego:4`, where they are known
    pub place: Option<String>,
}

/// JSON with sorted keys and each number written in one way, whatever way it was written in.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::Number(number) => text.push_str(&plain(number)),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                write(text, item);
            }
            text.push(']');
        }
        Value::Object(map) => {
            text.push('{');
            for (at, (key, value)) in map.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                write(text, &Value::String(key.clone()));
                text.push(':');
                write(text, value);
            }
            text.push('}');
        }
        other => text.push_str(&tollgate_manifest::canonical::text(other)),
    }
}

/// `1`, `1.0`, `10e-1` are all `1`; `15e299` is `1.5e300`.
fn plain(number: &Number) -> String {
    let text = number.as_str();
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let Ok(exponent) = exponent.parse::<i64>() else { return number.as_str().to_owned() };
    let kept = digits.trim_start_matches('0');
    if kept.is_empty() {
        return "0".to_owned();
    }
    // The value is 0.KEPT times ten to the power of `point`.
    let point = (whole.len() as i64 - (digits.len() - kept.len()) as i64).saturating_add(exponent);
    let kept = kept.trim_end_matches('0');
    let length = kept.len() as i64;
    match point {
        _ if (length..=25).contains(&point) => {
            format!("{sign}{kept}{}", "0".repeat((point - length) as usize))
        }
        1..=24 => format!("{sign}{}.{}", &kept[..point as usize], &kept[point as usize..]),
        -5..=0 => format!("{sign}0.{}{kept}", "0".repeat(point.unsigned_abs() as usize)),
        _ if length == 1 => format!("{sign}{kept}e{}", point - 1),
        _ => format!("{sign}{}.{}e{}", &kept[..1], &kept[1..], point - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(texts: &[&str]) -> String {
        let plain: BTreeSet<String> =
            texts.iter().map(|text| canonical(&Value::Number(Number::parse(text).unwrap()))).collect();
        assert_eq!(plain.len(), 1, "{plain:?}");
        plain.into_iter().next().unwrap()
    }

    #[test]
    fn a_number_is_written_in_one_way() {
        assert_eq!(same(&["1", "1.0", "10e-1", "0.1E1", "1e0"]), "1");
        assert_eq!(same(&["-0", "0.000", "0e10"]), "0");
        assert_eq!(same(&["-12.50", "-1.25e1", "-1250e-2"]), "-12.5");
        assert_eq!(same(&["0.001", "1e-3"]), "0.001");
        assert_eq!(same(&["1500e297", "1.5e300"]), "1.5e300");
        assert_eq!(same(&["12345678901234567890", "1234567890123456789e1"]), "12345678901234567890");
        assert_eq!(same(&["100", "1e2"]), "100");
    }
}
