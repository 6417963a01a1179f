//! How long this disk takes to make 4 kB durable: the floor under every recorded decision.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::LoadError;
use crate::latency;

pub(crate) fn measure(folder: &Path, writes: usize) -> Result<Value, LoadError> {
    let path = folder.join("load-disk.bin");
    let failed = || LoadError::io(format!("`{}`", path.display()));
    let mut file = File::create(&path).map_err(failed())?;
    let page = [0xa5u8; 4096];
    let mut times = Vec::with_capacity(writes);
    for _ in 0..writes {
        let started = Instant::now();
        file.write_all(&page).map_err(failed())?;
        file.sync_data().map_err(failed())?;
        times.push(started.elapsed());
    }
    fs::remove_file(&path).map_err(failed())?;
    Ok(json!({ "writes": writes, "latency": latency::shares(times) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_nothing_behind() {
        let folder = std::env::temp_dir().join(format!("load-disk-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let figures = measure(&folder, 3).unwrap();
        let left = fs::read_dir(&folder).unwrap().count();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((figures["writes"].as_u64(), left), (Some(3), 0));
        assert!(figures["latency"]["p99_us"].as_f64().unwrap() > 0.0);
    }
}
