//! Globs as regular expressions: `*`, `**`, `?`, `[abc]`, `[!a-c]`, `{a,b}`, and `\` before what stands for itself.

use crate::Error;

/// The regular expression that matches what the glob matches.
pub(super) fn translate(pattern: &str, delimiters: &[char]) -> Result<String, Error> {
    let separators: String = delimiters.iter().map(|letter| escaped(*letter)).collect();
    let one = if separators.is_empty() { "." } else { &format!("[^{separators}]") };
    let mut out = r"(?s)\A".to_owned();
    let mut rest = pattern;
    let mut open = 0_usize;
    while let Some(letter) = rest.chars().next() {
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        match letter {
            '*' => match rest.strip_prefix('*') {
                Some(behind) => {
                    rest = behind;
                    out.push_str(".*");
                }
                None => {
                    out.push_str(one);
                    out.push('*');
                }
            },
            '?' => out.push_str(one),
            '[' => rest = class(pattern, rest, &mut out)?,
            '{' => {
                open = open.saturating_add(1);
                out.push_str("(?:");
            }
            ',' if open > 0 => out.push('|'),
            '}' if open > 0 => {
                open = open.saturating_sub(1);
                out.push(')');
            }
            '\\' => {
                let literal =
                    rest.chars().next().ok_or_else(|| wrong(pattern, rest, "trailing backslash"))?;
                rest = rest.get(literal.len_utf8()..).unwrap_or_default();
                out.push_str(&escaped(literal));
            }
            literal => out.push_str(&escaped(literal)),
        }
    }
    if open > 0 {
        return Err(wrong(pattern, rest, "unclosed `{`"));
    }
    out.push_str(r"\z");
    Ok(out)
}

/// Reads a class behind its `[`: a range or a list of letters.
fn class<'p>(pattern: &str, mut rest: &'p str, out: &mut String) -> Result<&'p str, Error> {
    let end = |rest: &str| wrong(pattern, rest, "unexpected end of input");
    out.push('[');
    if let Some(behind) = rest.strip_prefix('!') {
        rest = behind;
        out.push('^');
    }
    let mut letters = rest.chars();
    let low = letters.next().ok_or_else(|| end(rest))?;
    if letters.next() == Some('-') {
        let high = letters.next().ok_or_else(|| end(rest))?;
        out.push_str(&format!("{}-{}]", escaped(low), escaped(high)));
        return match letters.next() {
            Some(']') if high < low => {
                Err(wrong(pattern, letters.as_str(), "range hi character is less than lo"))
            }
            Some(']') => Ok(letters.as_str()),
            Some(_) => Err(wrong(pattern, letters.as_str(), "expected close range character")),
            None => Err(end("")),
        };
    }
    let mut any = false;
    let mut letters = rest.chars();
    while let Some(letter) = letters.next() {
        let literal = match letter {
            ']' if any => {
                out.push(']');
                return Ok(letters.as_str());
            }
            ']' => return Err(wrong(pattern, letters.as_str(), "could not parse range")),
            '\\' => letters.next().ok_or_else(|| wrong(pattern, "", "trailing backslash"))?,
            letter => letter,
        };
        any = true;
        out.push_str(&escaped(literal));
    }
    Err(end(""))
}

/// A letter that stands for itself, in and out of classes.
fn escaped(letter: char) -> String {
    if letter.is_ascii_punctuation() { format!("\\x{:02x}", u32::from(letter)) } else { letter.to_string() }
}

fn wrong(pattern: &str, rest: &str, reason: &str) -> Error {
    let at = pattern.len().saturating_sub(rest.len());
    Error::Failed(format!("glob: syntax error at {at}: {reason}"))
}
