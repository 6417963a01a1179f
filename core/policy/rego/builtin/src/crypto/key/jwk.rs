//! JSON Web Keys (RFC 7517, RFC 7518, RFC 8037).

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use tollgate_rego_value::{Object, Val};

use super::{Curve, PrivateKey, PublicKey, Rsa};
use crate::base64_text::{read_any, url};
use crate::crypto::asn1::trim;
use crate::json_text;
use crate::{Call, Error};

/// A key, and what is said of it.
#[derive(Clone, Debug)]
pub(crate) struct Jwk<'a> {
    /// empty where it is not said
    pub(crate) algorithm: &'a str,
    /// empty where it is not said
    pub(crate) id: &'a str,
    pub(crate) public: PublicKey,
    pub(crate) private: Option<PrivateKey>,
}

/// The keys of a key or a set of keys.
pub(crate) fn read<'a>(call: &Call<'a, '_>, text: &str) -> Result<Vec<Jwk<'a>>, Error> {
    let value = json_text::read(call, text)?;
    let broken = |message: &str| Error::Failed(message.to_owned());
    let object = value.as_object().ok_or_else(|| broken("a JSON Web Key is an object"))?;
    let Some(keys) = object.text("keys") else {
        return Ok(vec![one(&object).map_err(Error::Failed)?]);
    };
    let keys = keys.as_array().ok_or_else(|| broken("`keys` is a list"))?;
    keys.iter()
        .map(|key| {
            call.meter.spend(1)?;
            let key = key.as_object().ok_or_else(|| broken("a JSON Web Key is an object"))?;
            one(&key).map_err(Error::Failed)
        })
        .collect()
}

fn one<'a>(key: &Object<'a>) -> Result<Jwk<'a>, String> {
    let said = |name: &str| key.text(name).and_then(|value| value.as_str());
    let bytes = |name: &str| {
        said(name)
            .and_then(read_any)
            .ok_or_else(|| format!("required field `{name}` is missing or no base64url"))
    };
    let number = |name: &str| bytes(name).map(|bytes| trim(&bytes).to_vec());
    let (public, private) = match said("kty") {
        Some("RSA") => {
            let (n, e) = (number("n")?, number("e")?);
            let public = PublicKey::Rsa { modulus: n.clone(), exponent: e.clone() };
            if key.text("d").is_none() {
                (public, None)
            } else {
                let optional =
                    |name: &str| if key.text(name).is_none() { Ok(Vec::new()) } else { number(name) };
                let d = number("d")?;
                let (p, q) = (optional("p")?, optional("q")?);
                let (dp, dq, qi) = (optional("dp")?, optional("dq")?, optional("qi")?);
                (PublicKey::Useless, Some(PrivateKey::Rsa(Rsa { n, e, d, p, q, dp, dq, qi })))
            }
        }
        Some("EC") => {
            let curve = said("crv").and_then(Curve::named).ok_or("unsupported or missing `crv`")?;
            let point =
                point(curve, &bytes("x")?, &bytes("y")?).ok_or("`x` or `y` is too long for the curve")?;
            if key.text("d").is_none() {
                (PublicKey::Ec { curve, point }, None)
            } else {
                (PublicKey::Useless, Some(PrivateKey::Ec { curve, scalar: bytes("d")?, point }))
            }
        }
        Some("OKP") => {
            if said("crv") != Some("Ed25519") {
                return Err("unsupported or missing `crv`".to_owned());
            }
            let x = bytes("x")?;
            if key.text("d").is_none() {
                (PublicKey::Ed25519(x), None)
            } else {
                let seed = bytes("d")?;
                let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| "`d` is no Ed25519 key")?;
                let public = pair.public_key().as_ref().to_vec();
                if public != x {
                    return Err("invalid x value given d value".to_owned());
                }
                (PublicKey::Useless, Some(PrivateKey::Ed25519 { seed, public }))
            }
        }
        Some("oct") => (PublicKey::Secret(bytes("k")?), None),
        Some(other) => return Err(format!("invalid key type from JSON ({other})")),
        None => return Err("`kty` is missing".to_owned()),
    };
    Ok(Jwk {
        algorithm: said("alg").unwrap_or_default(),
        id: said("kid").unwrap_or_default(),
        public,
        private,
    })
}

fn point(curve: Curve, x: &[u8], y: &[u8]) -> Option<Vec<u8>> {
    let mut point = vec![4];
    for coordinate in [trim(x), trim(y)] {
        let missing = curve.size().checked_sub(coordinate.len())?;
        point.extend(std::iter::repeat_n(0, missing));
        point.extend(coordinate);
    }
    Some(point)
}

/// A private key as a JSON Web Key.
pub(crate) fn write<'a>(call: &Call<'a, '_>, key: &PrivateKey) -> Result<Val<'a>, Error> {
    let mut entries = Vec::new();
    let mut add = |name: &'static str, text: &str| -> Result<(), Error> {
        entries.push((Val::String(name), call.arena.string(text)?));
        Ok(())
    };
    match key {
        PrivateKey::Rsa(rsa) => {
            add("kty", "RSA")?;
            let numbers = [
                ("n", &rsa.n),
                ("e", &rsa.e),
                ("d", &rsa.d),
                ("p", &rsa.p),
                ("q", &rsa.q),
                ("dp", &rsa.dp),
                ("dq", &rsa.dq),
                ("qi", &rsa.qi),
            ];
            for (name, number) in numbers {
                add(name, &url(number))?;
            }
        }
        PrivateKey::Ec { curve, scalar, point } => {
            let (x, y) =
                point.get(1..).and_then(|point| point.split_at_checked(curve.size())).unwrap_or_default();
            add("kty", "EC")?;
            add("crv", curve.name())?;
            add("d", &url(scalar))?;
            add("x", &url(x))?;
            add("y", &url(y))?;
        }
        PrivateKey::Ed25519 { seed, public } => {
            add("kty", "OKP")?;
            add("crv", "Ed25519")?;
            add("d", &url(seed))?;
            add("x", &url(public))?;
        }
    }
    Ok(call.arena.object(entries)?)
}
