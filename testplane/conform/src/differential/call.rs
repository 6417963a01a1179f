//! Terms that apply operators and builtins: templates by the type that they give.
//!
//! In a template `<n>` stands for a number, `<s>` a string, `<b>` a boolean, `<x>` anything; `<an>` is a list of numbers,
//! `<ss>` a set of strings (`<pss>`: a path to one), `<mn>` an object of numbers, and so on; `<re>`, `<glob>`, `<format>`, `<small>` are literals.

use super::author::{Author, quoted};
use super::world::{self, Type};

const NUMBERS: &[&str] = &[
    "<n> % -<small>",
    "(0 - <n>) / 7",
    "1 / <small>",
    "<n> * 12345678901234567890",
    "round(<n> / 3)",
    "ceil(<n> * 1.25)",
    "abs(-1.5 * <n>)",
    "bits.rsh(<n>, <small>)",
    "bits.negate(<n>)",
    "sum([<n>, <n>, 0.1])",
    "product([<n>, 1.1, <small>])",
    "time.parse_rfc3339_ns(<s>)",
    "time.add_date(1700000000000000000, <small>, <n>, <small>)",
    "time.date([1700000000000000000 + <n>, \"America/New_York\"])[2]",
    "time.clock(<n>)[1]",
    "time.diff(<n>, 1700000000000000000)[0]",
    "to_number(format_int(<n>, 2))",
    "count(json.marshal(<x>))",
    "<n> + <n>",
    "<n> - <n>",
    "<n> * <n>",
    "<n> / <small>",
    "<n> % <small>",
    "(<n> + <n>) * <n>",
    "0 - <n>",
    "count(<as>)",
    "count(<ss>)",
    "count(<mn>)",
    "count(<s>)",
    "count(<px>)",
    "sum(<an>)",
    "sum(<sn>)",
    "product(<an>)",
    "max(<an>)",
    "min(<sn>)",
    "abs(<n>)",
    "round(<n>)",
    "ceil(<n>)",
    "floor(<n>)",
    "to_number(<s>)",
    "to_number(<b>)",
    "indexof(<s>, <s>)",
    "bits.and(<small>, <n>)",
    "bits.or(<n>, <small>)",
    "bits.xor(<n>, <small>)",
    "bits.lsh(<n>, <small>)",
    "object.get(<mn>, <s>, <n>)",
    "strings.count(<s>, <s>)",
    "time.parse_duration_ns(\"<small>h\")",
    "units.parse(\"<small>Ki\")",
    "units.parse_bytes(\"<small>MB\")",
    "semver.compare(\"1.<small>.0\", \"1.2.0-rc.1\")",
];

const STRINGS: &[&str] = &[
    "json.marshal({<s>: [<n>, <s>, {<s>}]})",
    "json.marshal_with_options(<mx>, {\"pretty\": true})",
    "sprintf(\"%v %v %v\", [<ax>, <ss>, <mx>])",
    "sprintf(\"%8.3f|%+d|%q\", [<n>, <n>, <s>])",
    "sprintf(\"%s\", [<x>])",
    "sprintf(\"%d\", [<x>])",
    "format_int(<n> / 3, 8)",
    "base64url.encode(<s>)",
    "hex.decode(hex.encode(<s>))",
    "urlquery.decode(<s>)",
    "urlquery.encode_object(<ms>)",
    "crypto.hmac.sha256(<s>, <s>)",
    "crypto.sha1(<s>)",
    "regex.find_all_string_submatch_n(<re>, <s>, <small>)[0][0]",
    "glob.quote_meta(<s>)",
    "type_name(<n> / <small>)",
    "time.format(1700000000000000000 + <n>)",
    "time.weekday(86400000000000 * <n>)",
    "substring(<s>, <n>, <n>)",
    "yaml.marshal({<s>: <x>})",
    "concat(<s>, sort(<as>))",
    "concat(\",\", <as>)",
    "concat(<s>, <ss>)",
    "lower(<s>)",
    "upper(<s>)",
    "trim(<s>, <s>)",
    "trim_left(<s>, <s>)",
    "trim_right(<s>, <s>)",
    "trim_prefix(<s>, <s>)",
    "trim_suffix(<s>, <s>)",
    "trim_space(<s>)",
    "replace(<s>, <s>, <s>)",
    "substring(<s>, <small>, <small>)",
    "substring(<s>, <small>, -1)",
    "sprintf(\"%v\", [<x>])",
    "sprintf(\"%v\", [<n>])",
    "sprintf(\"%d-%s\", [<n>, <s>])",
    "sprintf(<format>, [<n>, <s>])",
    "format_int(<n>, 10)",
    "format_int(<n>, 16)",
    "json.marshal(<x>)",
    "json.marshal(<mx>)",
    "type_name(<x>)",
    "base64.encode(<s>)",
    "base64url.encode_no_pad(<s>)",
    "base64.decode(<s>)",
    "hex.encode(<s>)",
    "urlquery.encode(<s>)",
    "strings.reverse(<s>)",
    "regex.replace(<s>, <re>, <s>)",
    "strings.replace_n({\"a\": <s>, \"e\": \"E\"}, <s>)",
    "split(<s>, <s>)[0]",
    "crypto.sha256(<s>)",
    "crypto.md5(<s>)",
    "object.get(<ms>, <s>, <s>)",
    "object.get(<px>, [<s>, 0], <s>)",
    "<pas>[<small>]",
    "<pas>[0]",
];

const BOOLEANS: &[&str] = &[
    "null < <x>",
    "<x> <= <x>",
    "<ax> > <ax>",
    "<mn> >= <mn>",
    "[<n>, <s>] < [<n>, <x>]",
    "{<n>} == {<n>, <n>}",
    "net.cidr_contains(<s>, <s>)",
    "net.cidr_is_valid(<s>)",
    "regex.globs_match(\"a.*\", \"[ab].*\")",
    "json.match_schema({\"a\": <n>}, {\"properties\": {\"a\": {\"maximum\": 2}}})[0]",
    "yaml.is_valid(<s>)",
    "glob.match(<glob>, [\"-\"], <s>)",
    "glob.match(<glob>, null, <s>)",
    "units.parse(<s>) > 0",
    "time.parse_duration_ns(<s>) > <n>",
    "is_set(<x>)",
    "<n> == <n>",
    "<n> != <n>",
    "<n> < <n>",
    "<n> <= <n>",
    "<n> >= <n>",
    "<s> == <s>",
    "<s> != <s>",
    "<s> < <s>",
    "<x> == <x>",
    "<x> != <x>",
    "<as> == <as>",
    "<sn> < <sn>",
    "<mx> != <mx>",
    "startswith(<s>, <s>)",
    "endswith(<s>, <s>)",
    "contains(<s>, <s>)",
    "regex.match(<re>, <s>)",
    "glob.match(<glob>, [], <s>)",
    "glob.match(<glob>, [\".\", \"/\"], <s>)",
    "strings.any_prefix_match(<s>, <ss>)",
    "strings.any_suffix_match(<as>, <as>)",
    "is_number(<x>)",
    "is_string(<x>)",
    "is_object(<x>)",
    "is_array(<x>)",
    "is_null(<x>)",
    "is_boolean(<x>)",
    "object.subset(<mx>, <mx>)",
    "object.subset(<ss>, <ss>)",
    "regex.is_valid(<s>)",
    "semver.is_valid(<s>)",
    "json.is_valid(<s>)",
    "net.cidr_contains(\"10.0.0.0/<small>\", \"10.0.0.1\")",
];

const ARRAYS_OF_STRINGS: &[&str] = &[
    "split(<s>, <s>)",
    "array.concat(<as>, <as>)",
    "array.slice(<as>, <small>, 3)",
    "array.slice(<as>, 0, <n>)",
    "array.reverse(<as>)",
    "sort(<ss>)",
    "sort(<as>)",
    "regex.find_n(<re>, <s>, -1)",
    "regex.split(<re>, <s>)",
    "array.flatten([<as>, <s>])",
    "[<s>, <s>]",
    "[]",
];

const ARRAYS_OF_NUMBERS: &[&str] = &[
    "numbers.range(<small>, 4)",
    "numbers.range(count(<s>), <small>)",
    "numbers.range_step(<small>, count(<as>), 2)",
    "array.concat(<an>, <an>)",
    "array.slice(<an>, 1, <small>)",
    "array.reverse(<an>)",
    "sort(<sn>)",
    "sort(<an>)",
    "indexof_n(<s>, <s>)",
    "[<n>, <n>]",
];

const ARRAYS: &[&str] = &[
    "sort([<n>, <s>, <x>, {<n>}, [<s>], null])",
    "sort(<ax>)",
    "[[k, v] | some k, v in <mx>]",
    "[p | walk(<x>, [p, _])]",
    "array.flatten([<ax>, [[<x>]]])",
    "[<x>, <x>]",
    "[<s>, <n>, <x>]",
    "sort(<sx>)",
    "array.concat(<ax>, <as>)",
    "array.reverse(<ax>)",
];

// A set of terms that turn out equal keeps its doubles in OPA 1.22 while a variable stands for it; a union does not.
const SETS_OF_STRINGS: &[&str] = &[
    "<ss> | <ss>",
    "<ss> & <ss>",
    "<ss> - <ss>",
    "object.keys(<ms>)",
    "object.keys(<mn>)",
    "union({<ss>, <ss>})",
    "intersection({<ss>, <ss>})",
    "{<s>, <s>} | set()",
    "set()",
];

const SETS_OF_NUMBERS: &[&str] = &[
    "<sn> | <sn>",
    "<sn> & <sn>",
    "<sn> - <sn>",
    "{<n>, <n>} | set()",
    "{<n>, <n>, <small>} | set()",
    "union({<sn>})",
];

const SETS: &[&str] = &["<sx> | <ss>", "{<x>, <x>} | set()", "{<s>, <n>} | set()", "<sx> - <sn>"];

const MAPS_OF_NUMBERS: &[&str] = &[
    "{<s>: <n>, \"k\": <n>}",
    "{\"a\": <n>, \"b\": <n>}",
    "object.union(<mn>, <mn>)",
    "object.union_n([<mn>, <mn>])",
    "object.remove(<mn>, <as>)",
    "object.filter(<mn>, <ss>)",
    "json.filter(<mn>, [<s>, \"a\"])",
    "json.remove(<mn>, [<s>])",
    "json.patch(<mn>, [{\"op\": \"add\", \"path\": \"/q\", \"value\": <n>}])",
];

const MAPS_OF_STRINGS: &[&str] = &[
    "{<s>: <s>}",
    "{\"a\": <s>, \"team\": <s>}",
    "object.union(<ms>, <ms>)",
    "object.remove(<ms>, <ss>)",
    "object.filter(<ms>, <as>)",
];

const MAPS: &[&str] = &[
    "{<s>: <x>}",
    "{\"a\": <x>, \"b\": {\"c\": <x>}}",
    "object.union(<mx>, <mn>)",
    "{\"k\": <ss>, \"l\": <sx>}",
];

const ANYTHING: &[&str] = &[
    "json.filter(<mx>, [<s>, \"a/b\"])",
    "json.remove({\"a\": [<x>, <x>]}, [\"a/0\"])",
    "json.patch({\"a\": [<n>]}, [{\"op\": \"add\", \"path\": \"a/-\", \"value\": <x>}, {\"op\": \"move\", \"from\": \"a/0\", \"path\": \"b\"}])",
    "object.union(<mx>, {\"a\": {\"b\": <x>}})",
    "object.get({\"a\": {\"b\": <n>}}, [\"a\", <s>], <x>)",
    "graph.reachable_paths({\"a\": <as>, \"b\": [\"a\", \"c\"]}, {<s>})",
    "semver.is_valid(<x>)",
    "urlquery.decode_object(urlquery.encode_object(<ms>))",
    "regex.find_all_string_submatch_n(<re>, <s>, -1)",
    "yaml.unmarshal(yaml.marshal(<x>))",
    "json.unmarshal(sprintf(\"%v\", [<n>]))",
    "time.clock([1700000000000000000, <s>])",
    "base64.decode(base64.encode(<s>))",
    "union({<sx>, <sn>})",
    "intersection({<ss>, <ss>})",
    "object.keys(<mx>)",
    "json.unmarshal(<s>)",
    "json.unmarshal(json.marshal(<x>))",
    "{<n>: <s>}",
    "{[<n>]: <x>}",
    "{<x>}",
    "[<x>]",
    "object.get(<px>, <s>, <x>)",
    "<pax>[<n>]",
    "json.patch(<px>, [{\"op\": \"replace\", \"path\": \"a\", \"value\": <x>}])",
    "to_number(<x>)",
    "max(<ax>)",
    "min(<sx>)",
    "sum(<pax>)",
    "count(<px>)",
    "graph.reachable({\"a\": <as>, \"b\": [\"c\"]}, [\"a\"])",
    "split(<s>, \"/\")",
    "[<n>, {<s>}]",
    "{\"a\": {<n>, <s>}}",
    "null",
];

impl Author<'_> {
    /// An application that gives that type.
    pub(crate) fn call(&mut self, of: &Type, depth: usize) -> Option<String> {
        let templates = match of {
            Type::Num => NUMBERS,
            Type::Str => STRINGS,
            Type::Bool => BOOLEANS,
            Type::Any => ANYTHING,
            Type::Array(of) if **of == Type::Str => ARRAYS_OF_STRINGS,
            Type::Array(of) if **of == Type::Num => ARRAYS_OF_NUMBERS,
            Type::Array(of) if **of == Type::Any => ARRAYS,
            Type::Set(of) if **of == Type::Str => SETS_OF_STRINGS,
            Type::Set(of) if **of == Type::Num => SETS_OF_NUMBERS,
            Type::Set(of) if **of == Type::Any => SETS,
            Type::Map(of) if **of == Type::Num => MAPS_OF_NUMBERS,
            Type::Map(of) if **of == Type::Str => MAPS_OF_STRINGS,
            Type::Map(of) if **of == Type::Any => MAPS,
            _ => return None,
        };
        let template = *self.random.pick(templates);
        Some(self.fill(template, depth))
    }

    /// The template with terms for its holes.
    pub(crate) fn fill(&mut self, template: &str, depth: usize) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some(at) = rest.find('<') {
            let (before, from) = rest.split_at(at);
            text.push_str(before);
            let hole = from[1..].find('>').map(|end| &from[1..=end]).filter(|hole| is_hole(hole));
            if let Some(hole) = hole {
                text.push_str(&self.hole(hole, depth));
                rest = &from[hole.len() + 2..];
            } else {
                text.push('<');
                rest = &from[1..];
            }
        }
        text.push_str(rest);
        text
    }

    fn hole(&mut self, hole: &str, depth: usize) -> String {
        match hole {
            "re" => (*self.random.pick(PATTERNS)).to_owned(),
            "glob" => quoted(GLOBS[self.random.below(GLOBS.len())]),
            "format" => quoted(FORMATS[self.random.below(FORMATS.len())]),
            "small" => self.random.between(1, 4).to_string(),
            _ => match hole.strip_prefix('p') {
                Some(hole) => {
                    let of = of(hole);
                    self.path(&of).unwrap_or_else(|| "input.mixed".to_owned())
                }
                None => {
                    let of = of(hole);
                    self.operand(&of, depth)
                }
            },
        }
    }
}

const PATTERNS: &[&str] = &[
    "`^[a-z]+$`",
    "`a`",
    "\"[0-9]+\"",
    "`(a|b)c?`",
    "`^team-(.)$`",
    "`.`",
    "`[^a-z]`",
    "`^eu\\.gcr\\.io/`",
    "`\\d+\\.\\d+`",
    "\"\"",
];
const GLOBS: &[&str] =
    &["*", "a*", "**", "eu.gcr.io/**", "*.b/*", "{a,b,web}", "?", "[a-c]", "team-*", "10.*.0.1"];
const FORMATS: &[&str] = &[
    "%d %s",
    "%v:%q",
    "%5d|%-6s|",
    "%x %s",
    "%.2f %v",
    "%s %d",
    "%03d%s",
    "%v",
    "%v %v %v",
    "%%%v%v",
    "%T %T",
    "%e %s",
];

fn is_hole(text: &str) -> bool {
    !text.is_empty() && text.len() < 7 && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn of(hole: &str) -> Type {
    let leaf = match hole.as_bytes().last() {
        Some(b'n') => Type::Num,
        Some(b's') => Type::Str,
        Some(b'b') => Type::Bool,
        _ => Type::Any,
    };
    match hole.as_bytes() {
        [b'a', _] => world::array(leaf),
        [b's', _] => world::set(leaf),
        [b'm', _] => world::map(leaf),
        _ => leaf,
    }
}
