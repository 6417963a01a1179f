//! Makes characters that act instead of being shown inert: terminal escapes, text that runs backwards, what cannot be
//! seen.

use std::fmt::Write as _;

/// `text` with every acting character replaced by one that is shown; as many characters as before.
pub(super) fn visible(text: &str) -> String {
    shown_but(text, None)
}

/// As [`visible`], but lines stay apart: for whoever says where each begins.
pub(super) fn visible_lines(text: &str) -> String {
    shown_but(text, Some('\n'))
}

/// As [`visible`], but tabs stay: for source lines.
pub(super) fn visible_line(text: &str) -> String {
    shown_but(text, Some('\t'))
}

/// Also takes the bracket from `##[command]` and `##word[command]`, which some build servers obey in the middle of a
/// line.
fn shown_but(text: &str, kept: Option<char>) -> String {
    let mut hashes = 0;
    let mut shown_text = String::with_capacity(text.len());
    for character in text.chars() {
        let commands = hashes >= 2;
        hashes = match character {
            '#' => hashes + 1,
            'a'..='z' | 'A'..='Z' if commands => hashes,
            _ => 0,
        };
        shown_text.push(match character {
            '[' if commands => '\u{27e6}',
            _ if Some(character) == kept => character,
            _ => shown(character),
        });
    }
    shown_text
}

/// JSON text with every acting character escaped. JSON has none outside of its strings.
pub(super) fn json(text: &str) -> String {
    escaped(text, |escaped, character| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    })
}

/// YAML text whose strings are all double-quoted, with every acting character escaped.
pub(super) fn yaml(text: &str) -> String {
    escaped(text, |escaped, character| {
        let _ = write!(escaped, "\\U{:08x}", u32::from(character));
    })
}

fn escaped(text: &str, escape: impl Fn(&mut String, char)) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character != '\n' && acts(character) {
            escape(&mut escaped, character);
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn shown(character: char) -> char {
    match character {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ if acts(character) => '\u{fffd}',
        _ => character,
    }
}

/// Controls (C0, C1), bidirectional and other invisible formatting, noncharacters, tags. Joiners (U+200C, U+200D) are
/// part of how words and emoji are written.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_reversed_text_are_shown_and_never_act() {
        assert_eq!(visible("a\u{1b}[31m\u{9b}2J\u{202e}\r\n\u{7f}é"), "a␛[31m\u{fffd}2J\u{fffd}␍␊␡é");
        assert_eq!(visible_lines("a\n\tb"), "a\n␉b");
        assert_eq!(visible_line("a\n\tb"), "a␊\tb");
        assert_eq!(visible("##[error] ##vso[x] ## [a] #[b]"), "##⟦error] ##vso⟦x] ## [a] #[b]");
    }

    #[test]
    fn json_and_yaml_escape_what_their_writers_leave() {
        assert_eq!(json("\"\u{7f}\u{2028}\u{e0001}é\"\n"), "\"\\u007f\\u2028\\udb40\\udc01é\"\n");
        assert_eq!(yaml("\"\u{85}\u{e0001}\"\n"), "\"\\U00000085\\U000e0001\"\n");
    }
}
