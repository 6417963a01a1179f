//! Bytes as text: base64 in both alphabets, and hexadecimal.
//!
//! Strings are UTF-8 here: bytes that are none become U+FFFD, as they do in OPA once they are printed.

use tollgate_rego_value::Val;

use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("base64.decode", &[("x", Type::String)], Type::String, decode),
    Builtin::function("base64.encode", &[("x", Type::String)], Type::String, encode),
    Builtin::function("base64.is_valid", &[("x", Type::String)], Type::Boolean, is_valid),
    Builtin::function("base64url.decode", &[("x", Type::String)], Type::String, url_decode),
    Builtin::function("base64url.encode", &[("x", Type::String)], Type::String, url_encode),
    Builtin::function("base64url.encode_no_pad", &[("x", Type::String)], Type::String, url_encode_no_pad),
    Builtin::function("hex.decode", &[("x", Type::String)], Type::String, hex_decode),
    Builtin::function("hex.encode", &[("x", Type::String)], Type::String, hex_encode),
];

/// The two letters in which the alphabets differ.
#[derive(Clone, Copy)]
struct Alphabet(u8, u8);

const STANDARD: Alphabet = Alphabet(b'+', b'/');
const URL: Alphabet = Alphabet(b'-', b'_');

impl Alphabet {
    const fn letter(self, bits: u8) -> u8 {
        match bits {
            0..=25 => b'A'.wrapping_add(bits),
            26..=51 => b'a'.wrapping_add(bits).wrapping_sub(26),
            52..=61 => b'0'.wrapping_add(bits).wrapping_sub(52),
            62 => self.0,
            _ => self.1,
        }
    }

    const fn bits(self, letter: u8) -> Option<u8> {
        match letter {
            b'A'..=b'Z' => Some(letter.wrapping_sub(b'A')),
            b'a'..=b'z' => Some(letter.wrapping_sub(b'a').wrapping_add(26)),
            b'0'..=b'9' => Some(letter.wrapping_sub(b'0').wrapping_add(52)),
            _ if letter == self.0 => Some(62),
            _ if letter == self.1 => Some(63),
            _ => None,
        }
    }

    fn encode(self, bytes: &[u8], padded: bool) -> String {
        let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
        for chunk in bytes.chunks(3) {
            let word = chunk.iter().fold(0_u32, |word, byte| word.wrapping_shl(8) | u32::from(*byte));
            let missing = 3_usize.saturating_sub(chunk.len());
            let word = word.wrapping_shl(u32::try_from(missing).unwrap_or(0).wrapping_mul(8));
            for place in 0..4_usize {
                if place <= chunk.len() {
                    let shift = 18_u32.wrapping_sub(6_u32.wrapping_mul(u32::try_from(place).unwrap_or(0)));
                    let bits = u8::try_from(word.wrapping_shr(shift) & 63).unwrap_or(0);
                    text.push(char::from(self.letter(bits)));
                } else if padded {
                    text.push('=');
                }
            }
        }
        text
    }

    /// The bytes, or where the text is wrong. Line ends are passed over.
    fn decode(self, text: &str) -> Result<Vec<u8>, usize> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut letters =
            text.bytes().enumerate().filter(|(_, letter)| !matches!(letter, b'\r' | b'\n')).peekable();
        while letters.peek().is_some() {
            let (mut word, mut count) = (0_u32, 0_u32);
            while count < 4 {
                let Some((at, letter)) = letters.next() else {
                    return Err(text.len().saturating_sub(usize::try_from(count).unwrap_or(0)));
                };
                if letter == b'=' {
                    let rest: Vec<_> = letters.by_ref().collect();
                    let end = match (count, rest.as_slice()) {
                        (2, [(_, b'=')]) | (3, []) => None,
                        (2, []) => Some(text.len()),
                        (2, [(_, b'='), (more, _), ..]) | (3, [(more, _), ..]) => Some(*more),
                        (2, [(other, _), ..]) => Some(*other),
                        _ => Some(at),
                    };
                    if let Some(at) = end {
                        return Err(at);
                    }
                    break;
                }
                let bits = self.bits(letter).ok_or(at)?;
                word = word.wrapping_shl(6) | u32::from(bits);
                count = count.wrapping_add(1);
            }
            let word = word.wrapping_shl(6_u32.wrapping_mul(4_u32.wrapping_sub(count)));
            let [_, first, second, third] = word.to_be_bytes();
            let whole = usize::try_from(count.saturating_sub(1)).unwrap_or(0);
            bytes.extend([first, second, third].into_iter().take(whole));
        }
        Ok(bytes)
    }
}

/// The one argument, paid for.
fn text<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<&'a str, Error> {
    let text = operand::string(args, 1)?;
    call.spend_text(text.len().saturating_mul(8))?;
    Ok(text)
}

fn string<'a>(call: &Call<'a, '_>, decoded: Result<Vec<u8>, usize>) -> Result<Val<'a>, Error> {
    match decoded {
        Ok(bytes) => call.string(&String::from_utf8_lossy(&bytes)),
        Err(at) => Err(Error::Failed(format!("illegal base64 data at input byte {at}"))),
    }
}

fn decode<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    string(call, STANDARD.decode(text(call, args)?))
}

fn encode<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    call.string(&STANDARD.encode(text(call, args)?.as_bytes(), true))
}

fn is_valid<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let Val::String(_) = operand::any(args, 1)? else { return Ok(Val::Bool(false)) };
    Ok(Val::Bool(STANDARD.decode(text(call, args)?).is_ok()))
}

fn url_decode<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = text(call, args)?;
    if text.ends_with('=') {
        return string(call, URL.decode(text));
    }
    // Some encoders leave the padding out.
    match text.len() % 4 {
        0 => string(call, URL.decode(text)),
        2 => string(call, URL.decode(&format!("{text}=="))),
        3 => string(call, URL.decode(&format!("{text}="))),
        _ => Err(Error::Failed(format!("illegal base64url string: {text}"))),
    }
}

fn url_encode<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    call.string(&URL.encode(text(call, args)?.as_bytes(), true))
}

fn url_encode_no_pad<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    call.string(&URL.encode(text(call, args)?.as_bytes(), false))
}

fn hex_encode<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = text(call, args)?;
    let digit = |bits: u8| char::from_digit(u32::from(bits), 16).unwrap_or('0');
    let digits = text.bytes().flat_map(|byte| [digit(byte.wrapping_shr(4)), digit(byte & 15)]);
    call.string(&digits.collect::<String>())
}

fn hex_decode<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = text(call, args)?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut high: Option<u8> = None;
    for letter in text.bytes().map(char::from) {
        let Some(digit) = letter.to_digit(16).and_then(|digit| u8::try_from(digit).ok()) else {
            let code = u32::from(letter);
            let shown = Val::String(letter.encode_utf8(&mut [0; 4])).to_string();
            let shown = shown.trim_matches('"');
            return Err(Error::Failed(format!("encoding/hex: invalid byte: U+{code:04X} '{shown}'")));
        };
        match high.take() {
            Some(high) => bytes.push(high.wrapping_shl(4) | digit),
            None => high = Some(digit),
        }
    }
    if high.is_some() {
        return Err(Error::Failed("encoding/hex: odd length hex string".to_owned()));
    }
    call.string(&String::from_utf8_lossy(&bytes))
}
