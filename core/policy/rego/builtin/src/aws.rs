//! Requests to AWS, signed with its version 4 at the time that the rule gives.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use tollgate_rego_value::{Object, Val};

use crate::cost::{of_bytes, of_text};
use crate::crypto::hash::hex;
use crate::crypto::key::signature::{Hash, code};
use crate::operand::{number, object, wrong};
use crate::whole::whole;
use crate::{Builtin, Call, Error, Type, json_text, uri};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[Builtin::function(
    "providers.aws.sign_req",
    &[("request", NAMED), ("aws_config", NAMED), ("time_ns", Type::Number)],
    crate::shape::ANY_OBJECT,
    sign_request,
)];

const NAMED: Type = Type::Object(&[], Some((&Type::String, &Type::Any)));

/// What a request may say: what `http.send` knows.
const KNOWN: [&str; 27] = [
    "body",
    "cache",
    "cache_ignored_headers",
    "caching_mode",
    "enable_redirect",
    "force_cache",
    "force_cache_duration_seconds",
    "force_json_decode",
    "force_yaml_decode",
    "headers",
    "max_retry_attempts",
    "method",
    "raise_error",
    "raw_body",
    "timeout",
    "tls_ca_cert",
    "tls_ca_cert_env_variable",
    "tls_ca_cert_file",
    "tls_client_cert",
    "tls_client_cert_env_variable",
    "tls_client_cert_file",
    "tls_client_key",
    "tls_client_key_env_variable",
    "tls_client_key_file",
    "tls_insecure_skip_verify",
    "tls_server_name",
    "tls_use_system_certs",
];

fn sign_request<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let request = object(args, 1)?;
    // OPA speaks of operand 1 here too.
    let config = object(args.get(1..).unwrap_or_default(), 1)?;
    let config = Config::read(&config)?;
    let time = whole(&number(args.get(2..).unwrap_or_default(), 1)?).ok_or_else(|| {
        Error::Type("operand 3 could not convert time_ns value into a unix timestamp".to_owned())
    })?;
    let (method, url, headers) = read_request(&request)?;
    let body = body(&request)?;
    call.meter.spend(20 + of_bytes(body.len()) + of_text(url))?;
    let signed = sign(&config, method, &uri::read(url), &headers, &body, time);
    let mut all: BTreeMap<&str, &str> = headers.iter().map(|(name, value)| (*name, *value)).collect();
    all.extend(signed.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mut entries = Vec::new();
    for (name, value) in all {
        entries.push((call.arena.string(name)?, call.arena.string(value)?));
    }
    let headers = call.arena.object(entries)?;
    let mut request: Vec<_> = request.iter().collect();
    request.push((Val::String("headers"), headers));
    Ok(call.arena.object(request)?)
}

/// Who signs, and for what.
struct Config<'a> {
    service: &'a str,
    access_key: &'a str,
    secret_key: &'a str,
    region: &'a str,
    session_token: &'a str,
    unsigned_body: bool,
}

impl<'a> Config<'a> {
    fn read(config: &Object<'a>) -> Result<Self, Error> {
        const NEEDED: [&str; 4] = ["aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"];
        let bad = |what: &str, names: Vec<&str>| {
            Error::Type(format!("operand 2 {what} required AWS config parameters(s): {}", set(&names)))
        };
        let missing: Vec<_> = NEEDED.into_iter().filter(|name| config.text(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(bad("missing", missing));
        }
        let text = |name: &str| config.text(name).and_then(|value| value.as_str());
        let invalid: Vec<_> = NEEDED.into_iter().filter(|name| text(name).is_none()).collect();
        if !invalid.is_empty() {
            return Err(bad("invalid values for", invalid));
        }
        let unsigned_body = match config.text("disable_payload_signing") {
            None => false,
            Some(Val::Bool(unsigned)) => unsigned,
            Some(_) => {
                return Err(Error::Type(
                    "operand 2 invalid value for 'disable_payload_signing' in AWS config".to_owned(),
                ));
            }
        };
        let text = |name: &str| text(name).unwrap_or_default();
        Ok(Self {
            service: text("aws_service"),
            access_key: text("aws_access_key"),
            secret_key: text("aws_secret_access_key"),
            region: text("aws_region"),
            session_token: text("aws_session_token"),
            unsigned_body,
        })
    }
}

type Request<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>);

fn read_request<'a>(request: &Object<'a>) -> Result<Request<'a>, Error> {
    let unknown: Vec<_> = request
        .iter()
        .filter(|(key, _)| key.as_str().is_none_or(|key| key != "url" && !KNOWN.contains(&key)))
        .map(|(key, _)| key.to_string())
        .collect();
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        return Err(Error::Type(format!("operand 1 invalid request parameters(s): {{{unknown}}}")));
    }
    let missing: Vec<_> = ["method", "url"].into_iter().filter(|name| request.text(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(Error::Type(format!(
            "operand 1 missing required request parameters(s): {}",
            set(&missing)
        )));
    }
    let headers = match request.text("headers") {
        None => Vec::new(),
        Some(value) => {
            let headers = value.as_object().ok_or_else(|| wrong(0, &value, &["object"]))?;
            headers
                .iter()
                .map(|(name, value)| (name.as_str().unwrap_or_default(), value.as_str().unwrap_or_default()))
                .collect()
        }
    };
    let text = |name: &str| request.text(name).and_then(|value| value.as_str());
    match (text("method"), text("url")) {
        (Some(method), Some(url)) => Ok((method, url, headers)),
        (method, url) => {
            let invalid = [("method", method), ("url", url)];
            let invalid: Vec<_> =
                invalid.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
            let invalid = set(&invalid);
            Err(Error::Type(format!(
                "operand 1 invalid values for required request parameters(s): {invalid}"
            )))
        }
    }
}

fn body(request: &Object<'_>) -> Result<Vec<u8>, Error> {
    if let Some(raw) = request.text("raw_body") {
        return Ok(raw.as_str().unwrap_or_default().into());
    }
    Ok(request.text("body").map(|body| json_text::write(&body)).unwrap_or_default().into())
}

/// The headers that sign a request.
fn sign(
    config: &Config<'_>,
    method: &str,
    url: &uri::Uri,
    headers: &[(&str, &str)],
    body: &[u8],
    time: i64,
) -> BTreeMap<String, String> {
    let body = if config.unsigned_body { "UNSIGNED-PAYLOAD".to_owned() } else { hex(&Sha256::digest(body)) };
    let now = crate::time::shown(time, "20060102T150405Z");
    let day = now.get(..8).unwrap_or_default();
    let mut own =
        BTreeMap::from([("host".to_owned(), url.host.clone()), ("x-amz-date".to_owned(), now.clone())]);
    if matches!(config.service, "s3" | "glacier") {
        own.insert("x-amz-content-sha256".to_owned(), body.clone());
    }
    if !config.session_token.is_empty() {
        own.insert("x-amz-security-token".to_owned(), config.session_token.to_owned());
    }
    let mut signed = own.clone();
    for (name, value) in headers {
        let name = name.to_lowercase();
        // What a proxy may change is not signed.
        if !matches!(name.as_str(), "authorization" | "user-agent" | "x-amzn-trace-id") {
            signed.insert(name, (*value).to_owned());
        }
    }
    let names: Vec<_> = signed.keys().map(String::as_str).collect();
    let names = names.join(";");
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let (path, query) = (url.escaped_path(), &url.raw_query);
    let canonical = format!("{method}\n{path}\n{query}\n{lines}\n{names}\n{body}");
    let scope = format!("{day}/{}/{}/aws4_request", config.region, config.service);
    let digest = hex(&Sha256::digest(canonical.as_bytes()));
    let text = format!("AWS4-HMAC-SHA256\n{now}\n{scope}\n{digest}");
    let key = [day, config.region, config.service, "aws4_request"]
        .iter()
        .fold(format!("AWS4{}", config.secret_key).into_bytes(), |key, part| {
            code(Hash::Sha256, &key, part.as_bytes())
        });
    let signature = hex(&code(Hash::Sha256, &key, text.as_bytes()));
    let access = config.access_key;
    own.insert(
        "Authorization".to_owned(),
        format!("AWS4-HMAC-SHA256 Credential={access}/{scope},SignedHeaders={names},Signature={signature}"),
    );
    own
}

/// Names as a set of Rego.
fn set(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("{{{}}}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{eval, fails};

    fn s(text: &str) -> Val<'_> {
        Val::String(text)
    }

    const CONFIG: [(Val<'_>, Val<'_>); 4] = [
        (Val::String("aws_access_key"), Val::String("MYAWSACCESSKEYGOESHERE")),
        (Val::String("aws_region"), Val::String("us-east-1")),
        (Val::String("aws_secret_access_key"), Val::String("MYAWSSECRETACCESSKEYGOESHERE")),
        (Val::String("aws_service"), Val::String("s3")),
    ];

    #[test]
    fn a_request_is_signed_at_the_given_time() {
        let request =
            [(s("method"), s("get")), (s("url"), s("https://examplebucket.s3.amazonaws.com/data?x=1"))];
        let args = [Val::Object(&request), Val::Object(&CONFIG), Val::Int(2_000_000_000_000_000_000)];
        let signed = eval("providers.aws.sign_req", &args);
        assert!(signed.contains(
            "Credential=MYAWSACCESSKEYGOESHERE/20330518/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature="
        ));
        assert!(signed.contains(r#""x-amz-date": "20330518T033320Z""#), "{signed}");
        assert_eq!(signed, eval("providers.aws.sign_req", &args));
    }

    #[test]
    fn what_is_missing_is_named() {
        let request = Val::Object(&[]);
        let now = Val::Int(0);
        assert_eq!(
            fails("providers.aws.sign_req", &[request, Val::Object(&CONFIG[..1]), now]),
            r#"operand 2 missing required AWS config parameters(s): {"aws_region", "aws_secret_access_key", "aws_service"}"#
        );
        assert_eq!(
            fails("providers.aws.sign_req", &[request, Val::Object(&CONFIG), now]),
            r#"operand 1 missing required request parameters(s): {"method", "url"}"#
        );
    }
}
