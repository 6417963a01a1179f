//! A disk that takes no more: refused with the reason, and recovered once there is room.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::object::map;
use crate::plane::{Plane, alone};
use crate::wait::until;

/// Creates objects until one is refused; the refusal.
fn until_refused(plane: &Plane) -> String {
    let mut at = 0;
    until("the gate refuses", || {
        at += 1;
        let answer = plane.client.create_map("full", &map(&format!("before-{at}"), "good"));
        if answer.created() { Err("created") } else { Ok(answer.text) }
    })
}

fn until_created(plane: &Plane, name: &str) {
    until("the gate records again", || {
        let answer = plane.client.create_map("full", &map(name, "good"));
        if answer.created() { Ok(()) } else { Err(answer.text) }
    });
}

/// The disk is filled, then there is room again.
fn refused_and_recovered(mut plane: Plane, fill: impl Fn(&mut Plane), free: impl Fn(&mut Plane)) {
    plane.namespace("full");
    until_created(&plane, "first");
    for round in 0..2 {
        fill(&mut plane);
        let refused = until_refused(&plane);
        assert!(refused.contains("the decision cannot be recorded: "), "{refused}");
        assert!(!refused.contains("it may be kept"), "somebody has looked it up: {refused}");
        let ready = plane.gate.client().send("GET", "/readyz", "").expect("an answer");
        assert_eq!(ready.code, 503, "{}", ready.text);
        // What is not recorded needs no room.
        plane.gate.wait_until_asked();
        free(&mut plane);
        until_created(&plane, &format!("after-{round}"));
        let ready = plane.gate.client().send("GET", "/readyz", "").expect("an answer");
        assert_eq!(ready.code, 200, "{}", ready.text);
    }
    let names = plane.client.maps("full");
    let titles: Vec<String> = names.iter().map(|name| format!("CREATE ConfigMap full/{name}")).collect();
    plane.ledger().allowed_all(titles.iter().map(String::as_str));
    plane.ledger().verify();
}

fn limit_file_size(plane: &mut Plane, limit: &str) {
    let id = plane.gate.process().id().to_string();
    let limit = format!("--fsize={limit}:");
    assert!(Command::new("prlimit").args(["--pid", &id, &limit]).status().expect("prlimit").success());
}

#[test]
fn files_that_may_not_grow_refuse_with_the_reason_and_recover() {
    let Some(plane) = alone(|settings, _| {
        // The signal is ignored, so that a write fails as on a full disk.
        settings.under = shell("trap '' XFSZ; exec \"$@\"");
    }) else {
        return;
    };
    refused_and_recovered(
        plane,
        |plane| limit_file_size(plane, "4096"),
        |plane| limit_file_size(plane, "unlimited"),
    );
}

/// Arguments that run a script with what follows as its arguments.
fn shell(script: &str) -> Vec<String> {
    ["sh", "-c", script, "sh"].map(str::to_owned).to_vec()
}

/// The gate's standard error, where a test keeps it on the gate's own disk.
const LOG: &str = "stderr.log";

const UNSHARE: [&str; 4] = ["unshare", "--user", "--map-root-user", "--mount"];

/// A disk of its own for the gate, gone with its process; none where the kernel does not let us.
fn mounted() -> bool {
    let mut unshare = Command::new(UNSHARE[0]);
    unshare.args(&UNSHARE[1..]).args(["mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    let works = unshare.output().is_ok_and(|output| output.status.success());
    assert!(works || std::env::var_os("CI").is_none_or(|ci| ci != "true"), "nothing can be mounted here");
    if !works {
        eprintln!("SKIPPED: nothing can be mounted here (`{}`)", UNSHARE.join(" "));
    }
    works
}

/// The gate's standard error goes where `output` says.
fn on_a_small_disk(output: &str) {
    if !mounted() {
        return;
    }
    let Some(plane) = alone(|settings, _| {
        fs::create_dir(&settings.data).expect("a folder");
        let disk = settings.data.display();
        let output = output.replace("{disk}", &disk.to_string());
        let script = format!("mount -t tmpfs -o size=8m,mode=700 tmpfs {disk} && exec \"$@\"{output}");
        settings.under = [UNSHARE.map(str::to_owned).to_vec(), shell(&script)].concat();
        settings.own_disk = true;
    }) else {
        return;
    };
    let disk = plane.gate.data();
    let (filler, log) = (disk.join("filler"), disk.join(LOG));
    let fill = |_: &mut Plane| {
        write_while_possible(&filler, 4096);
        if log.exists() {
            write_while_possible(&log, 1);
        }
    };
    refused_and_recovered(plane, fill, |_| fs::remove_file(&filler).expect("removed"));
}

fn write_while_possible(path: &Path, step: usize) {
    let mut file = fs::File::options().create(true).append(true).open(path).expect("a file");
    while file.write_all(&b"\n".repeat(step)).is_ok() {}
}

#[test]
fn a_full_disk_refuses_with_the_reason_and_recovers() {
    on_a_small_disk("");
}

#[test]
fn a_full_disk_that_also_takes_the_log_refuses_and_recovers() {
    on_a_small_disk(&format!(" 2>>{{disk}}/{LOG}"));
}
