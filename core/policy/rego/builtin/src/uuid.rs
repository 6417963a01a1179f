//! UUIDs, taken apart (RFC 4122). None is made: that is random.

use tollgate_rego_value::Val;

use crate::operand::string;
use crate::{Builtin, Call, Error, Type};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[Builtin::function(
    "uuid.parse",
    &[("uuid", Type::String)],
    Type::Object(&[], Some((&Type::String, &Type::Any))),
    parse,
)];

/// From 1582-10-15, when these times begin, to 1970, in 100 nanoseconds.
const TO_1970: i64 = 0x01b2_1dd2_1381_4000;

fn parse<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    call.meter.spend(1)?;
    let uuid = read(text).ok_or(Error::Undefined)?;
    let part = |from: u32, bits: u32| uuid.checked_shr(128 - from - bits).unwrap_or(0) & ((1 << bits) - 1);
    let number = |part: u128| Val::Int(i64::try_from(part).unwrap_or(i64::MAX));
    let version = part(48, 4);
    let variant = match part(64, 3) {
        0b100 | 0b101 => "RFC4122",
        0b110 => "Microsoft",
        0b111 => "Future",
        _ => "Reserved",
    };
    let mut entries =
        vec![(Val::String("version"), number(version)), (Val::String("variant"), Val::String(variant))];
    if matches!(version, 1 | 2) {
        let ticks = i64::try_from(part(52, 12) << 48 | part(32, 16) << 32 | part(0, 32)).unwrap_or_default();
        // Wraps as Go's arithmetic does: years beyond 2262 are no time of 64 bits.
        let time = (ticks - TO_1970).wrapping_mul(100);
        let node: Vec<_> = (0..6).map(|at| format!("{:02x}", part(80 + at * 8, 8))).collect();
        let mac = match part(80, 8) & 0b11 {
            0b11 => "local:multicast",
            0b01 => "global:multicast",
            0b10 => "local:unicast",
            _ => "global:unicast",
        };
        entries.push((Val::String("time"), Val::Int(time)));
        entries.push((Val::String("nodeid"), call.arena.string(&node.join("-"))?));
        entries.push((Val::String("macvariables"), Val::String(mac)));
        entries.push((Val::String("clocksequence"), number(part(66, 14))));
    }
    if version == 2 {
        let domain = match part(72, 8) {
            0 => "Person".to_owned(),
            1 => "Group".to_owned(),
            2 => "Org".to_owned(),
            other => format!("Domain{other}"),
        };
        entries.push((Val::String("id"), number(part(0, 32))));
        entries.push((Val::String("domain"), call.arena.string(&domain)?));
    }
    Ok(call.arena.object(entries)?)
}

/// Reads the four ways to write one: plain, `urn:uuid:`, in braces, without hyphens.
fn read(text: &str) -> Option<u128> {
    let text = match text.len() {
        32 => return digits(text),
        36 => text,
        45 => text
            .get(9..)
            .filter(|_| text.get(..9).is_some_and(|urn| urn.eq_ignore_ascii_case("urn:uuid:")))?,
        // Which braces they are nobody asks.
        38 => text.get(1..37)?,
        _ => return None,
    };
    if [8, 13, 18, 23].iter().any(|at| text.as_bytes().get(*at) != Some(&b'-')) {
        return None;
    }
    let plain: String = [(0, 8), (9, 13), (14, 18), (19, 23), (24, 36)]
        .iter()
        .map(|(from, to)| text.get(*from..*to))
        .collect::<Option<_>>()?;
    digits(&plain)
}

fn digits(text: &str) -> Option<u128> {
    text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u128::from_str_radix(text, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{call, eval};

    #[test]
    fn a_uuid_tells_what_it_holds() {
        let parse = |text| eval("uuid.parse", &[Val::String(text)]);
        let random = r#"{"variant": "RFC4122", "version": 4}"#;
        assert_eq!(parse("00000000-0000-4000-8000-000000000000"), random);
        assert_eq!(parse("URN:UUID:00000000-0000-4000-8000-000000000000"), random);
        assert_eq!(parse("{00000000-0000-4000-8000-000000000000}"), random);
        assert_eq!(parse("00000000000040008000000000000000"), random);
        assert_eq!(
            parse("000003e8-48b9-21ee-b200-325096b39f47"),
            r#"{"clocksequence": 12800, "domain": "Person", "id": 1000, "macvariables": "local:unicast", "nodeid": "32-50-96-b3-9f-47", "time": 1693566990121469600, "variant": "RFC4122", "version": 2}"#
        );
    }

    #[test]
    fn what_is_no_uuid_has_no_value() {
        for text in [
            "",
            "00000000-0000-4000-8000-00000000000g",
            "00000000+0000-4000-8000-000000000000",
            "+0000000000040008000000000000000",
        ] {
            call("uuid.parse", &[Val::String(text)], |result| {
                assert_eq!(result, Err(Error::Undefined), "{text}")
            });
        }
    }
}
