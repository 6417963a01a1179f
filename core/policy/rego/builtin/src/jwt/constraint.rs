//! What `io.jwt.decode_verify` asks of a token.

use tollgate_rego_value::{Object, Val};

use super::trust::Trusted;
use crate::{Call, Error};

/// What is asked.
pub(super) struct Constraints<'a> {
    pub(super) trusted: Trusted<'a>,
    pub(super) algorithm: Option<&'a str>,
    issuer: Option<&'a str>,
    audience: &'a str,
    /// in nanoseconds
    time: f64,
}

impl<'a> Constraints<'a> {
    pub(super) fn read(call: &Call<'a, '_>, object: &Object<'a>) -> Result<Self, Error> {
        let failed = |message: String| Error::Failed(message);
        let (mut certificate, mut secret, mut time) = (None, None, None);
        let (mut algorithm, mut issuer, mut audience) = (None, None, None);
        for (name, value) in object.iter() {
            let name = name
                .as_str()
                .ok_or_else(|| failed(format!("unknown token validation constraint: {name}")))?;
            let text =
                || value.as_str().ok_or_else(|| failed(format!("{name} constraint: must be a string")));
            match name {
                "cert" => certificate = Some(Trusted::of_certificate(call, text()?)?),
                "secret" => secret = Some(text()?).filter(|text| !text.is_empty()),
                "alg" => algorithm = Some(text()?).filter(|text| !text.is_empty()),
                "iss" => issuer = Some(text()?).filter(|text| !text.is_empty()),
                "aud" => audience = Some(text()?),
                "time" => time = Some(time_of(&value)?),
                _ => return Err(failed(format!("unknown token validation constraint: {name}"))),
            }
        }
        let time = match time {
            Some(time) => time,
            None => time_of(&Val::Int(call.now))?,
        };
        let trusted = match (certificate, secret) {
            (Some(_), Some(_)) => return Err(failed("duplicate key constraints".to_owned())),
            (Some(trusted), None) => trusted,
            (None, Some(secret)) => Trusted::of_secret(secret),
            (None, None) => return Err(failed("no key constraint".to_owned())),
        };
        Ok(Self { trusted, algorithm, issuer, audience: audience.unwrap_or_default(), time })
    }

    /// Whether a payload's claims meet them.
    pub(super) fn hold(&self, payload: &Val<'_>) -> Result<bool, Error> {
        let Some(payload) = payload.as_object() else { return Err(Error::Undefined) };
        if let Some(issuer) = self.issuer {
            match payload.text("iss") {
                Some(Val::String(text)) if text == issuer => {}
                Some(Val::String(_)) | None => return Ok(false),
                Some(_) => return Err(Error::Failed("iss value must be a string".to_owned())),
            }
        }
        match payload.text("aud") {
            Some(audience) if !self.is_meant(&audience) => return Ok(false),
            None if !self.audience.is_empty() => return Ok(false),
            _ => {}
        }
        let seconds = self.time / 1e9;
        if let Some(expiry) = payload.text("exp")
            && seconds
                >= number(&expiry).ok_or_else(|| Error::Failed("exp value must be a number".to_owned()))?
        {
            return Ok(false);
        }
        if let Some(start) = payload.text("nbf")
            && seconds
                < number(&start).ok_or_else(|| Error::Failed("nbf value must be a number".to_owned()))?
        {
            return Ok(false);
        }
        Ok(true)
    }

    fn is_meant(&self, audience: &Val<'_>) -> bool {
        match audience {
            Val::String(text) => *text == self.audience,
            other => other
                .as_array()
                .is_some_and(|items| items.iter().any(|item| item.as_str() == Some(self.audience))),
        }
    }
}

fn time_of(value: &Val<'_>) -> Result<f64, Error> {
    let time =
        number(value).ok_or_else(|| Error::Failed("token time constraint: must be a number".to_owned()))?;
    if time < 0.0 {
        return Err(Error::Failed("token time constraint: must not be negative".to_owned()));
    }
    Ok(time)
}

/// A number in floating point, as OPA compares times.
fn number(value: &Val<'_>) -> Option<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "the rounding that OPA makes")]
        Val::Int(number) => Some(*number as f64),
        Val::Number(text) => text.parse().ok(),
        _ => None,
    }
}
