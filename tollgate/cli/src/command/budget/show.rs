//! `tollgate budget show`

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;
use tollgate_price::Charge;

use super::{Format, cents, percent};
use crate::command::cost::{document, nine};
use crate::exit::Exit;
use crate::output::{Failure, print, visible};
use crate::settings::Settings;

/// Arguments of `budget show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Format
    #[arg(short, long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    output: Format,
    /// The budget's name
    #[arg(value_name = "BUDGET")]
    name: String,
    /// The estate: a folder with a `tollgate.toml`, or any path in it
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    budget: super::ls::Row,
    place: String,
    objects: Vec<Object>,
}

#[derive(Serialize)]
struct Object {
    object: String,
    expected_month: String,
    worst_month: String,
    peak_hour: String,
    /// whether it was seen to exist, or is only asked for
    observed: bool,
    claims: usize,
}

pub(super) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let Some(books) = super::read(&arguments.path, settings)? else { return Ok(Exit::Failure) };
    let name = &arguments.name;
    let standing = super::ls::standing(&books)?;
    let standing = standing.iter().find(|row| *row.budget == **name);
    let budget = books.estate.bundle.cost().and_then(|cost| cost.budgets.find(name));
    let (Some(standing), Some(budget)) = (standing, budget) else {
        return Err(format!("there is no budget `{name}`: `tollgate budget ls` lists them").into());
    };
    let mut holds = Vec::new();
    for (key, hold) in books.state.account.holds() {
        if let Some(charge) = hold.charge_on(name)? {
            holds.push((key, hold, charge));
        }
    }
    holds.sort_by_key(|(_, _, charge): &(_, _, Charge)| std::cmp::Reverse(charge.expected.per_hour.units()));
    if arguments.output == Format::Json {
        let objects = holds
            .iter()
            .map(|(key, hold, charge)| {
                Ok(Object {
                    object: key.to_string(),
                    expected_month: nine(charge.expected.month()?),
                    worst_month: nine(charge.worst.month()?),
                    peak_hour: nine(charge.peak),
                    observed: hold.observed().is_some(),
                    claims: hold.claims().len(),
                })
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        let place = format!("{}:{}", budget.place.file, budget.place.line);
        print(&document(&Document { budget: super::ls::row(standing), place, objects })?)?;
        return Ok(Exit::Allow);
    }
    let mut text =
        format!("budget {} ({}), {}:{}\n", budget.name, budget.owner, budget.place.file, budget.place.line);
    let time = |second: i64| Timestamp::from_second(second).map(|at| at.to_string()).unwrap_or_default();
    text.push_str(&format!(
        "  period     {} to {} ({})\n",
        time(standing.period.start),
        time(standing.period.end),
        budget.time_zone
    ));
    text.push_str(&format!("  spent      {}\n", cents(standing.accrued)));
    text.push_str(&format!("  held       {} to the end of the period\n", cents(standing.held)));
    for (label, used) in [
        ("expected", &standing.expected),
        ("worst", &standing.worst),
        ("peak hour", &standing.peak),
        ("GPUs", &standing.gpus),
    ] {
        let limit = used.limit.map_or_else(|| "no limit".to_owned(), |limit| format!("of {limit}"));
        text.push_str(&format!("  {label:<10} {} {limit} ({})\n", used.used, percent(used.percent)));
    }
    text.push_str(&format!("{} objects hold money on it\n", holds.len()));
    for (key, hold, charge) in &holds {
        let state = match (hold.observed().is_some(), hold.claims().len()) {
            (true, 0) => "exists".to_owned(),
            (true, claims) => format!("exists, {claims} changes on their way"),
            (false, claims) => format!("asked for, not seen yet ({claims})"),
        };
        text.push_str(&format!(
            "  {key}: {} a month, {} at worst, {} an hour ({state})\n",
            cents(charge.expected.month()?),
            cents(charge.worst.month()?),
            cents(charge.peak)
        ));
    }
    print(&text.lines().map(|line| format!("{}\n", visible(line))).collect::<String>())?;
    Ok(Exit::Allow)
}
