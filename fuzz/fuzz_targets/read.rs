//! Any bytes are read or refused; whatever is read keeps its promises about places, and reads back from its own
//! canonical JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollgate_manifest::{Limits, Mask, canonical, json, read};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { nodes: 100_000, ..Limits::default() };
    if let Ok(value) = json::read(bytes, &limits) {
        let (spanned, tree) = json::read_with_spans(bytes, &limits).expect("what reads reads with spans");
        assert_eq!(value, spanned);
        assert!(tree.span.end.offset <= bytes.len());
    }
    let Ok(reading) = read(bytes, &Mask::new([7; 32]), &limits) else { return };
    for read in reading.objects {
        for span in read.refusals.iter().map(|refusal| &refusal.span).chain(&read.masked) {
            assert!(span.start <= span.end && span.end.offset <= bytes.len());
        }
        let text = canonical::text(&read.object.value);
        let again = json::read(text.as_bytes(), &limits).expect("canonical JSON reads");
        assert_eq!(&again, &*read.object.value);
    }
});
