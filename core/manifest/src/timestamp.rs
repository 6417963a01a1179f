//! Which plain scalars go-yaml takes for a date or a time (`parseTimestamp` in its `resolve.go`).
//!
//! kubectl then reads them as their text, but Kustomize writes them anew: `2001-01-01` becomes
//! `2001-01-01T00:00:00Z`.

/// Whether `text` has one of the four forms: `2006-1-2T15:4:5.9Z07:00`, the same with `t`, `2006-1-2 15:4:5.9`, and
/// `2006-1-2`. Taken a little wider than Go does (days of the month are not counted).
pub(crate) fn is(text: &str) -> bool {
    parts(text).is_some()
}

/// Whether `text` is a time that is written as Go writes it, so that nobody writes it anew.
pub(crate) fn is_canonical(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let head = bytes.get(..shape.len()).is_some_and(|head| {
        head.iter()
            .zip(shape)
            .all(|(byte, form)| if *form == b'd' { byte.is_ascii_digit() } else { byte == form })
    });
    let rest = text.get(shape.len()..).unwrap_or_default();
    let fraction = rest.trim_end_matches(|character| character != 'Z').strip_suffix('Z');
    head && match fraction {
        Some("") => rest == "Z",
        Some(fraction) => {
            let digits = fraction.strip_prefix('.').unwrap_or_default();
            rest.ends_with('Z')
                && (1..=9).contains(&digits.len())
                && digits.bytes().all(|digit| digit.is_ascii_digit())
                && !digits.ends_with('0')
        }
        None => false,
    }
}

fn parts(text: &str) -> Option<()> {
    let rest = number(text, 4, 4, 9999)?.strip_prefix('-')?;
    let rest = number(rest, 1, 2, 12)?.strip_prefix('-')?;
    let rest = number(rest, 1, 2, 31)?;
    if rest.is_empty() {
        return Some(());
    }
    let zoned = rest.starts_with(['T', 't']);
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let rest = number(rest, 1, 2, 23)?.strip_prefix(':')?;
    let rest = number(rest, 1, 2, 59)?.strip_prefix(':')?;
    let mut rest = number(rest, 1, 2, 59)?;
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let end = fraction.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(fraction.len());
        rest = if end == 0 { return None } else { fraction.get(end..)? };
    }
    if !zoned {
        return rest.is_empty().then_some(());
    }
    if rest == "Z" {
        return Some(());
    }
    let rest = number(rest.strip_prefix(['+', '-'])?, 2, 2, 24)?.strip_prefix(':')?;
    number(rest, 2, 2, 60)?.is_empty().then_some(())
}

/// A number of `least` to `most` digits up to `limit`; what follows it.
fn number(text: &str, least: usize, most: usize, limit: u32) -> Option<&str> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(digits)?;
    (digits.len() >= least && digits.parse::<u32>().ok()? <= limit).then_some(rest)
}
