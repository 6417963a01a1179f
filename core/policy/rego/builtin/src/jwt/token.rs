//! A token's parts.

use tollgate_rego_value::Val;

use crate::base64_text::read_url;
use crate::cost::of_text;
use crate::json_text;
use crate::{Call, Error};

/// A token in its three parts, none of them decoded.
pub(super) struct Token<'t> {
    text: &'t str,
    header: &'t str,
    payload: &'t str,
    signature: &'t str,
}

/// What a header says that counts here.
pub(super) struct Header<'a> {
    pub(super) algorithm: &'a str,
    pub(super) key: &'a str,
    pub(super) content: &'a str,
    /// a parameter that must be understood is not
    strange: bool,
}

impl<'t> Token<'t> {
    pub(super) fn split(call: &Call<'_, '_>, text: &'t str) -> Result<Self, Error> {
        call.meter.spend(of_text(text))?;
        if !text.contains('.') {
            return Err(Error::Failed("encoded JWT had no period separators".to_owned()));
        }
        let mut parts = text.split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(header), Some(payload), Some(signature), None) => {
                Ok(Self { text, header, payload, signature })
            }
            _ => {
                let found = text.split('.').count();
                Err(Error::Failed(format!("encoded JWT must have 3 sections, found {found}")))
            }
        }
    }

    /// What is signed.
    pub(super) fn signed(&self) -> &'t str {
        self.text.get(..self.header.len() + 1 + self.payload.len()).unwrap_or_default()
    }

    pub(super) fn header<'a>(&self, call: &Call<'a, '_>) -> Result<Val<'a>, Error> {
        let text = text_of(self.header)
            .map_err(|error| Error::Failed(format!("JWT header had invalid encoding: {error}")))?;
        let header =
            object_of(call, &text).map_err(|error| Error::Failed(format!("bad JWT header: {error}")))?;
        if header.as_object().is_some_and(|header| header.text("enc").is_some()) {
            return Err(Error::Failed("JWT is a JWE object, which is not supported".to_owned()));
        }
        Ok(header)
    }

    pub(super) fn payload(&self) -> Result<String, Error> {
        text_of(self.payload)
            .map_err(|error| Error::Failed(format!("JWT payload had invalid encoding: {error}")))
    }

    pub(super) fn signature(&self) -> Result<Vec<u8>, String> {
        read_url(self.signature)
    }
}

impl<'a> Header<'a> {
    pub(super) fn read(header: &Val<'a>) -> Result<Self, Error> {
        const KNOWN: [&str; 5] = ["alg", "kid", "typ", "cty", "crit"];
        let Some(header) = header.as_object() else { return Err(Error::Undefined) };
        let text = |name: &str| match header.text(name) {
            None => Ok(""),
            Some(Val::String(text)) => Ok(text),
            Some(_) => Err(Error::Failed(format!("{name}: must be a string"))),
        };
        let (algorithm, key, content) = (text("alg")?, text("kid")?, text("cty")?);
        text("typ")?;
        let mut strange = false;
        if let Some(critical) = header.text("crit") {
            let critical =
                critical.as_array().ok_or_else(|| Error::Failed("crit: must be a list".to_owned()))?;
            // What follows something that is no string is not looked at.
            let names: Vec<_> = critical.iter().map_while(|name| name.as_str()).collect();
            if names.is_empty() {
                return Err(Error::Failed("crit: must be a nonempty list".to_owned()));
            }
            strange = names.iter().any(|name| header.text(name).is_some() && !KNOWN.contains(name));
        }
        Ok(Self { algorithm, key, content, strange })
    }

    pub(super) const fn is_valid(&self) -> bool {
        !self.algorithm.is_empty() && !self.strange
    }
}

/// The object that JSON text is.
pub(super) fn object_of<'a>(call: &Call<'a, '_>, text: &str) -> Result<Val<'a>, String> {
    let value = match json_text::read(call, text) {
        Ok(value) => value,
        Err(Error::Failed(message)) => return Err(format!("invalid JSON: {message}")),
        Err(_) => return Err("invalid JSON: too long".to_owned()),
    };
    if value.as_object().is_none() {
        return Err("decoded JSON type was not an Object".to_owned());
    }
    Ok(value)
}

fn text_of(part: &str) -> Result<String, String> {
    read_url(part).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
