//! Settles what is held on budgets by what the cluster says exists.
//!
//! ```text
//! Events ──some at once──> Gate: seen, gone, listed ──> one settlement for all that moved
//! every two seconds: claims that expired ──a consistent read each──> Gate: verified
//!                    rules that changed, objects that nobody could say anything about ──> looked at again
//! ```
//! INVARIANT: what fails is said and tried again. The loop ends before the runtime that it waits in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::watch;
use tollgate_budget::{HoldKey, Uid};
use tollgate_flow::{Existing, Gate, Reconciled, RecordError, hold_key};
use tollgate_kube::{Cluster, Event, Events, Listing, Object, ObjectCache, Resource, WATCHED};
use tollgate_vocabulary::{Digest, ObjectName, Timestamp};

use super::objects::resource_of;

/// Events settled in one transaction at most.
const BATCH: usize = 512;

/// How often claims that expired are looked for.
const TICK: Duration = Duration::from_secs(2);

/// Expired claims looked at in one tick.
const OVERDUE: usize = 64;

/// How long one consistent read may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// After how long a claim that could not be looked at is tried again; others come first meanwhile.
const LATER: Duration = Duration::from_secs(30);

/// The loop, until it is dropped: then it has ended.
pub(super) struct Settling {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

/// What settling needs.
pub(super) struct Settler {
    pub(super) gate: Arc<Gate>,
    pub(super) cluster: Cluster,
    pub(super) cache: Arc<ObjectCache>,
}

/// Objects to look at again, by name.
type Again = BTreeMap<ObjectName, Existing>;

impl Settler {
    /// Settles from now on, in a thread of its own: recording waits for the disk.
    pub(super) fn start(self, runtime: Handle) -> std::io::Result<Settling> {
        let events = {
            let _in_runtime = runtime.enter();
            self.cache.subscribe()
        };
        let (stop, stopped) = watch::channel(false);
        let thread = std::thread::Builder::new()
            .name("settle".to_owned())
            .spawn(move || self.run(events, &runtime, stopped))?;
        Ok(Settling { stop, thread: Some(thread) })
    }

    fn run(self, mut events: Events, runtime: &Handle, mut stopped: watch::Receiver<bool>) {
        let (mut again, mut judged_by, mut ticked) = (Again::new(), self.bundle(), Instant::now());
        // Events that could not be recorded are not told again: then all of it is compared anew.
        let mut missed = false;
        let mut later: BTreeMap<HoldKey, Instant> = BTreeMap::new();
        loop {
            let wait = TICK.saturating_sub(ticked.elapsed());
            let next = runtime.block_on(async {
                tokio::select! {
                    // Also where whoever would say so is gone.
                    _ = stopped.wait_for(|stop| *stop) => None,
                    next = tokio::time::timeout(wait, events.next()) => Some(next),
                }
            });
            match next {
                None | Some(Ok(None)) => return,
                Some(Ok(Some(first))) => {
                    let mut batch = vec![first];
                    while batch.len() < BATCH
                        && let Some(event) = events.try_next()
                    {
                        batch.push(event);
                    }
                    missed |= self.failed(self.events(batch, &mut again));
                }
                Some(Err(_)) => {}
            }
            if ticked.elapsed() >= TICK {
                ticked = Instant::now();
                let now = self.bundle();
                if now != judged_by {
                    // Other prices, other budgets: everything is something else.
                    judged_by = now;
                    again.extend(WATCHED.iter().flat_map(|resource| self.all(resource, None)));
                }
                if missed {
                    missed = self.failed(self.all_anew(&mut again));
                }
                let retried: Vec<Existing> = std::mem::take(&mut again).into_values().collect();
                missed |= self.failed(self.seen(&retried, &mut again));
                self.overdue(runtime, &stopped, &mut later);
            }
        }
    }

    /// Settles events in their order.
    fn events(&self, events: Vec<Event>, again: &mut Again) -> Result<(), RecordError> {
        let mut seen: Vec<Existing> = Vec::new();
        for event in events {
            match event {
                Event::Seen { resource, object, .. } => seen.extend(self.changed(&resource, &object)),
                Event::Gone { resource, namespace, name, uid, .. } => {
                    self.seen(&std::mem::take(&mut seen), again)?;
                    let name = name_of(&resource, &namespace, &name);
                    again.remove(&name);
                    self.gate.gone(hold_key(resource.group, resource.plural, &name), &uid)?;
                    // An autoscaler or a limit that is gone leaves something else behind.
                    seen.extend(self.around(&resource, &namespace, &name.name));
                }
                Event::Relisted { resource, objects, .. } => {
                    self.seen(&std::mem::take(&mut seen), again)?;
                    let name = |object: &Object| name_of(&resource, &object.namespace, &object.name);
                    let there = objects.iter().map(|object| (name(object), Uid::new(&object.uid)));
                    self.gate.listed(resource.group, resource.plural, there)?;
                    // As values they are large: some at a time.
                    for part in objects.chunks(BATCH) {
                        let existing: Vec<Existing> =
                            part.iter().map(|object| existing(&resource, object)).collect();
                        self.seen(&existing, again)?;
                    }
                }
            }
        }
        self.seen(&seen, again)
    }

    fn seen(&self, existing: &[Existing], again: &mut Again) -> Result<(), RecordError> {
        for part in existing.chunks(BATCH) {
            let reconciled = self.gate.seen(part)?;
            self.later(reconciled, part, again);
        }
        Ok(())
    }

    /// What nobody could say anything about is looked at again.
    fn later(&self, reconciled: Reconciled, existing: &[Existing], again: &mut Again) {
        for (name, why) in reconciled.unknown {
            tracing::debug!(object = %name, %why, "what it takes cannot be known yet");
            if let Some(object) = existing.iter().find(|object| object.name == name) {
                again.insert(name, object.clone());
            }
        }
    }

    /// What a change of an object changes: itself, or what it lies around.
    fn changed(&self, resource: &Resource, object: &Object) -> Vec<Existing> {
        let mut all = vec![existing(resource, object)];
        if let Some(target) = tollgate_estimate::autoscaled(&object.value()) {
            all.extend(self.one(&target));
        } else {
            all.extend(self.around(resource, &object.namespace, &object.name));
        }
        all
    }

    /// All that a limit, a quota or a namespace's labels may bear on.
    fn around(&self, resource: &Resource, namespace: &str, name: &str) -> Vec<Existing> {
        let whole = match resource.plural {
            "namespaces" => Some(name),
            "limitranges"
            | "resourcequotas"
            | "horizontalpodautoscalers"
            | "scaledobjects"
            | "verticalpodautoscalers" => Some(namespace),
            "runtimeclasses" => None,
            _ => return Vec::new(),
        };
        WATCHED.iter().flat_map(|resource| self.all(resource, whole).into_values()).collect()
    }

    fn one(&self, name: &ObjectName) -> Option<Existing> {
        let resource = resource_of(&name.group, &name.kind)?;
        let namespace = name.namespace.as_deref().unwrap_or_default();
        match self.cache.object(resource.group, resource.plural, namespace, &name.name) {
            tollgate_kube::Lookup::Known { value, .. } => {
                Some(Existing { name: name.clone(), plural: resource.plural.into(), value })
            }
            _ => None,
        }
    }

    fn all(&self, resource: &Resource, namespace: Option<&str>) -> BTreeMap<ObjectName, Existing> {
        let Listing::Known { values, .. } = self.cache.list(resource.group, resource.plural, namespace)
        else {
            return BTreeMap::new();
        };
        let of = |value: std::sync::Arc<tollgate_vocabulary::Value>| {
            let text = |key| value.get("metadata")?.get(key)?.as_str();
            let name = name_of(resource, text("namespace").unwrap_or_default(), text("name")?);
            Some((name.clone(), Existing { name, plural: resource.plural.into(), value: Arc::clone(&value) }))
        };
        values.into_iter().filter_map(of).collect()
    }

    /// Looks at claims that should have shown by now, the longest overdue first.
    fn overdue(
        &self,
        runtime: &Handle,
        stopped: &watch::Receiver<bool>,
        later: &mut BTreeMap<HoldKey, Instant>,
    ) {
        later.retain(|_, tried| tried.elapsed() < LATER);
        let due = self.gate.overdue().into_iter().filter(|key| !later.contains_key(key));
        for key in due.take(OVERDUE).collect::<Vec<_>>() {
            if *stopped.borrow() {
                return;
            }
            let looked = self.verify(key.clone(), runtime);
            if !matches!(looked, Ok(true)) {
                later.insert(key, Instant::now());
            }
            let _ = self.failed(looked.map(|_| ()));
        }
    }

    /// Whether it could be looked at.
    fn verify(&self, key: HoldKey, runtime: &Handle) -> Result<bool, RecordError> {
        let holder = key.holder();
        let of = |resource: &&Resource| resource.group == holder.group && resource.plural == holder.resource;
        // What is not watched is never seen either: its claim stays, and says so in `budget show`.
        let Some(resource) = WATCHED.iter().find(of) else { return Ok(false) };
        let since = Timestamp::now();
        let read = runtime.block_on(self.cluster.read(resource, &holder.namespace, &holder.name, PATIENCE));
        let found = match read {
            Err(error) => {
                tracing::warn!(key = %key, %error, "a claim that expired could not be looked at");
                return Ok(false);
            }
            Ok(found) => found.map(|value| Existing {
                name: name_of(resource, &holder.namespace, &holder.name),
                plural: resource.plural.into(),
                value: Arc::new(value),
            }),
        };
        drop(holder);
        self.gate.verified(key, found.as_ref(), since).map(|_| true)
    }

    fn bundle(&self) -> Digest {
        self.gate.pinned().estate.bundle.digest()
    }

    /// Settles everything as the watch has it now.
    fn all_anew(&self, again: &mut Again) -> Result<(), RecordError> {
        for resource in &WATCHED {
            if let Listing::Known { .. } = self.cache.list(resource.group, resource.plural, None) {
                let existing: Vec<Existing> = self.all(resource, None).into_values().collect();
                let there = existing.iter().filter_map(|object| Some((object.name.clone(), object.uid()?)));
                self.gate.listed(resource.group, resource.plural, there)?;
                self.seen(&existing, again)?;
            }
        }
        Ok(())
    }

    fn failed(&self, done: Result<(), RecordError>) -> bool {
        if let Err(error) = &done {
            tracing::error!(%error, "what the cluster said could not be settled; all of it will be compared anew");
        }
        done.is_err()
    }
}

impl Drop for Settling {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn existing(resource: &Resource, object: &Object) -> Existing {
    Existing {
        name: name_of(resource, &object.namespace, &object.name),
        plural: resource.plural.into(),
        value: object.value(),
    }
}

fn name_of(resource: &Resource, namespace: &str, name: &str) -> ObjectName {
    ObjectName {
        group: resource.group.into(),
        kind: resource.kind.into(),
        namespace: (!namespace.is_empty()).then(|| namespace.into()),
        name: name.into(),
    }
}
