//! Any bytes are read as Rego or refused, with places inside of them; what is read prints as text that reads as the
//! same tree.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollgate_rego_syntax::tree::Dialect;
use tollgate_rego_syntax::{annotations, parse, parse_bytes, print};

fuzz_target!(|bytes: &[u8]| {
    for dialect in [None, Some(Dialect::V0), Some(Dialect::V1)] {
        let module = match parse_bytes(bytes, dialect) {
            Ok(module) => module,
            Err(errors) => {
                assert!(!errors.is_empty());
                for error in errors {
                    assert!(error.span.start <= error.span.end && error.span.end as usize <= bytes.len());
                }
                continue;
            }
        };
        let text = std::str::from_utf8(bytes).expect("what reads is UTF-8");
        for annotation in annotations(text, &module) {
            assert!(annotation.span.end as usize <= text.len());
        }
        let printed = print(&module);
        let again = parse(&printed, Some(module.dialect)).expect("what is printed reads");
        assert_eq!(print(&again), printed);
        assert_eq!((again.imports.len(), again.rules.len()), (module.imports.len(), module.rules.len()));
    }
});
