//! How many durable appends a second: `cargo run --release -p tollgate-store --example append [DIR] [SECONDS]`.
//!
//! 256 writers each wait for their own entry to be durable before they hand in the next; one thread commits whatever
//! queued while the last commit ran. Bodies have 2 kB. First, what one `fdatasync` of 4 kB takes in the same folder.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tollgate_ledger::{Kind, Salt, Sealed, SigningKey};
use tollgate_store::{BatchId, NewEntry, Store, verify};

const WRITERS: usize = 256;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().map_or_else(|| std::env::temp_dir().join("tollgate-append"), Into::into);
    let seconds = arguments.next().map_or(Ok(5), |text| text.parse())?;
    std::fs::create_dir_all(&dir)?;
    report("fdatasync of 4 kB", &mut fdatasync(&dir)?);
    let run = dir.join(format!("run-{}", std::process::id()));
    let (mut latencies, batches, elapsed) = appends(&run, Duration::from_secs(seconds))?;
    let rate = latencies.len() as f64 / elapsed.as_secs_f64();
    println!("{} appends in {batches} batches: {rate:.0} durable appends/s", latencies.len());
    report("append to durable", &mut latencies);
    let begun = Instant::now();
    let found = verify(&run, None, None)?;
    println!("verify of {} entries: {:.2} s", found.size, begun.elapsed().as_secs_f64());
    std::fs::remove_dir_all(&run)?;
    Ok(())
}

type Job = (NewEntry, mpsc::SyncSender<u64>);

fn appends(dir: &Path, time: Duration) -> Result<(Vec<Duration>, u64, Duration), Box<dyn std::error::Error>> {
    let mut store = Store::open(dir, &"tollgate.example/bench".parse()?)?;
    let mut publisher = store.publisher()?;
    let (queue, jobs) = mpsc::sync_channel::<Job>(WRITERS);
    let begun = Instant::now();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let queue = queue.clone();
            std::thread::spawn(move || write(&queue, writer, begun, time))
        })
        .collect();
    drop(queue);
    let publishing = std::thread::spawn(move || {
        while begun.elapsed() < time {
            std::thread::sleep(Duration::from_secs(1));
            publisher.publish(&SigningKey::from_bytes(&[1; 32])).expect("publishes");
        }
    });
    let mut batches = 0_u64;
    while let Ok(first) = jobs.recv() {
        batches += 1;
        let mut batch = store.begin(BatchId(u128::from(batches).to_be_bytes()))?;
        let mut waiting = Vec::with_capacity(WRITERS);
        for (entry, answer) in std::iter::once(first).chain(jobs.try_iter().take(WRITERS - 1)) {
            waiting.push((batch.append(&entry)?.index, answer));
        }
        batch.commit()?;
        for (index, answer) in waiting {
            answer.send(index)?;
        }
    }
    let elapsed = begun.elapsed();
    let latencies = writers.into_iter().flat_map(|writer| writer.join().expect("a writer")).collect();
    publishing.join().expect("the publisher");
    Ok((latencies, batches, elapsed))
}

fn write(queue: &mpsc::SyncSender<Job>, writer: usize, begun: Instant, time: Duration) -> Vec<Duration> {
    let (answer, answered) = mpsc::sync_channel(1);
    let mut latencies = Vec::new();
    let sealed = |length: usize| Sealed { salt: Salt([writer as u8; 32]), bytes: vec![b'x'; length] };
    while begun.elapsed() < time {
        let entry = NewEntry { kind: Kind::Decision, effects: sealed(120), body: sealed(2048) };
        let handed_in = Instant::now();
        if queue.send((entry, answer.clone())).is_err() || answered.recv().is_err() {
            break;
        }
        latencies.push(handed_in.elapsed());
    }
    latencies
}

fn fdatasync(dir: &Path) -> std::io::Result<Vec<Duration>> {
    let path = dir.join(format!("fdatasync-{}", std::process::id()));
    let mut file = File::create(&path)?;
    file.write_all(&[0; 4096])?;
    file.sync_all()?;
    let mut took = Vec::new();
    for round in 0..300_u32 {
        file.rewind()?;
        file.write_all(&[round as u8; 4096])?;
        let begun = Instant::now();
        file.sync_data()?;
        took.push(begun.elapsed());
    }
    std::fs::remove_file(path)?;
    Ok(took)
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().unwrap_or_default();
    println!("{what}: p50 {:.3?}, p99 {:.3?}", at(0.5), at(0.99));
}
