//! Tokens made: a header and a payload, signed.

use tollgate_rego_value::Val;

use super::SIGNATURE;
use crate::base64_text::url;
use crate::cost::of_text;
use crate::crypto::key::PublicKey;
use crate::crypto::key::jwk::{self, Jwk};
use crate::crypto::key::signature::{self, Algorithm};
use crate::json_text;
use crate::operand::{any, string};
use crate::{Call, Error};

pub(super) fn encode_sign<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = |position| any(args, position).map(|value| json_text::write(&value));
    sign(call, &text(1)?, &text(2)?, &text(3)?)
}

pub(super) fn encode_sign_raw<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let key = string(args, 3)?;
    sign(call, string(args, 1)?, string(args, 2)?, key)
}

fn sign<'a>(call: &Call<'a, '_>, header: &str, payload: &str, key: &str) -> Result<Val<'a>, Error> {
    call.meter.spend(SIGNATURE + of_text(header) + of_text(payload))?;
    let keys = jwk::read(call, key)?;
    let key = keys.first().ok_or_else(|| Error::Failed("no keys found in JWK set".to_owned()))?;
    let bad = |message: &str| Error::Failed(format!("missing or invalid 'alg' header: {message}"));
    let parsed = json_text::read(call, header).map_err(|error| match error {
        Error::Failed(message) => bad(&format!("cannot parse JSON: {message}")),
        other => other,
    })?;
    let of_header = |name: &str| parsed.as_object().and_then(|header| header.text(name));
    let name = match of_header("alg") {
        Some(Val::String(name)) => name,
        Some(other) => {
            return Err(bad(&format!("value doesn't contain string; it contains {}", other.kind().word())));
        }
        None => return Err(bad("jwsbb: header \"alg\" not found")),
    };
    let algorithm =
        Algorithm::named(name).ok_or_else(|| Error::Failed(format!("unknown JWS algorithm: {name}")))?;
    let is_token = matches!(of_header("typ"), Some(Val::String("JWT")))
        || !matches!(of_header("typ"), Some(Val::String(_)));
    if is_token && !is_json(call, payload)? {
        return Err(Error::Failed("type is JWT but payload is not JSON".to_owned()));
    }
    let signed = format!("{}.{}", url(header.as_bytes()), url(payload.as_bytes()));
    let signature = by(key, algorithm, signed.as_bytes()).map_err(Error::Failed)?;
    Ok(call.arena.string(&format!("{signed}.{}", url(&signature)))?)
}

fn by(key: &Jwk<'_>, algorithm: Algorithm, text: &[u8]) -> Result<Vec<u8>, String> {
    match (algorithm, &key.public, &key.private) {
        (Algorithm::Hmac(hash), PublicKey::Secret(secret), _) => Ok(signature::code(hash, secret, text)),
        (algorithm, _, Some(private)) => signature::sign(algorithm, private, text),
        _ => Err("the key is not one for the header's algorithm".to_owned()),
    }
}

fn is_json(call: &Call<'_, '_>, text: &str) -> Result<bool, Error> {
    match json_text::read(call, text) {
        Ok(_) => Ok(true),
        Err(Error::Failed(_)) => Ok(false),
        Err(other) => Err(other),
    }
}
