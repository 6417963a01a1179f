//! The estate that requests are judged by, and a cluster that answers what is asked about it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tollgate_flow::{Estate, Gate, Settings};
use tollgate_manifest::{Limits, read_values};
use tollgate_vocabulary::{Fact, Question, Source, Timestamp};

use crate::Done;

const PARTS: [&str; 5] =
    ["tollgate.toml", "prices.csv", "nodes.yaml", "policy/image.rego", "namespaces/shop.yaml"];

/// The corpus' folder of cost cases.
pub(crate) fn corpus() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/cost")).to_owned()
}

/// Opens a gate on the corpus' estate, whose budgets nobody fills.
pub(crate) fn open(data: &Path) -> Done<Gate> {
    open_on(data, &corpus().join("gate"))
}

/// Opens a gate on the same estate with other budgets.
pub(crate) fn open_with(data: &Path, budgets: &str) -> Done<Gate> {
    let estate = data.join("estate");
    for part in PARTS {
        let to = estate.join(part);
        fs::create_dir_all(to.parent().unwrap_or(&estate))?;
        fs::copy(corpus().join("gate").join(part), to)?;
    }
    fs::create_dir_all(estate.join("budgets"))?;
    fs::write(estate.join("budgets/all.yaml"), budgets)?;
    open_on(data, &estate)
}

/// An empty folder.
pub(crate) fn anew(data: &Path) -> Done {
    match fs::remove_dir_all(data) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    Ok(fs::create_dir_all(data)?)
}

fn open_on(data: &Path, estate: &Path) -> Done<Gate> {
    let namespace = fs::read(corpus().join("gate/namespaces/shop.yaml"))?;
    let namespace = read_values(&namespace, &Limits::default())?.pop().ok_or("no namespace")?;
    let namespace = Arc::new(namespace);
    let answer = move |question: &Question| match question {
        Question::Namespace(_) => Fact::Known {
            value: Arc::clone(&namespace),
            observed_at: Timestamp::UNIX_EPOCH,
            source: Source::Watch,
        },
        _ => Fact::Absent { observed_at: Timestamp::UNIX_EPOCH, source: Source::Watch },
    };
    let settings = Settings { data: data.join("gate") };
    Ok(Gate::open(&settings, Estate::load(estate, &[])?, Box::new(answer))?)
}
