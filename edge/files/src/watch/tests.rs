use std::fs;
use std::time::{Duration, Instant};

use notify::event::{CreateKind, DataChange, ModifyKind};

use super::*;

const SOON: Duration = Duration::from_secs(5);
const QUIET: Duration = Duration::from_millis(700);

/// What the watch says to one doing; nothing may be left over from before.
fn after(watcher: &Watcher, doing: impl FnOnce()) -> Vec<Event> {
    while watcher.events().recv_timeout(QUIET).is_ok() {}
    doing();
    let first = watcher.events().recv_timeout(SOON);
    let mut events: Vec<Event> = first.into_iter().collect();
    while let Ok(event) = watcher.events().recv_timeout(QUIET) {
        events.push(event);
    }
    events
}

#[test]
fn writes_renames_removals_and_new_folders_are_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.yaml");
    fs::write(&file, "a").unwrap();
    let watcher = Watcher::new(&[dir.path()]).unwrap();
    assert_eq!(after(&watcher, || fs::write(&file, "b").unwrap()), [Event::Changed], "a write in place");
    let rename_over = || {
        fs::write(dir.path().join(".a.yaml.swp"), "c").unwrap();
        fs::rename(dir.path().join(".a.yaml.swp"), &file).unwrap();
    };
    assert_eq!(after(&watcher, rename_over), [Event::Changed], "an editor's save");
    let folder = dir.path().join("new/deep");
    assert_eq!(after(&watcher, || fs::create_dir_all(&folder).unwrap()), [Event::Changed], "a new folder");
    let inside = || fs::write(folder.join("b.yaml"), "b").unwrap();
    assert_eq!(after(&watcher, inside), [Event::Changed], "a file in the new folder");
    assert_eq!(after(&watcher, || fs::remove_file(&file).unwrap()), [Event::Changed], "a removal");
}

#[test]
fn reading_is_not_a_change() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.yaml"), "a").unwrap();
    let watcher = Watcher::new(&[dir.path()]).unwrap();
    while watcher.events().recv_timeout(QUIET).is_ok() {}
    let walk = crate::walk(&[dir.path()], &crate::WalkOptions::default()).unwrap();
    crate::read(&walk.found[0].path, 10).unwrap();
    assert!(watcher.events().recv_timeout(QUIET).is_err());
}

#[test]
fn many_writes_are_one_event_and_endless_writes_are_not_put_off() {
    let dir = tempfile::tempdir().unwrap();
    let watcher = Watcher::new(&[dir.path()]).unwrap();
    let burst = || {
        for at in 0..200 {
            fs::write(dir.path().join(format!("{at}.yaml")), "x").unwrap();
        }
    };
    let events = after(&watcher, burst).len();
    assert!((1..=5).contains(&events), "200 writes were {events} events");
    let start = Instant::now();
    let mut noticed = None;
    while noticed.is_none() && start.elapsed() < SOON {
        fs::write(dir.path().join("0.yaml"), "y").unwrap();
        noticed = watcher.events().recv_timeout(Duration::from_millis(20)).ok();
    }
    assert_eq!(noticed, Some(Event::Changed));
}

#[test]
fn a_root_that_goes_away_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("estate");
    fs::create_dir(&root).unwrap();
    let watcher = Watcher::new(&[&root]).unwrap();
    let events = after(&watcher, || fs::remove_dir(&root).unwrap());
    assert!(
        events.iter().any(|event| matches!(event, Event::Failed { why } if why.contains("is gone"))),
        "{events:?}"
    );
}

#[test]
fn a_root_that_is_not_there_cannot_be_watched() {
    let error = Watcher::new(&["/no/such/folder"]).err().unwrap();
    assert_eq!(error.to_string(), "cannot watch `/no/such/folder`: it does not exist");
}

#[test]
fn polling_notices_too() {
    let dir = tempfile::tempdir().unwrap();
    let (raw, notices) = mpsc::channel();
    let _source = poll(&[dir.path().to_path_buf()], &raw).unwrap();
    fs::create_dir(dir.path().join("new")).unwrap();
    fs::write(dir.path().join("new/a.yaml"), "a").unwrap();
    assert!(notices.recv_timeout(SOON).unwrap().is_ok());
}

#[test]
fn hidden_folders_do_not_matter_but_a_mounted_config_map_does() {
    let roots = [PathBuf::from("/e/.hidden")];
    let event = |kind, path: &str| notify::Event::new(kind).add_path(path.into());
    let write = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    assert!(matters(&event(write, "/e/.hidden/a.yaml"), &roots));
    assert!(!matters(&event(write, "/e/.hidden/.git/index"), &roots));
    assert!(matters(&event(EventKind::Create(CreateKind::Any), "/e/.hidden/..data"), &roots));
    assert!(!matters(&event(EventKind::Access(AccessKind::Read), "/e/.hidden/a.yaml"), &roots));
}
