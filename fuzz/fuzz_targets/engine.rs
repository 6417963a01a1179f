//! Any text compiles as a policy or is refused with places inside of it; what compiles answers, or says which limit it
//! reached. Nothing panics, and equal questions get equal answers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollgate_rego::{File, Limits, Settings, compile};
use tollgate_vocabulary::Value;

/// The policy, and behind a zero byte what is its input and its data.
fn split(bytes: &[u8]) -> Option<(&str, Value)> {
    let (policy, input) = match bytes.iter().position(|byte| *byte == 0) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &b"{}"[..]),
    };
    let limits = tollgate_manifest::Limits::default();
    Some((std::str::from_utf8(policy).ok()?, tollgate_manifest::json::read(input, &limits).ok()?))
}

fuzz_target!(|bytes: &[u8]| {
    let Some((text, input)) = split(bytes) else { return };
    let file = File { path: "a.rego".into(), text: text.into(), dialect: None };
    let data = if input.as_object().is_some() { input.clone() } else { Value::default() };
    let program = match compile(&[file], data, &["x = data"]) {
        Ok(program) => program,
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(problem.span.start <= problem.span.end, "{problem}");
                assert!(problem.span.end as usize <= text.len() || &*problem.file == "(query)", "{problem}");
            }
            return;
        }
    };
    for strict_errors in [false, true] {
        let limits = Limits { steps: 20_000, memory: 4 << 20 };
        let settings = Settings { strict_errors, limits, ..Settings::default() };
        let first = program.run(0, Some(&input), &settings);
        assert_eq!(first, program.run(0, Some(&input), &settings));
    }
});
