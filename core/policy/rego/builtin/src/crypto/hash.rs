//! Hashes and message authentication codes.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use tollgate_rego_value::Val;

use crate::cost::of_text;
use crate::operand::string;
use crate::{Builtin, Call, Error, Type};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "crypto.hmac.equal",
        &[("mac1", Type::String), ("mac2", Type::String)],
        Type::Boolean,
        equal,
    ),
    Builtin::function("crypto.hmac.md5", KEYED, Type::String, hmac_md5),
    Builtin::function("crypto.hmac.sha1", KEYED, Type::String, hmac_sha1),
    Builtin::function("crypto.hmac.sha256", KEYED, Type::String, hmac_sha256),
    Builtin::function("crypto.hmac.sha512", KEYED, Type::String, hmac_sha512),
    Builtin::function("crypto.md5", &[("x", Type::String)], Type::String, md5),
    Builtin::function("crypto.sha1", &[("x", Type::String)], Type::String, sha1),
    Builtin::function("crypto.sha256", &[("x", Type::String)], Type::String, sha256),
];

const KEYED: &[(&str, Type)] = &[("x", Type::String), ("key", Type::String)];

fn equal<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (a, b) = (string(args, 1)?, string(args, 2)?);
    call.meter.spend(of_text(a))?;
    // In constant time: how long it takes says nothing about where they differ.
    let differing = a.bytes().zip(b.bytes()).fold(0, |differing, (a, b)| differing | (a ^ b));
    Ok(Val::Bool(a.len() == b.len() && differing == 0))
}

/// A function `$name` of text and key.
macro_rules! keyed {
    ($name:ident, $hash:ty) => {
        fn $name<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
            let (text, key) = (string(args, 1)?, string(args, 2)?);
            call.meter.spend(of_text(text) + of_text(key))?;
            // Any length of key will do.
            let mut mac = Hmac::<$hash>::new_from_slice(key.as_bytes()).map_err(|_| Error::Undefined)?;
            mac.update(text.as_bytes());
            Ok(call.arena.string(&hex(&mac.finalize().into_bytes()))?)
        }
    };
}

keyed!(hmac_md5, Md5);
keyed!(hmac_sha1, Sha1);
keyed!(hmac_sha256, Sha256);
keyed!(hmac_sha512, Sha512);

/// A function `$name` of text.
macro_rules! plain {
    ($name:ident, $hash:ty) => {
        fn $name<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
            let text = string(args, 1)?;
            call.meter.spend(of_text(text))?;
            Ok(call.arena.string(&hex(&<$hash>::digest(text.as_bytes())))?)
        }
    };
}

plain!(md5, Md5);
plain!(sha1, Sha1);
plain!(sha256, Sha256);

/// `bytes` in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use tollgate_rego_value::Val;

    use crate::testing::eval;

    #[test]
    fn hashes_are_the_known_ones() {
        for (name, expected) in [
            ("crypto.md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("crypto.sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("crypto.sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ] {
            assert_eq!(eval(name, &[Val::String("abc")]), format!("{expected:?}"), "{name}");
        }
    }

    #[test]
    fn codes_are_the_known_ones() {
        // RFC 2202 and RFC 4231, test case 2.
        let args = [Val::String("what do ya want for nothing?"), Val::String("Jefe")];
        for (name, expected) in [
            ("crypto.hmac.md5", "750c783e6ab0b503eaa86e310a5db738"),
            ("crypto.hmac.sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            ("crypto.hmac.sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (
                "crypto.hmac.sha512",
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
        ] {
            assert_eq!(eval(name, &args), format!("{expected:?}"), "{name}");
        }
    }

    #[test]
    fn codes_are_equal_where_all_of_them_is() {
        let equal = |a, b| eval("crypto.hmac.equal", &[Val::String(a), Val::String(b)]);
        assert_eq!(equal("ab", "ab"), "true");
        assert_eq!(equal("ab", "ac"), "false");
        assert_eq!(equal("ab", "abc"), "false");
    }
}
