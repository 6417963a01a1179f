use std::time::Duration;

use super::*;
use crate::WATCHED;
use crate::cache::{Body, Kept, Moment, Objects, State};

/// A resource whose changes the test makes up.
fn shared(at: usize) -> Arc<Shared> {
    Arc::new(Shared::new(WATCHED[at], crate::Freshness::default()))
}

fn key(name: &str) -> Key {
    Key { namespace: "shop".into(), name: name.into() }
}

fn kept(uid: &str, value: &str) -> Kept {
    Kept { uid: uid.into(), body: Body::Value(Arc::new(Value::from(value))) }
}

fn list(objects: &[(&str, &str)]) -> Objects {
    let mut all = Objects::default();
    for (name, uid) in objects {
        all.insert(key(name), kept(uid, "listed"));
    }
    all
}

fn put(shared: &Shared, name: &str, uid: &str, value: &str) {
    shared.change(|state| state.put(key(name), kept(uid, value)));
}

fn remove(shared: &Shared, name: &str, uid: &str) {
    shared.change(|state| state.remove(&key(name), &uid.into()));
}

/// All that there is to fetch, short: `+web:u1=value`, `-web:u1`, `[web:u1,db:u2]`.
fn told(events: &mut Events) -> Vec<String> {
    let mut told = Vec::new();
    while let Some(event) = events.try_next() {
        told.push(match event {
            Event::Seen { object, .. } => {
                format!("+{}:{}={}", object.name, object.uid, object.value().as_str().unwrap())
            }
            Event::Gone { name, uid, .. } => format!("-{name}:{uid}"),
            Event::Relisted { objects, .. } => {
                let all = objects.iter().map(|object| format!("{}:{}", object.name, object.uid));
                format!("[{}]", all.collect::<Vec<_>>().join(","))
            }
        });
    }
    told
}

#[test]
fn the_first_event_is_the_whole_list_whenever_one_subscribes() {
    let shared = shared(1);
    let mut early = Events::new([Arc::clone(&shared)].into_iter());
    assert_eq!(told(&mut early), [""; 0], "nothing was listed yet");
    shared.change(|state| state.replace(list(&[("web", "u1"), ("db", "u2")]), Moment::now()));
    put(&shared, "web", "u1", "new");
    assert_eq!(told(&mut early), ["[db:u2,web:u1]"], "the list has the newest state");
    put(&shared, "web", "u1", "newer");
    let mut late = Events::new([Arc::clone(&shared)].into_iter());
    assert_eq!(told(&mut late), ["[db:u2,web:u1]"]);
    assert_eq!(told(&mut early), ["+web:u1=newer"]);
}

#[test]
fn who_is_not_in_a_new_list_is_told_as_gone_before_it() {
    let shared = shared(1);
    let mut events = Events::new([Arc::clone(&shared)].into_iter());
    shared.change(|state| state.replace(list(&[("web", "u1"), ("db", "u2"), ("api", "u3")]), Moment::now()));
    told(&mut events);
    // while nobody watched: db deleted, web deleted and made anew, api as it was, new made
    shared.change(|state| state.replace(list(&[("web", "u9"), ("api", "u3"), ("new", "u4")]), Moment::now()));
    assert_eq!(told(&mut events), ["-db:u2", "-web:u1", "[api:u3,new:u4,web:u9]"]);
}

#[test]
fn a_slow_subscriber_hears_of_many_writes_as_one_and_of_every_end() {
    let shared = shared(1);
    let mut events = Events::new([Arc::clone(&shared)].into_iter());
    shared.change(|state| state.replace(list(&[]), Moment::now()));
    told(&mut events);
    for n in 0..1000 {
        put(&shared, "web", "u1", &n.to_string());
    }
    assert_eq!(told(&mut events), ["+web:u1=999"]);
    remove(&shared, "web", "u1");
    put(&shared, "web", "u2", "again");
    remove(&shared, "web", "u2");
    put(&shared, "web", "u3", "last");
    put(&shared, "db", "u4", "other");
    let told = told(&mut events);
    let of_web: Vec<&String> = told.iter().filter(|event| event.contains("web")).collect();
    assert_eq!(of_web, ["-web:u1", "-web:u2", "+web:u3=last"]);
    assert_eq!(told.len(), 4);
}

#[test]
fn an_incarnation_that_a_write_reveals_ends_the_one_before() {
    let shared = shared(1);
    let mut events = Events::new([Arc::clone(&shared)].into_iter());
    shared.change(|state| state.replace(list(&[("web", "u1")]), Moment::now()));
    told(&mut events);
    put(&shared, "web", "u2", "new");
    // late word of the first does not take the second away
    remove(&shared, "web", "u1");
    assert_eq!(told(&mut events), ["-web:u1", "+web:u2=new"]);
    assert!(shared.read().latest().unwrap().0.get("shop", "web").is_some());
}

#[test]
fn more_graves_than_are_remembered_become_a_list() {
    let shared = shared(1);
    let mut events = Events::new([Arc::clone(&shared)].into_iter());
    shared.change(|state| state.replace(list(&[("stays", "u")]), Moment::now()));
    told(&mut events);
    for n in 0..=GRAVES {
        put(&shared, "web", &n.to_string(), "");
        remove(&shared, "web", &n.to_string());
    }
    assert_eq!(told(&mut events), ["[stays:u]"]);
    remove(&shared, "stays", "u");
    assert_eq!(told(&mut events), ["-stays:u"]);
}

#[test]
fn a_busy_object_or_resource_starves_no_other() {
    let (pods, services) = (shared(1), shared(2));
    let mut events = Events::new([Arc::clone(&pods), Arc::clone(&services)].into_iter());
    for shared in [&pods, &services] {
        shared.change(|state| state.replace(list(&[]), Moment::now()));
    }
    told(&mut events);
    put(&pods, "z", "u1", "quiet");
    put(&services, "a", "u2", "quiet");
    let mut quiet = 0;
    for n in 0..6 {
        put(&pods, "busy", "u3", &n.to_string());
        let Some(Event::Seen { object, .. }) = events.try_next() else { panic!() };
        quiet += usize::from(object.value().as_str() == Some("quiet"));
    }
    assert_eq!(quiet, 2);
}

#[tokio::test]
async fn a_subscriber_waits_for_the_next_event_and_for_the_end() {
    let shared = shared(1);
    let mut events = Events::new([Arc::clone(&shared)].into_iter());
    let soon = Duration::from_millis(20);
    assert!(tokio::time::timeout(soon, events.next()).await.is_err());
    shared.change(|state| state.replace(list(&[("web", "u1")]), Moment::now()));
    assert!(matches!(events.next().await, Some(Event::Relisted { .. })));
    let waiting = tokio::spawn(async move {
        let seen = events.next().await;
        (seen, events.next().await)
    });
    tokio::time::sleep(soon).await;
    put(&shared, "web", "u1", "new");
    shared.change(State::close);
    let (seen, end) = waiting.await.unwrap();
    assert!(matches!(seen, Some(Event::Seen { object, .. }) if &*object.name == "web"));
    assert_eq!(end, None);
}
