//! `tollgate budget`: what the estate's budgets have spent and hold, read beside a running gate.
//!
//! ```text
//! estate ──> Budgets ─┐
//! data   ──> Account ─┼─ standing ──> ls, show
//! cluster ─> objects ─┴─ differences ──> reconcile
//! ```

mod ls;
mod reconcile;
mod show;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use tollgate_flow::{Amount, Estate, Kept};
use tollgate_gate::State;
use tollgate_vocabulary::{Money, Ratio, Rounding};

use crate::exit::Exit;
use crate::output::{Failure, chain};
use crate::settings::Settings;
use crate::{installation, problem};

/// Arguments of `budget`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List budgets: spent, held, amount, and what may come to it at worst
    Ls(ls::Arguments),
    /// Show one budget with what holds money on it
    Show(show::Arguments),
    /// Compare what is held with what exists in the cluster; with `--fix` mend it
    Reconcile(reconcile::Arguments),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    match &arguments.action {
        Action::Ls(arguments) => ls::run(arguments, settings),
        Action::Show(arguments) => show::run(arguments, settings),
        Action::Reconcile(arguments) => reconcile::run(arguments, settings),
    }
}

/// An estate with budgets, and the state of its gate.
struct Books {
    estate: Estate,
    data: PathBuf,
    state: State,
}

/// Reads both; nothing where it was said already what is wrong.
fn read(path: &Path, settings: &Settings) -> Result<Option<Books>, Failure> {
    crate::input::check_exist(std::slice::from_ref(&path.to_owned()))?;
    let estate = match Estate::load(path, &[]) {
        Ok(estate) => estate,
        Err(error) => {
            problem::report(error, settings)?;
            return Ok(None);
        }
    };
    if estate.bundle.cost().is_none_or(|cost| cost.budgets.is_empty()) {
        return Err("this estate has no budgets: write a `kind: Budget` among its rules".into());
    }
    let data = installation::data_dir(estate.bundle.config(), settings)?;
    let state = if data.join("tollgate.db").is_file() {
        Kept::read(&data).map_err(|error| -> Failure { chain(&error).into() })?.state
    } else {
        if !settings.quiet {
            say!("note: no gate has run on `{}` yet: nothing is held", data.display());
        }
        State::default()
    };
    Ok(Some(Books { estate, data, state }))
}

fn cents(amount: Money) -> String {
    amount.to_text(2, Rounding::HalfUp)
}

/// An amount for people: money in cents, GPUs as they are.
fn amount(amount: Amount) -> String {
    match amount {
        Amount::Money(money) => cents(money),
        Amount::Gpus(gpus) => gpus.to_string(),
    }
}

/// A time in a budget's own zone: `2026-11-01 00:00`.
fn local(second: i64, zone: &str) -> String {
    let zone = TimeZoneDatabase::bundled().get(zone).unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_second(second).map(|at| at.to_zoned(zone));
    at.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

/// A percentage with one digit behind the point.
fn percent(part: Option<Ratio>) -> String {
    let tenfold = part.and_then(|part| part.times(Ratio::from(10)).ok());
    match tenfold.and_then(|tenfold| tenfold.to_whole(Rounding::HalfUp).ok()) {
        Some(tenfold) => format!("{}.{} %", tenfold / 10, tenfold % 10),
        None => "-".to_owned(),
    }
}
