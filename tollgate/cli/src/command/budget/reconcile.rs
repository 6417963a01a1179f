//! `tollgate budget reconcile`: compares what is held with what the cluster says exists.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tollgate_flow::{Difference, Existing, Gate, differences};
use tollgate_kube::{Cluster, Freshness, Listing, ObjectCache, WATCHED};
use tollgate_price::Charge;
use tollgate_vocabulary::{ObjectName, Question, Value};

use super::{Books, cents};
use crate::daemon::objects::Objects;
use crate::exit::Exit;
use crate::output::{Failure, print, visible};
use crate::settings::Settings;

/// How long the cluster may take to list everything.
const PATIENCE: Duration = Duration::from_secs(60);

/// Arguments of `budget reconcile`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The cluster, by kubeconfig
    #[arg(long, value_name = "FILE")]
    kubeconfig: PathBuf,
    /// Its context in the kubeconfig; the current one if not given
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
    /// Settle what exists; the gate must not be running, for it does so itself
    #[arg(long)]
    fix: bool,
    /// The estate: a folder with a `tollgate.toml`, or any path in it
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

pub(super) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let Some(books) = super::read(&arguments.path, settings)? else { return Ok(Exit::Failure) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let cluster = runtime.block_on(Cluster::connect(&arguments.kubeconfig, arguments.context.as_deref()))?;
    let cache = {
        let _in_runtime = runtime.enter();
        Arc::new(cluster.watch(&WATCHED, Freshness::default()))
    };
    if !runtime.block_on(cache.synced(PATIENCE)) {
        let why: Vec<String> =
            cache.troubles().iter().map(|(resource, why)| format!("{resource}: {why}")).collect();
        return Err(format!("the cluster could not be listed: {}", why.join("; ")).into());
    }
    let existing = existing(&cache);
    let objects = Objects::default();
    objects.of_cluster(Arc::clone(&cache));
    let answer = objects.answerer();
    let Books { estate, data, state } = books;
    let asked = |question: &Question| answer(question);
    let (found, unknown) = differences(&state.account, &existing, &estate.bundle, &asked);
    for (name, why) in &unknown {
        say!("warning: {}", visible(&format!("nobody can say what {name} takes: {why}")));
    }
    if found.is_empty() {
        print(&format!("what is held is what exists: {} holds\n", state.account.holds().len()))?;
        return Ok(Exit::Allow);
    }
    let lines: String = found.iter().map(|difference| format!("{}\n", visible(&line(difference)))).collect();
    print(&lines)?;
    if !arguments.fix {
        say!("{} differences; `--fix` settles them, a running gate does so by itself", found.len());
        return Ok(Exit::Deny);
    }
    let gate = Gate::open(&tollgate_flow::Settings { data }, estate, objects.answerer())?;
    for resource in &WATCHED {
        let is_of =
            |object: &&Existing| *object.plural == *resource.plural && *object.name.group == *resource.group;
        let of_resource: Vec<Existing> = existing.iter().filter(is_of).cloned().collect();
        let there = of_resource.iter().filter_map(|object| Some((object.name.clone(), object.uid()?)));
        gate.listed(resource.group, resource.plural, there)?;
        gate.seen(&of_resource)?;
    }
    gate.stop();
    print(&format!("{} differences settled\n", found.len()))?;
    Ok(Exit::Allow)
}

fn existing(cache: &ObjectCache) -> Vec<Existing> {
    let of = |resource: &tollgate_kube::Resource| -> Vec<Existing> {
        let Listing::Known { values, .. } = cache.list(resource.group, resource.plural, None) else {
            return Vec::new();
        };
        let existing = |value: Arc<Value>| {
            let text = |key| value.get("metadata")?.get(key)?.as_str().map(Arc::<str>::from);
            let name = ObjectName {
                group: resource.group.into(),
                kind: resource.kind.into(),
                namespace: text("namespace"),
                name: text("name")?,
            };
            Some(Existing { name, plural: resource.plural.into(), value: Arc::clone(&value) })
        };
        values.into_iter().filter_map(existing).collect()
    };
    WATCHED.iter().flat_map(of).collect()
}

fn line(difference: &Difference) -> String {
    let told = |charge: &Option<Charge>| match charge {
        None => "nothing".to_owned(),
        Some(charge) => match charge.expected.month() {
            Ok(month) => format!("{} a month, {} an hour at its peak", cents(month), cents(charge.peak)),
            Err(error) => error.to_string(),
        },
    };
    format!("{}: held {}, exists {}", difference.key, told(&difference.held), told(&difference.real))
}
