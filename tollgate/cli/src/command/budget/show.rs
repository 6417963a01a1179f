//! `tollgate budget show`

use std::path::PathBuf;

use serde::Serialize;
use tollgate_budget::{Budget, Hold, HoldKey};
use tollgate_flow::Standing;
use tollgate_price::Charge;
use tollgate_vocabulary::Effect;

use super::{Format, amount, cents, local, percent};
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
        let names: Vec<String> = names_of(&books).map(|name| format!("`{name}`")).collect();
        return Err(format!("there is no budget `{name}`; there are {}", names.join(", ")).into());
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
    let text = text(standing, budget, &holds)?;
    print(&text.lines().map(|line| format!("{}\n", visible(line))).collect::<String>())?;
    Ok(Exit::Allow)
}

fn names_of(books: &super::Books) -> impl Iterator<Item = &str> {
    books.estate.bundle.cost().into_iter().flat_map(|cost| cost.budgets.iter()).map(|budget| &*budget.name)
}

fn text(
    standing: &Standing,
    budget: &Budget,
    holds: &[(&HoldKey, &Hold, Charge)],
) -> Result<String, Failure> {
    let (period, zone) = (standing.period, &budget.time_zone);
    let mut text =
        format!("budget {} ({}), {}:{}\n", budget.name, budget.owner, budget.place.file, budget.place.line);
    let mut row = |label: &str, told: String| text.push_str(&format!("  {label:<10} {told}\n"));
    row("period", format!("{} to {} ({zone})", local(period.start, zone), local(period.end, zone)));
    row("spent", format!("{} {}", cents(standing.accrued), budget.currency()));
    row("held", format!("{} to the end of the period", cents(standing.held)));
    for (label, used) in [
        ("expected", &standing.expected),
        ("at worst", &standing.worst),
        ("peak hour", &standing.peak),
        ("GPUs", &standing.gpus),
    ] {
        let of = |limit| format!(" of {} ({})", amount(limit), percent(used.percent));
        row(label, format!("{}{}", amount(used.used), used.limit.map_or(", no limit".to_owned(), of)));
    }
    let thresholds = budget.thresholds.all().iter().map(|threshold| {
        let word = match threshold.effect {
            Effect::Deny | Effect::Undecidable => "denied",
            Effect::Warn => "warned of",
            Effect::Info => "noted",
        };
        format!("{word} above {} %", threshold.percent)
    });
    row("thresholds", thresholds.collect::<Vec<_>>().join(", "));
    text.push_str(&match holds.len() {
        0 => "nothing holds money on it\n".to_owned(),
        1 => "one object holds money on it\n".to_owned(),
        many => format!("{many} objects hold money on it\n"),
    });
    for (key, hold, charge) in holds {
        let state = match (hold.observed().is_some(), hold.claims().len()) {
            (true, 0) => "exists".to_owned(),
            (true, 1) => "exists, one change on its way".to_owned(),
            (true, claims) => format!("exists, {claims} changes on their way"),
            (false, 1) => "asked for, not seen yet".to_owned(),
            (false, claims) => format!("asked for {claims} times, not seen yet"),
        };
        text.push_str(&format!(
            "  {key}: {} a month, {} at worst, {} an hour ({state})\n",
            cents(charge.expected.month()?),
            cents(charge.worst.month()?),
            cents(charge.peak)
        ));
    }
    Ok(text)
}
