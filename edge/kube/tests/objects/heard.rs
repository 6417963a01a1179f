//! What a subscriber heard so far, and waiting for more.

use std::time::{Duration, Instant};

use tollgate_kube::{Event, Events, Lookup, Object, ObjectCache};

pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Events until one is as wanted; shows all others where it never comes. Those before it are returned too.
pub(crate) async fn until(events: &mut Events, wanted: impl Fn(&Event) -> bool) -> Vec<Event> {
    let start = Instant::now();
    let mut heard = Vec::new();
    loop {
        let left = PATIENCE.saturating_sub(start.elapsed());
        match tokio::time::timeout(left, events.next()).await {
            Ok(Some(event)) => {
                heard.push(event);
                if heard.last().is_some_and(&wanted) {
                    return heard;
                }
            }
            _ => panic!("never heard, only {heard:#?}"),
        }
    }
}

/// Waits until the cache says so; shows what it says instead.
pub(crate) async fn until_known(
    cache: &ObjectCache,
    (group, resource, namespace, name): (&str, &str, &str, &str),
    wanted: impl Fn(&Lookup) -> bool,
) -> Lookup {
    let start = Instant::now();
    loop {
        let lookup = cache.object(group, resource, namespace, name);
        if wanted(&lookup) {
            return lookup;
        }
        assert!(start.elapsed() < PATIENCE, "`{name}` is still {lookup:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// `deployments/web`, and its uid, of what was seen.
pub(crate) fn seen<'a>(event: &'a Event, plural: &str, name: &str) -> Option<&'a Object> {
    match event {
        Event::Seen { resource, object, .. } if resource.plural == plural && &*object.name == name => {
            Some(object)
        }
        _ => None,
    }
}

/// The uid of what is gone.
pub(crate) fn gone<'a>(event: &'a Event, plural: &str, wanted: &str) -> Option<&'a str> {
    match event {
        Event::Gone { resource, name, uid, .. } if resource.plural == plural && &**name == wanted => {
            Some(uid)
        }
        _ => None,
    }
}

/// All objects of a resource, where it was listed anew.
pub(crate) fn relisted<'a>(event: &'a Event, plural: &str) -> Option<&'a [Object]> {
    match event {
        Event::Relisted { resource, objects, .. } if resource.plural == plural => Some(objects),
        _ => None,
    }
}
