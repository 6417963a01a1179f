//! Base64 (RFC 4648) as Go reads it: line ends are skipped, padding is asked for, messages name the byte.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// Which 64 characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alphabet {
    Standard,
    Url,
}

/// `bytes` with padding.
pub(crate) fn standard(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// `bytes` for URLs, without padding.
pub(crate) fn url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes that `text` stands for, padded.
pub(crate) fn read(text: &[u8], alphabet: Alphabet) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = 0;
    loop {
        let mut quantum = [0_u8; 4];
        let mut count = 0;
        while count < 4 {
            let Some(byte) = text.get(at) else {
                return if count == 0 { Ok(out) } else { Err(illegal(at - count)) };
            };
            at += 1;
            match (digit(*byte, alphabet), *byte) {
                (Some(digit), _) => {
                    if let Some(place) = quantum.get_mut(count) {
                        *place = digit;
                    }
                    count += 1;
                }
                (None, b'\n' | b'\r') => {}
                (None, b'=') if count >= 2 => {
                    if count == 2 {
                        at = skip_line_ends(text, at);
                        match text.get(at) {
                            None => return Err(illegal(text.len())),
                            Some(b'=') => at += 1,
                            Some(_) => return Err(illegal(at - 1)),
                        }
                    }
                    at = skip_line_ends(text, at);
                    if at < text.len() {
                        return Err(illegal(at));
                    }
                    out.extend(bytes(quantum).into_iter().take(count - 1));
                    return Ok(out);
                }
                (None, _) => return Err(illegal(at - 1)),
            }
        }
        out.extend(bytes(quantum));
    }
}

/// The bytes that `text` for URLs stands for, with padding or without, as OPA's `base64url.decode` reads it.
pub(crate) fn read_url(text: &str) -> Result<Vec<u8>, String> {
    let padding = match (text.ends_with('='), text.len() % 4) {
        (true, _) | (false, 0) => "",
        (false, 2) => "==",
        (false, 3) => "=",
        (false, _) => return Err(format!("illegal base64url string: {text}")),
    };
    read(format!("{text}{padding}").as_bytes(), Alphabet::Url)
}

/// The bytes that `text` in either alphabet stands for, with padding or without, as JSON Web Keys are read.
pub(crate) fn read_any(text: &str) -> Option<Vec<u8>> {
    let url: String = text
        .trim_end_matches('=')
        .chars()
        .map(|c| match c {
            '+' => '-',
            '/' => '_',
            c => c,
        })
        .collect();
    read_url(&url).ok()
}

fn bytes([a, b, c, d]: [u8; 4]) -> [u8; 3] {
    [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
}

fn digit(byte: u8, alphabet: Alphabet) -> Option<u8> {
    match (byte, alphabet) {
        (b'A'..=b'Z', _) => Some(byte - b'A'),
        (b'a'..=b'z', _) => Some(byte - b'a' + 26),
        (b'0'..=b'9', _) => Some(byte - b'0' + 52),
        (b'+', Alphabet::Standard) | (b'-', Alphabet::Url) => Some(62),
        (b'/', Alphabet::Standard) | (b'_', Alphabet::Url) => Some(63),
        _ => None,
    }
}

fn skip_line_ends(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count()
}

fn illegal(at: usize) -> String {
    format!("illegal base64 data at input byte {at}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_as_go_reads_it() {
        let read = |text: &str| read(text.as_bytes(), Alphabet::Standard);
        for (text, expected) in
            [("", ""), ("Zg==", "f"), ("Zm8=\n", "fo"), ("Zm\r\n9v", "foo"), ("Zm9vYg\n==", "foob")]
        {
            assert_eq!(read(text), Ok(expected.as_bytes().to_vec()), "{text:?}");
        }
        for (text, at) in [("Zg", 0), ("Zg=", 3), ("Zg=a", 2), ("Z===", 1), ("Zm9v!", 4), ("Zm8=Zg==", 4)] {
            assert_eq!(read(text), Err(illegal(at)), "{text:?}");
        }
        assert_eq!(read_url("_-8"), Ok(vec![0xff, 0xef]));
        assert_eq!(read_url("a"), Err("illegal base64url string: a".to_owned()));
    }
}
