//! Bad input of every kind: a clear error with its place, or a clean reading; never a panic.

use tollgate_manifest::{Limits, Mask, OtherReason, ReadError, Reading, read};
use tollgate_vocabulary::Path;

fn reading(bytes: impl AsRef<[u8]>) -> Result<Reading, ReadError> {
    read(bytes.as_ref(), &Mask::new([7; 32]), &Limits::default())
}

fn place(bytes: impl AsRef<[u8]>) -> (usize, usize) {
    let error = reading(bytes).unwrap_err();
    (error.position.line, error.position.column)
}

fn config_map(data: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n{data}")
}

fn rules(reading: &Reading) -> Vec<&str> {
    reading.objects.iter().flat_map(|read| &read.refusals).map(|refusal| refusal.rule.as_str()).collect()
}

#[test]
fn nothing_is_nothing() {
    for empty in ["", "\n", "---\n", "# only a comment\n", "\u{feff}", "---\n---\n", "null\n", "~"] {
        assert_eq!(reading(empty), Ok(Reading::default()), "{empty:?}");
    }
}

#[test]
fn what_is_no_text_is_refused_where_it_stops_being_text() {
    assert_eq!(place(b"a: b\nc: \xff\n"), (2, 4));
    assert_eq!(place(b"\x7fELF\x02\x01\x01\0\0\0"), (1, 1));
    assert_eq!(place(b"a: \x00\n"), (1, 4));
    assert!(reading(b"\xff\xfea\0:\0").unwrap_err().message.contains("UTF-16"));
}

#[test]
fn half_yaml_is_refused_at_its_place() {
    assert_eq!(place("apiVersion: v1\nkind: [ConfigMap\nmetadata: {}\n").0, 3);
    assert_eq!(place("a: b: c\n"), (1, 5));
    assert_eq!(place("a: \"b\n"), (1, 4));
    assert_eq!(place("ok: 1\n---\na: {b: }}\n").0, 3);
}

#[test]
fn a_thousand_levels_are_refused_before_the_stack_is_full() {
    for deep in [
        "[".repeat(1_000),
        format!("#\n{}", "{a: ".repeat(1_000)),
        "- ".repeat(1_000),
        format!("{{\"a\":{}", "[".repeat(1_000)),
        "? ".repeat(1_000),
        (0..1_000).map(|level| format!("{}k:\n", " ".repeat(level))).collect(),
    ] {
        let error = reading(&deep).unwrap_err();
        assert_eq!(error.message, "deeper than 100 levels", "{}", &deep[..20]);
        assert!(error.position.offset > 0);
    }
}

#[test]
fn a_hundred_levels_are_read() {
    let deep = config_map(&format!("  a: {}{}\n", "[".repeat(98), "]".repeat(98)));
    assert_eq!(reading(deep).unwrap().objects.len(), 1);
}

#[test]
fn an_alias_bomb_is_refused_before_it_goes_off() {
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for level in 1..12 {
        let below = format!("*a{},", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    assert!(reading(config_map("  x: y\n") + &bomb).unwrap_err().message.contains("aliases"));
    let chain: String = (0..5_000).map(|at| format!("b{at}: &b{at} {{x: 1}}\n")).collect();
    assert!(reading(config_map("  x: y\n") + &chain).is_ok());
}

#[test]
fn anchors_within_anchors_are_counted() {
    let nested: String = (0..90).map(|at| format!("&a{at} [")).collect();
    let wide = format!("x: {nested}{}{}", "1,".repeat(50_000), "]".repeat(90));
    assert!(reading(wide).unwrap_err().message.contains("more values than the limit"));
}

#[test]
fn more_than_ten_thousand_documents_are_refused_at_the_first_too_many() {
    let many = "a: 1\n---\n".repeat(10_001);
    assert_eq!(place(&many), (20_001, 1));
    assert_eq!(reading("a: 1\n---\n".repeat(10_000)).unwrap().others.len(), 10_000);
    let json = "{}\n".repeat(10_001);
    assert_eq!(place(json), (10_001, 1));
}

#[test]
fn bytes_are_limited() {
    let limits = Limits { bytes: 10, ..Limits::default() };
    let error = read(b"a: 0123456789", &Mask::new([7; 32]), &limits).unwrap_err();
    assert_eq!(error.message, "13 bytes are more than the limit of 10");
}

#[test]
fn tabs_for_indentation_are_refused_and_elsewhere_read() {
    assert_eq!(place("a:\n\tb: 1\n").0, 2);
    let tabs = config_map("  a:\t\tx\n  b:\tz\t# c\n  c: \"x:\ty\"\n");
    let reading = reading(tabs).unwrap();
    assert!(rules(&reading).is_empty());
    let data = reading.objects[0].object.value.get("data").unwrap();
    assert_eq!(data.get("c").and_then(|value| value.as_str()), Some("x:\ty"));
    assert_eq!(data.get("a").and_then(|value| value.as_str()), Some("x"));
}

#[test]
fn line_ends_and_byte_order_marks_leave_the_places_right() {
    let text = format!("\u{feff}{}", config_map("  é: \"ü\"\n  yes: 1\n").replace('\n', "\r\n"));
    let reading = reading(&text).unwrap();
    let refusal = &reading.objects[0].refusals[0];
    assert_eq!((refusal.span.start.line, refusal.span.start.column), (7, 3));
    assert_eq!(&text[refusal.span.start.offset..refusal.span.end.offset], "yes");
}

#[test]
fn line_ends_that_only_some_readers_know_are_refused() {
    for separator in ["\r", "\u{85}", "\u{2028}", "\u{2029}"] {
        let text = config_map(&format!("  a: b # comment{separator}  c: d\n"));
        assert_eq!(place(text), (6, 17), "{separator:?}");
    }
}

#[test]
fn a_template_says_that_it_must_be_rendered() {
    let error = reading("kind: {{ .Values.kind }}\nname: {{ x }}-y\n").unwrap_err();
    assert!(error.remedy.unwrap().contains("render first"));
}

#[test]
fn a_path_is_found_in_the_file() {
    let text = config_map("  a: &x |\n    one\n    two\n  \"b c\": 'it''s'   # tail\n  l: [1, {k: *x}]\n");
    let reading = reading(&text).unwrap();
    let read = &reading.objects[0];
    let at = |path: &Path| {
        let located = read.spans.locate(&read.object.value, path);
        (&text[located.span.start.offset..located.span.end.offset], located.exact)
    };
    assert_eq!(at(&Path::of_keys(&["metadata", "name"])), ("a", true));
    assert_eq!(at(&Path::of_keys(&["data", "b c"])), ("'it''s'", true));
    assert_eq!(at(&Path::of_keys(&["data", "a"])), ("one\n    two", true));
    assert_eq!(at(&Path::of_keys(&["metadata", "labels", "app"])), ("metadata", false));
    assert_eq!(at(&Path::of_keys(&["data", "l"])), ("[1, {k: *x}]", true));
}

#[test]
fn a_list_gives_its_items_with_their_own_places() {
    let text = "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n  data: {k: on, k: on}\n";
    let reading = reading(text).unwrap();
    let kinds: Vec<_> = reading.objects.iter().map(|read| &*read.object.identity.kind).collect();
    assert_eq!(kinds, ["ConfigMap", "Secret"]);
    assert!(reading.objects[0].refusals.is_empty());
    assert_eq!(reading.objects[1].refusals[0].path.to_string(), "data.k");
    let name = reading.objects[0]
        .spans
        .locate(&reading.objects[0].object.value, &Path::of_keys(&["metadata", "name"]));
    assert_eq!((name.span.start.line, name.span.start.column), (4, 20));
}

#[test]
fn whatever_holds_items_is_a_list_as_it_is_for_kubectl() {
    let text =
        "apiVersion: v1\nkind: ConfigMap\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n";
    let reading = reading(text).unwrap();
    assert_eq!(&*reading.objects[0].object.identity.kind, "Pod");
}

#[test]
fn what_is_doubtful_around_a_list_denies_all_its_items() {
    let text = "apiVersion: v1\nkind: List\nkind: List\nitems:\n- {apiVersion: v1, kind: A}\n- {apiVersion: v1, kind: B}\n";
    assert_eq!(rules(&reading(text).unwrap()), ["reading.duplicate-key"; 2]);
    assert_eq!(place("apiVersion: v1\nkind: List\nkind: List\nitems: []\n"), (3, 1));
}

#[test]
fn a_document_that_kubectl_would_not_see_is_refused() {
    let hidden = "apiVersion: v1\nkind: A\n...\n--- {apiVersion: v1, kind: B}\n";
    assert_eq!(rules(&reading(hidden).unwrap()), ["reading.hidden-document"]);
    assert_eq!(place("a: 1\n---#x\nb: 2\n"), (2, 1));
}

#[test]
fn what_is_no_object_is_listed_and_spoils_a_file_of_objects() {
    let reading_of =
        |text: &str| reading(text).map(|read| read.others.iter().map(|other| other.reason).collect());
    assert_eq!(
        reading_of("a: 1\n---\n- x\n---\nkind: X\n"),
        Ok(vec![OtherReason::NoApiVersion, OtherReason::NotAnObject, OtherReason::NoApiVersion])
    );
    assert_eq!(place("apiVersion: v1\nkind: A\n---\ntext\n"), (4, 1));
}
