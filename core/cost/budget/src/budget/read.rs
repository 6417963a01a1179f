//! Reads a budget from its manifest. Whatever means nothing is an error, with its place.

use std::sync::{Arc, LazyLock};

use jiff::tz::{TimeZone, TimeZoneDatabase};
use tollgate_manifest::{Identity, Written};
use tollgate_vocabulary::{Currency, Path, PolicyPlace, Ratio};

use super::{Budget, Unbounded};
use crate::Thresholds;
use crate::node::{Node, Wrong};
use crate::scope::Scope;

/// The zones that the program brings along, never the machine's.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

const KEYS: [&str; 10] = [
    "owner",
    "scope",
    "amount",
    "currency",
    "timeZone",
    "peakPerHour",
    "gpus",
    "exposure",
    "unbounded",
    "thresholds",
];
const UNBOUNDED: [(&str, Unbounded); 3] =
    [("deny", Unbounded::Deny), ("warn", Unbounded::Warn), ("allow", Unbounded::Allow)];

impl Budget {
    /// Whether an object is a budget.
    #[must_use]
    pub fn is_one(identity: &Identity) -> bool {
        &*identity.group == "tollgate.dev" && &*identity.kind == "Budget"
    }

    /// Reads a budget; `file` is where it is written.
    ///
    /// # Errors
    /// The first thing that is wrong, and where in the object it is.
    pub fn read(file: &Arc<str>, written: &Written) -> Result<Self, Wrong> {
        let (value, identity) = (&*written.object.value, &written.object.identity);
        let root = Node::root(value);
        root.only(&["apiVersion", "kind", "metadata", "spec"])?;
        if &*identity.version != "v1" {
            return Err(at(&["apiVersion"], "a budget is of `tollgate.dev/v1`"));
        }
        let name = identity.name.clone().ok_or_else(|| at(&["metadata"], "a budget has a name"))?;
        if identity.namespace.is_some() {
            return Err(at(
                &["metadata", "namespace"],
                "a budget lies in no namespace: say in `scope` what it is for",
            ));
        }
        let spec = root.need("spec")?;
        spec.only(&KEYS)?;
        let currency = spec.need("currency")?;
        let currency = Currency::parse(&currency.text()?).map_err(|error| currency.because(&error))?;
        let (time_zone, zone) = match spec.find("timeZone") {
            None => ("UTC".into(), TimeZone::UTC),
            Some(node) => zone(&node)?,
        };
        Ok(Self {
            name,
            owner: spec.need("owner")?.text()?,
            amount: spec.need("amount")?.money(currency)?,
            time_zone,
            peak_per_hour: spec.find("peakPerHour").map(|node| node.money(currency)).transpose()?,
            gpus: spec.find("gpus").map(|node| node.ratio()).transpose()?,
            exposure: spec.find("exposure").map_or(Ok(Ratio::whole(2)), |node| exposure(&node))?,
            unbounded: spec.find("unbounded").map_or(Ok(Unbounded::Deny), |node| node.word(&UNBOUNDED))?,
            thresholds: spec
                .find("thresholds")
                .map_or_else(|| Ok(Thresholds::default()), |node| Thresholds::read(&node))?,
            place: {
                let span = written.spans.locate(value, &Path::of_keys(&["spec", "amount"])).span;
                PolicyPlace { file: Arc::clone(file), line: span.start.line, column: span.start.column }
            },
            scope: Scope::read(&spec.need("scope")?)?,
            zone,
        })
    }
}

fn exposure(node: &Node<'_>) -> Result<Ratio, Wrong> {
    let exposure = node.ratio()?;
    if exposure < Ratio::ONE {
        return Err(
            node.wrong(format!("`{exposure}` is less than 1: the worst is never less than the expected"))
        );
    }
    Ok(exposure)
}

fn zone(node: &Node<'_>) -> Result<(Arc<str>, TimeZone), Wrong> {
    let name = node.text()?;
    // The database takes a name in any case; one spelling is enough.
    let zone = ZONES.get(&name).ok().filter(|zone| zone.iana_name() == Some(&*name));
    match zone {
        Some(zone) => Ok((name, zone)),
        None => {
            let message = format!("`{name}` is no zone of the tz database such as `Europe/Berlin`");
            Err(node.wrong(message))
        }
    }
}

fn at(keys: &[&str], message: &str) -> Wrong {
    Wrong { path: Path::of_keys(keys), message: message.to_owned() }
}
