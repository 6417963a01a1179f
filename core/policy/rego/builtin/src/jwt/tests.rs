use tollgate_rego_value::Val;

use crate::base64_text::url;
use crate::testing::{eval, fails};

/// RFC 7515, A.1.
const HS_KEY: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
/// RFC 7515, A.3.
const ES_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
const ES_TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
/// RFC 8037, A.1, A.2 and A.4.
const ED_PRIVATE: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const ED_PUBLIC: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const ED_TOKEN: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

fn s(text: &str) -> Val<'_> {
    Val::String(text)
}

/// A token of this header and payload, signed with `secret`.
fn token(header: &str, payload: &str) -> String {
    let key = format!(r#"{{"kty":"oct","k":"{}"}}"#, url(b"secret"));
    let args = [s(header), s(payload), s(&key)];
    eval("io.jwt.encode_sign_raw", &args).trim_matches('"').to_owned()
}

fn decode_verify(token: &str, constraints: &[(Val<'_>, Val<'_>)]) -> String {
    let mut all = vec![(s("secret"), s("secret"))];
    all.extend_from_slice(constraints);
    all.sort();
    eval("io.jwt.decode_verify", &[s(token), Val::Object(&all)])
}

const UNVERIFIED: &str = "[false, {}, {}]";

#[test]
fn tokens_are_taken_apart() {
    let text = token(r#"{"alg":"HS256"}"#, r#"{"a":1}"#);
    let decoded = eval("io.jwt.decode", &[s(&text)]);
    assert!(decoded.starts_with(r#"[{"alg": "HS256"}, {"a": 1}, ""#), "{decoded}");
    for (text, message) in [
        ("abc", "encoded JWT had no period separators"),
        ("a.b", "encoded JWT must have 3 sections, found 2"),
        ("a.b.c.d", "encoded JWT must have 3 sections, found 4"),
        ("e30.e3/.eHg", "JWT payload had invalid encoding: illegal base64 data at input byte 2"),
        ("e30.e30.(AA", "JWT signature had invalid encoding: illegal base64 data at input byte 0"),
        ("W10.e30.eHg", "bad JWT header: decoded JSON type was not an Object"),
        ("eyJlbmMiOiIifQ.e30.eHg", "JWT is a JWE object, which is not supported"),
    ] {
        assert_eq!(fails("io.jwt.decode", &[s(text)]), message, "{text}");
    }
}

#[test]
fn signatures_are_those_of_the_standards() {
    let payload = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
    let args = [s("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}"), s(payload), s(HS_KEY)];
    let signed = eval("io.jwt.encode_sign_raw", &args);
    assert!(signed.ends_with(".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\""), "{signed}");
    let args = [s(r#"{"alg":"EdDSA","typ":"text"}"#), s("Example of Ed25519 signing"), s(ED_PRIVATE)];
    let signed = eval("io.jwt.encode_sign_raw", &args);
    assert_eq!(eval("io.jwt.verify_eddsa", &[s(signed.trim_matches('"')), s(ED_PUBLIC)]), "true");
    assert_eq!(eval("io.jwt.verify_eddsa", &[s(ED_TOKEN), s(ED_PUBLIC)]), "true");
    assert_eq!(eval("io.jwt.verify_es256", &[s(ES_TOKEN), s(ES_KEY)]), "true");
    // A key of another kind signs nothing.
    assert_eq!(eval("io.jwt.verify_rs256", &[s(ES_TOKEN), s(ES_KEY)]), "false");
    assert_eq!(eval("io.jwt.verify_es256", &[s(&ES_TOKEN.replace("DtEh", "EtEh")), s(ES_KEY)]), "false");
}

#[test]
fn the_key_that_the_header_names_is_the_one() {
    let named = |id: &str| ES_KEY.replacen('{', &format!(r#"{{"kid":"{id}","#), 1);
    let set = format!(r#"{{"keys":[{},{}]}}"#, named("a"), named("b"));
    assert_eq!(eval("io.jwt.verify_es256", &[s(ES_TOKEN), s(&set)]), "true");
    let other = format!(r#"{{"keys":[{}]}}"#, named("a").replacen('{', r#"{"alg":"ES384","#, 1));
    // The header's algorithm is not the key's.
    assert_eq!(eval("io.jwt.verify_es256", &[s(ES_TOKEN), s(&other)]), "false");
    let broken = fails("io.jwt.verify_es256", &[s(ES_TOKEN), s(r#"{"kty":"EC"}"#)]);
    assert!(broken.starts_with("failed to parse a JWK key (set): "), "{broken}");
}

#[test]
fn claims_are_checked_at_the_change_s_own_time() {
    // Tests run at 1704067200 s.
    let at = |claims: &str| decode_verify(&token(r#"{"alg":"HS256"}"#, claims), &[]);
    assert_eq!(at(r#"{"exp":1704067200}"#), UNVERIFIED);
    assert_eq!(at(r#"{"exp":1704067200.5}"#), r#"[true, {"alg": "HS256"}, {"exp": 1704067200.5}]"#);
    assert_eq!(at(r#"{"nbf":1704067200}"#), r#"[true, {"alg": "HS256"}, {"nbf": 1704067200}]"#);
    assert_eq!(at(r#"{"nbf":1704067201}"#), UNVERIFIED);
    let then = [(s("time"), Val::Int(1_704_067_201_000_000_000))];
    assert_ne!(decode_verify(&token(r#"{"alg":"HS256"}"#, r#"{"nbf":1704067201}"#), &then), UNVERIFIED);
    let text = token(r#"{"alg":"HS256"}"#, r#"{"exp":null}"#);
    let secret = [(s("secret"), s("secret"))];
    let args = [s(&text), Val::Object(&secret)];
    assert_eq!(fails("io.jwt.decode_verify", &args), "exp value must be a number");
}

#[test]
fn issuer_audience_and_algorithm_are_checked() {
    let text = token(r#"{"alg":"HS256"}"#, r#"{"iss":"i","aud":["a","b"]}"#);
    let is =
        |name, value| decode_verify(&text, &[(s(name), s(value)), (s("time"), Val::Int(0))]) != UNVERIFIED;
    assert!(is("aud", "b") && !is("aud", "c") && !is("iss", "i"));
    let both = |issuer| decode_verify(&text, &[(s("aud"), s("a")), (s("iss"), s(issuer))]) != UNVERIFIED;
    assert!(both("i") && !both("j"));
    let plain = token(r#"{"alg":"HS256"}"#, "{}");
    assert_eq!(decode_verify(&plain, &[(s("alg"), s("HS384"))]), UNVERIFIED);
    assert_eq!(decode_verify(&plain, &[(s("aud"), s("a"))]), UNVERIFIED);
}

#[test]
fn what_must_be_understood_is() {
    let none = "eyJhbGciOiJub25lIn0.e30.";
    assert_eq!(decode_verify(none, &[]), UNVERIFIED);
    let strange = token(r#"{"alg":"HS256","crit":["x"],"x":1}"#, "{}");
    assert_eq!(decode_verify(&strange, &[]), UNVERIFIED);
    let known = token(r#"{"alg":"HS256","crit":["y"],"x":1}"#, "{}");
    assert_ne!(decode_verify(&known, &[]), UNVERIFIED);
}

#[test]
fn the_inner_token_of_a_nested_one_counts() {
    let inner = token(r#"{"alg":"HS256"}"#, r#"{"deep":true}"#);
    let outer = token(r#"{"alg":"HS256","typ":"x","cty":"JWT"}"#, &inner);
    assert_eq!(decode_verify(&outer, &[]), r#"[true, {"alg": "HS256"}, {"deep": true}]"#);
    assert!(eval("io.jwt.decode", &[s(&outer)]).starts_with(r#"[{"alg": "HS256"}, {"deep": true}, "#));
}

#[test]
fn random_signatures_are_refused() {
    let key = ES_KEY.replacen('{', r#"{"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI","#, 1);
    let message = fails("io.jwt.encode_sign_raw", &[s(r#"{"alg":"ES256"}"#), s("{}"), s(&key)]);
    assert_eq!(message, "signatures of ECDSA and RSA-PSS are random: sign with HS256, RS256 or EdDSA");
    let unknown = [s(r#"{"alg":"dummy"}"#), s("{}"), s(HS_KEY)];
    assert_eq!(fails("io.jwt.encode_sign_raw", &unknown), "unknown JWS algorithm: dummy");
    let no_json = [s(r#"{"alg":"HS256","typ":"JWT"}"#), s(""), s(HS_KEY)];
    assert_eq!(fails("io.jwt.encode_sign_raw", &no_json), "type is JWT but payload is not JSON");
}
