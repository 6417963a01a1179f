//! How fast files are read, best round of many: `cargo run --release -p tollgate-manifest --example reading -- FILE...`
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "an example measures time and reads files"
)]

use std::time::Instant;

use tollgate_manifest::{Limits, Mask, json, read};

fn main() -> std::io::Result<()> {
    let (mask, limits) = (Mask::new([7; 32]), Limits::default());
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let rounds = (32 << 20) / bytes.len().max(1) + 1;
        let measure = |name: &str, work: &dyn Fn() -> bool| {
            let mut good = true;
            let mut best = f64::INFINITY;
            for _ in 0..rounds {
                let start = Instant::now();
                good &= work();
                best = best.min(start.elapsed().as_secs_f64());
            }
            let each = best;
            let speed = bytes.len() as f64 / each / 1e6;
            println!(
                "{path}: {name}: {:.1} us, {speed:.0} MB/s{}",
                each * 1e6,
                if good { "" } else { " (refused)" }
            );
        };
        if json::read(&bytes, &limits).is_ok() {
            measure("json", &|| json::read(&bytes, &limits).is_ok());
            measure("json with spans", &|| json::read_with_spans(&bytes, &limits).is_ok());
        }
        measure("file", &|| read(&bytes, &mask, &limits).is_ok());
    }
    Ok(())
}
