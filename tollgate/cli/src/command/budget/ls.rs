//! `tollgate budget ls`

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;
use tollgate_flow::{Amount, Standing, Use};
use tollgate_vocabulary::Rounding;

use super::{Books, Format, cents, percent};
use crate::command::cost::{document, nine};
use crate::exit::Exit;
use crate::output::{Failure, print, visible};
use crate::settings::Settings;

/// Arguments of `budget ls`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Format
    #[arg(short, long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    output: Format,
    /// The estate: a folder with a `tollgate.toml`, or any path in it
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

/// A budget for programs.
#[derive(Serialize)]
pub(super) struct Row {
    name: String,
    owner: String,
    currency: String,
    period_start: String,
    period_end: String,
    accrued: String,
    held: String,
    expected: Limited,
    worst: Limited,
    peak_hour: Limited,
    gpus: Limited,
    holds: u64,
}

#[derive(Serialize)]
struct Limited {
    used: String,
    limit: Option<String>,
}

pub(super) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let Some(books) = super::read(&arguments.path, settings)? else { return Ok(Exit::Failure) };
    let standing = standing(&books)?;
    print(&match arguments.output {
        Format::Text => text(&standing),
        Format::Json => document(&standing.iter().map(row).collect::<Vec<_>>())?,
    })?;
    Ok(Exit::Allow)
}

/// How the budgets stand now.
pub(super) fn standing(books: &Books) -> Result<Vec<Standing>, Failure> {
    let cost = books.estate.bundle.cost().ok_or("there are no budgets")?;
    Ok(cost.budgets.standing(&books.state.account, Timestamp::now())?)
}

fn text(standing: &[Standing]) -> String {
    let head = ["budget", "used", "spent", "held", "amount", "at worst", "holds", "owner"];
    let rows: Vec<[String; 8]> = standing
        .iter()
        .map(|row| {
            [
                row.budget.to_string(),
                percent(row.expected.percent),
                cents(row.accrued),
                cents(row.held),
                row.expected.limit.map_or_else(|| "-".to_owned(), |limit| limit.to_string()),
                percent(row.worst.percent),
                row.holds.to_string(),
                row.owner.to_string(),
            ]
        })
        .collect();
    let width =
        |at: usize| rows.iter().map(|row| row[at].chars().count()).chain([head[at].len()]).max().unwrap_or(0);
    let mut text = String::new();
    for row in std::iter::once(head.map(str::to_owned)).chain(rows.iter().cloned()) {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let width = width(at);
            let left = at == 0 || at == 7;
            line.push_str(&if left { format!("{cell:<width$}  ") } else { format!("{cell:>width$}  ") });
        }
        text.push_str(&format!("{}\n", visible(line.trim_end())));
    }
    text
}

pub(super) fn row(standing: &Standing) -> Row {
    let time = |second: i64| Timestamp::from_second(second).map(|at| at.to_string()).unwrap_or_default();
    Row {
        name: standing.budget.to_string(),
        owner: standing.owner.to_string(),
        currency: standing.accrued.currency().to_string(),
        period_start: time(standing.period.start),
        period_end: time(standing.period.end),
        accrued: nine(standing.accrued),
        held: nine(standing.held),
        expected: limited(&standing.expected),
        worst: limited(&standing.worst),
        peak_hour: limited(&standing.peak),
        gpus: limited(&standing.gpus),
        holds: standing.holds,
    }
}

fn limited(used: &Use) -> Limited {
    let text = |amount: Amount| match amount {
        Amount::Money(money) => money.to_text(9, Rounding::HalfUp),
        Amount::Gpus(gpus) => gpus.to_string(),
    };
    Limited { used: text(used.used), limit: used.limit.map(text) }
}
