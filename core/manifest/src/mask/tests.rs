use super::*;

const SECRET: &str = "hunter2-5ecret";
const BASE64: &str = "aHVudGVyMi01ZWNyZXQ=";

fn mask() -> Mask {
    Mask::new([7; 32])
}

fn parse(text: &str) -> Value {
    json::read(text.as_bytes(), &Limits::default()).unwrap()
}

fn hides(value: &Value) -> bool {
    let shown = canonical::text(value) + &format!("{value:?}");
    !shown.contains(SECRET) && !shown.contains(BASE64)
}

#[test]
fn a_token_is_the_hmac_of_the_value() {
    // printf %s hunter2-5ecret | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707...07 (32 bytes)
    assert_eq!(mask().token(SECRET.as_bytes()), "masked:f00be6fcafdf1c00");
    assert_ne!(Mask::new([8; 32]).token(SECRET.as_bytes()), mask().token(SECRET.as_bytes()));
}

#[test]
fn data_and_string_data_of_equal_content_are_equal() {
    let mut secret = parse(&format!(
        r#"{{"kind":"Secret","data":{{"a":"{BASE64}","n":12,"o":{{"p":["{SECRET}"]}},"z":null}},"stringData":{{"b":"{SECRET}"}}}}"#
    ));
    mask().apply(&mut secret);
    assert!(hides(&secret));
    let at = |key: &str, inner: &str| secret.get(key).unwrap().get(inner).unwrap();
    assert_eq!(at("data", "a"), at("stringData", "b"));
    assert!(at("data", "n").as_str().unwrap().starts_with("masked:"));
    assert!(at("data", "z").is_null());
}

#[test]
fn the_last_applied_object_is_masked_within() {
    let inner = format!(r#"{{\"kind\":\"Secret\",\"stringData\":{{\"a\":\"{SECRET}\"}}}}"#);
    for (kind, text) in [
        ("Secret", inner.clone()),
        ("ConfigMap", inner.clone()),
        ("Secret", inner.replace("Secret", "ConfigMap")),
        ("Secret", format!("not json {SECRET}")),
        ("List", inner.replace("\\\"kind", "\\\"kind\\\":1,\\\"kind")),
    ] {
        let text = format!(
            r#"{{"kind":"{kind}","metadata":{{"annotations":{{"{LAST_APPLIED}":"{}"}}}}}}"#,
            if kind == "Secret" { text.replace("stringData", "data") } else { text }
        );
        let mut object = parse(&text);
        mask().apply(&mut object);
        assert!(hides(&object), "{text}");
    }
}

#[test]
fn what_holds_no_secret_stays_as_it_is() {
    let text = format!(
        r#"{{"kind":"ConfigMap","data":{{"a":"b"}},"metadata":{{"annotations":{{"{LAST_APPLIED}":"{{ \"kind\": \"ConfigMap\" }}"}}}}}}"#
    );
    let mut object = parse(&text);
    mask().apply(&mut object);
    assert_eq!(object, parse(&text));
}

#[test]
fn lists_of_secrets_are_masked_however_deep() {
    let mut text = format!(r#"{{"data":{{"a":"{BASE64}"}}}}"#);
    text = format!(r#"{{"kind":"SecretList","items":[{text}]}}"#);
    for _ in 0..20 {
        text = format!(r#"{{"kind":"List","items":[{text}]}}"#);
    }
    let mut list = parse(&text);
    mask().apply(&mut list);
    assert!(hides(&list));
}

#[test]
fn a_review_of_a_secret_is_masked_whatever_its_object_says() {
    for request in [
        r#""kind":{"kind":"Secret"}"#,
        r#""requestKind":{"kind":"Secret"}"#,
        r#""resource":{"resource":"secrets"}"#,
        r#""kind":{"kind":"X"}"#,
    ] {
        let kind = if request.contains("X") { r#""kind":"Secret","# } else { "" };
        let object = format!(r#"{{{kind}"data":{{"a":"{BASE64}"}}}}"#);
        let mut review = parse(&format!(r#"{{{request},"object":{object},"oldObject":{object}}}"#));
        mask().apply_review(&mut review);
        assert!(hides(&review), "{request}");
    }
}

#[test]
fn added_paths_are_masked_with_all_below() {
    let paths =
        ["Deployment:spec.containers[*].env[*].value", r#"metadata.annotations["a.b/c"]"#, "spec.*.token"];
    let mask = mask().with_paths(paths.iter().map(|path| path.parse().unwrap()).collect());
    let text = |kind: &str| {
        format!(
            r#"{{"kind":"{kind}","metadata":{{"annotations":{{"a.b/c":"{SECRET}"}}}},
            "spec":{{"x":{{"token":{{"y":"{SECRET}"}}}},"containers":[{{"env":[{{"value":"{SECRET}"}}]}}]}}}}"#
        )
    };
    let mut deployment = parse(&text("Deployment"));
    mask.apply(&mut deployment);
    assert!(hides(&deployment));
    let mut pod = parse(&text("Pod"));
    mask.apply(&mut pod);
    assert_eq!(canonical::text(&pod).matches(SECRET).count(), 1);
    for (path, written) in mask.paths.iter().zip(paths) {
        assert_eq!(path.to_string(), written);
    }
}

#[test]
fn a_bad_path_says_where_it_is_bad() {
    let error = |text: &str| text.parse::<MaskPath>().unwrap_err().to_string();
    assert_eq!(error(""), "mask path `` names nothing, at character 1");
    assert_eq!(
        error("a[x]"),
        "mask path `a[x]` wants a number, `*` or a quoted key between its brackets, at character 2"
    );
    assert!(error("a..b").ends_with("at character 3"));
    assert!(error("a[0").contains("bracket without its end"));
    assert!(error(":a").contains("no kind"));
}

#[test]
fn neither_key_nor_secret_shows_in_a_file_that_is_refused() {
    let text = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  a: {SECRET}\n  a: |\n    {SECRET}\n  b: 0777123\n  c: &x !!int {SECRET}\ndata:\n  a: {BASE64}\n  d: *x\n"
    );
    let reading = crate::read(text.as_bytes(), &mask(), &Limits::default()).unwrap();
    let read = &reading.objects[0];
    assert_eq!(read.refusals.len(), 3, "{:?}", read.refusals);
    let shown = format!("{reading:?} {:?} {}", mask(), canonical::text(&read.object.value));
    for hidden in [SECRET, BASE64, "0777123", "209491", "[7, 7"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
    let mut blanked = text.clone();
    for span in read.masked.iter().rev() {
        let range = span.start.offset..span.end.offset;
        blanked.replace_range(range.clone(), &"*".repeat(range.len()));
    }
    for hidden in [SECRET, BASE64, "0777123"] {
        assert!(!blanked.contains(hidden), "{blanked}");
    }
    assert!(blanked.contains("name: a"));
}

#[test]
fn a_secret_that_is_renamed_by_a_second_kind_is_still_one() {
    let text = format!(
        "apiVersion: v1\nkind: Secret\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {BASE64}}}\n"
    );
    let reading = crate::read(text.as_bytes(), &mask(), &Limits::default()).unwrap();
    assert!(hides(&reading.objects[0].object.value));
}
