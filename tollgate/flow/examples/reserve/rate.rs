//! Time of one reservation, and how many a second.

use std::path::Path;

use crate::clients::{self, Seen};
use crate::{Done, estate};

pub(crate) fn run(data: &Path, clients: usize, requests: u64) -> Done {
    estate::anew(data)?;
    let gate = estate::open(data)?;
    let seen = clients::run(&gate, clients, requests, |_| 3, |_| ())?;
    gate.stop();
    told(clients, &seen);
    if seen.refused > 0 {
        return Err(format!("{} of {requests} were refused", seen.refused).into());
    }
    Ok(())
}

fn told(clients: usize, seen: &Seen) {
    println!("{clients} clients: {:.0} reservations a second", seen.per_second());
    println!("  recording: {}", seen.shares(|(_, recording)| *recording));
    println!("  admit:     {}", seen.shares(|(wall, _)| *wall));
}
