//! JSON Web Tokens (RFC 7519) in the compact form (RFC 7515, 3.1): read, checked, and signed.
//!
//! ```text
//! text ──> Token: three parts ──> header, payload, signature ──> checked with keys, claims and time
//! ```
//! Whether a token has expired is judged at the change's own time. Encrypted tokens are refused.

mod constraint;
mod sign;
#[cfg(test)]
mod tests;
mod token;
mod trust;

use tollgate_rego_value::Val;

use crate::crypto::hash::hex;
use crate::crypto::key::signature::{self, Algorithm, Hash};
use crate::operand::{any, object, string};
use crate::shape::ANY_OBJECT;
use crate::{Builtin, Call, Error, Type};
use constraint::Constraints;
use token::{Header, Token};
use trust::Trusted;

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "io.jwt.decode",
        &[("jwt", Type::String)],
        Type::Array(&[ANY_OBJECT, ANY_OBJECT, Type::String], None),
        decode,
    ),
    Builtin::function(
        "io.jwt.decode_verify",
        &[("jwt", Type::String), ("constraints", NAMED)],
        Type::Array(&[Type::Boolean, ANY_OBJECT, ANY_OBJECT], None),
        decode_verify,
    ),
    Builtin::function(
        "io.jwt.encode_sign",
        &[("headers", NAMED), ("payload", NAMED), ("key", NAMED)],
        Type::String,
        sign::encode_sign,
    ),
    Builtin::function(
        "io.jwt.encode_sign_raw",
        &[("headers", Type::String), ("payload", Type::String), ("key", Type::String)],
        Type::String,
        sign::encode_sign_raw,
    ),
    Builtin::function("io.jwt.verify_eddsa", WITH_CERTIFICATE, Type::Boolean, verify_eddsa),
    Builtin::function("io.jwt.verify_es256", WITH_CERTIFICATE, Type::Boolean, verify_es256),
    Builtin::function("io.jwt.verify_es384", WITH_CERTIFICATE, Type::Boolean, verify_es384),
    Builtin::function("io.jwt.verify_es512", WITH_CERTIFICATE, Type::Boolean, verify_es512),
    Builtin::function("io.jwt.verify_hs256", WITH_SECRET, Type::Boolean, verify_hs256),
    Builtin::function("io.jwt.verify_hs384", WITH_SECRET, Type::Boolean, verify_hs384),
    Builtin::function("io.jwt.verify_hs512", WITH_SECRET, Type::Boolean, verify_hs512),
    Builtin::function("io.jwt.verify_ps256", WITH_CERTIFICATE, Type::Boolean, verify_ps256),
    Builtin::function("io.jwt.verify_ps384", WITH_CERTIFICATE, Type::Boolean, verify_ps384),
    Builtin::function("io.jwt.verify_ps512", WITH_CERTIFICATE, Type::Boolean, verify_ps512),
    Builtin::function("io.jwt.verify_rs256", WITH_CERTIFICATE, Type::Boolean, verify_rs256),
    Builtin::function("io.jwt.verify_rs384", WITH_CERTIFICATE, Type::Boolean, verify_rs384),
    Builtin::function("io.jwt.verify_rs512", WITH_CERTIFICATE, Type::Boolean, verify_rs512),
];

const NAMED: Type = Type::Object(&[], Some((&Type::String, &Type::Any)));
const WITH_CERTIFICATE: &[(&str, Type)] = &[("jwt", Type::String), ("certificate", Type::String)];
const WITH_SECRET: &[(&str, Type)] = &[("jwt", Type::String), ("secret", Type::String)];

/// What checking one signature costs, in steps: it is slow beside everything else here.
const SIGNATURE: u64 = 500;

fn decode<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let mut text = string(args, 1)?.to_owned();
    loop {
        let token = Token::split(call, &text)?;
        let header = token.header(call)?;
        let payload = token.payload()?;
        // A token in a token: the inner one counts, and may stand in quotes.
        if let Some("JWT") =
            header.as_object().and_then(|header| header.text("cty")).and_then(|cty| cty.as_str())
        {
            text = payload.trim_matches(['"', '\'']).to_owned();
            continue;
        }
        let payload = token::object_of(call, &payload).map_err(Error::Failed)?;
        let signature = token
            .signature()
            .map_err(|error| Error::Failed(format!("JWT signature had invalid encoding: {error}")))?;
        let signature = call.arena.string(&hex(&signature))?;
        return Ok(call.arena.array(&[header, payload, signature])?);
    }
}

fn decode_verify<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let constraints = Constraints::read(call, &object(args, 2)?)?;
    let none = call.arena.object(Vec::new())?;
    let unverified = call.arena.array(&[Val::Bool(false), none, none])?;
    let mut text = string(args, 1)?.to_owned();
    loop {
        let token = Token::split(call, &text)?;
        let header = token.header(call)?;
        let known = Header::read(&header)?;
        if !known.is_valid() || constraints.algorithm.is_some_and(|algorithm| algorithm != known.algorithm) {
            return Ok(unverified);
        }
        let signature = token.signature().map_err(Error::Failed)?;
        if !constraints.trusted.accepts(call, &known, token.signed(), &signature)? {
            return Ok(unverified);
        }
        let payload = token.payload()?;
        if known.content.eq_ignore_ascii_case("JWT") {
            text = payload;
            continue;
        }
        let payload = token::object_of(call, &payload).map_err(Error::Failed)?;
        if !constraints.hold(&payload)? {
            return Ok(unverified);
        }
        return Ok(call.arena.array(&[Val::Bool(true), header, payload])?);
    }
}

fn verify<'a>(call: &Call<'a, '_>, args: &[Val<'a>], algorithm: Algorithm) -> Result<Val<'a>, Error> {
    let text = string(&[any(args, 1)?], 1)?;
    let token = Token::split(call, text)?;
    let trusted = Trusted::of_certificate(call, string(args, 2)?)?;
    let signature = token.signature().map_err(Error::Failed)?;
    let header = token.header(call)?;
    let known = Header::read(&header)?;
    trusted.checks(call, &known, algorithm, token.signed(), &signature).map(Val::Bool)
}

fn verify_secret<'a>(call: &Call<'a, '_>, args: &[Val<'a>], hash: Hash) -> Result<Val<'a>, Error> {
    let (text, secret) = (string(args, 1)?, string(args, 2)?);
    let token = Token::split(call, text)?;
    let signature = token.signature().map_err(Error::Failed)?;
    let key = crate::crypto::key::PublicKey::Secret(secret.as_bytes().to_vec());
    let holds = signature::holds(Algorithm::Hmac(hash), &key, token.signed().as_bytes(), &signature);
    Ok(Val::Bool(holds))
}

/// A function `$name` that checks with `$check` by `$how`.
macro_rules! verify {
    ($($name:ident: $check:ident($how:expr);)+) => {$(
        fn $name<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
            $check(call, args, $how)
        }
    )+};
}

verify! {
    verify_eddsa: verify(Algorithm::EdDsa);
    verify_es256: verify(Algorithm::Ecdsa(Hash::Sha256));
    verify_es384: verify(Algorithm::Ecdsa(Hash::Sha384));
    verify_es512: verify(Algorithm::Ecdsa(Hash::Sha512));
    verify_hs256: verify_secret(Hash::Sha256);
    verify_hs384: verify_secret(Hash::Sha384);
    verify_hs512: verify_secret(Hash::Sha512);
    verify_ps256: verify(Algorithm::RsaPss(Hash::Sha256));
    verify_ps384: verify(Algorithm::RsaPss(Hash::Sha384));
    verify_ps512: verify(Algorithm::RsaPss(Hash::Sha512));
    verify_rs256: verify(Algorithm::RsaPkcs1(Hash::Sha256));
    verify_rs384: verify(Algorithm::RsaPkcs1(Hash::Sha384));
    verify_rs512: verify(Algorithm::RsaPkcs1(Hash::Sha512));
}
