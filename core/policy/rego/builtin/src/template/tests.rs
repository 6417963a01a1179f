use tollgate_rego_value::Val;

use crate::Error;
use crate::testing::{call, eval, fails};

const LIST: [Val<'_>; 3] = [Val::Int(1), Val::String("b"), Val::Null];
const MAP: [(Val<'_>, Val<'_>); 2] =
    [(Val::String("k"), Val::String("v")), (Val::String("n"), Val::Number("1.50"))];
const DATA: [(Val<'_>, Val<'_>); 5] = [
    (Val::String("e"), Val::Array(&[])),
    (Val::String("l"), Val::Array(&LIST)),
    (Val::String("m"), Val::Object(&MAP)),
    (Val::String("n"), Val::Int(0)),
    (Val::String("s"), Val::String("text")),
];

fn render(template: &str) -> String {
    let quoted = eval("strings.render_template", &[Val::String(template), Val::Object(&DATA)]);
    quoted.trim_matches('"').replace("\\\"", "\"").replace("\\n", "\n")
}

fn refused(template: &str) -> String {
    fails("strings.render_template", &[Val::String(template), Val::Object(&DATA)])
}

#[test]
fn values_are_shown_as_go_shows_them() {
    for (template, expected) in [
        ("{{.s}} {{.n}} {{.l}} {{.m}}", "text 0 [1 b <nil>] map[k:v n:1.50]"),
        ("{{.none}} {{.none.below}} {{index .l 2}}", "<undefined> <undefined> <undefined>"),
        ("{{.m.k}} {{(index .l 1)}} {{len .s}} {{slice .s 1 3}} {{slice .l 1}}", "v b 4 ex [b <nil>]"),
        ("{{print 1 2 \"a\" 3}} {{1e3}} {{'a'}}", "1 2a3 1000 97"),
        (
            "{{printf \"%q %03d %5.1f|%-4s|%d\" .s 7 2.25 \"x\" .n}}",
            "\"text\" 007   2.2|x   |%!d(json.Number=0)",
        ),
        ("{{\"<a>&\" | html}} {{urlquery \"a b\"}} {{js \"a'<\"}}", "&lt;a&gt;&amp; a+b a\\\\'\\\\u003C"),
    ] {
        assert_eq!(render(template), expected, "{template}");
    }
}

#[test]
fn actions_choose_and_repeat() {
    for (template, expected) in [
        ("{{if .n}}number{{else}}nothing{{end}}{{if .e}}x{{else if .s}}y{{end}}", "numbery"),
        ("{{range $i, $x := .l}}{{if $i}},{{end}}{{$i}}{{end}}{{range .e}}x{{else}}none{{end}}", "0,1,2none"),
        ("{{range $k, $v := .m}}{{$k}}={{$v}};{{end}}{{range 3}}{{.}}{{end}}", "k=v;n=1.50;012"),
        ("{{range .l}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}}", "1"),
        ("{{with .m}}{{.k}}{{$.s}}{{end}}{{with .none}}x{{else}}y{{end}}", "vtexty"),
        ("{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", "2"),
        ("a {{- .s -}} b{{/* none */}}{{- /* none */ -}} c", "atextbc"),
        ("{{define \"T\"}}[{{.}}]{{end}}{{template \"T\" .s}}{{block \"B\" .s}}{{.}}{{end}}", "[text]text"),
        (
            "{{and 1 0 2}}{{or 0 \"x\"}}{{not .e}}{{lt 1 2}}{{ge \"b\" \"a\"}}{{eq 1 2 1}}",
            "0xtruetruetruetrue",
        ),
    ] {
        assert_eq!(render(template), expected, "{template}");
    }
}

#[test]
fn what_is_no_template_is_refused_with_its_line() {
    for (template, message) in [
        ("{{.a", "1: unclosed action"),
        ("\n{{foo}}", "2: function \"foo\" not defined"),
        ("{{if}}{{end}}", "1: missing value for if"),
        ("{{end}}", "1: unexpected {{end}}"),
        ("{{if .s}}", "1: unexpected EOF"),
        ("{{$x}}", "1: undefined variable \"$x\""),
        ("{{break}}", "1: {{break}} outside {{range}}"),
        ("{{.s.x}}", "1: can't evaluate field x in type interface {}"),
        ("{{index .l 9}}", "1: error calling index: index out of range: 9"),
        ("{{eq .n 0}}", "1: error calling eq: incompatible types for comparison: json.Number and int"),
        ("{{template \"x\"}}", "1: template \"x\" not defined"),
    ] {
        assert_eq!(refused(template), format!("template: template:{message}"), "{template}");
    }
}

#[test]
fn what_never_ends_is_stopped() {
    assert!(refused("{{define \"T\"}}{{template \"T\"}}{{end}}{{template \"T\"}}").contains("levels"));
    assert!(refused(&"{{if 1}}".repeat(1000)).contains("too deep"));
    assert!(refused(&format!("{{{{{}}}}}", "(".repeat(1000))).contains("too deep"));
    assert!(refused(&format!("{{{{if 1}}}}{}", "{{else if 1}}".repeat(1000))).contains("too deep"));
    let args = [Val::String("{{range 9223372036854775807}}x{{end}}"), Val::Object(&DATA)];
    call("strings.render_template", &args, |result| assert_eq!(result, Err(Error::Limit)));
}
