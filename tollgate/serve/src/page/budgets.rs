//! Budgets: how much of each is spent and spoken for, as bars with the figures beside them.

use maud::{Markup, html};
use tollgate_flow::{Amount, Standing, Use};
use tollgate_vocabulary::{Ratio, Rounding};

/// Width of a bar in its own units; a hundred percent is here, and a bar may go on to the end of the picture.
const WHOLE: u64 = 200;
const PICTURE: u64 = 300;

/// The section about budgets; nothing where the estate has none.
pub(super) fn section(standing: Result<Vec<Standing>, String>) -> Markup {
    let standing = match standing {
        Ok(standing) if standing.is_empty() => return html! {},
        Ok(standing) => standing,
        Err(why) => {
            return html! { h2 { "Budgets" } p.alert role="alert" { "They cannot be added up: " (why) } };
        }
    };
    html! {
        h2 #budgets { "Budgets" }
        table.budgets {
            caption { "Spent and held in the present period, against each budget's amount" }
            thead {
                tr {
                    th scope="col" { "Budget" } th scope="col" { "Used" } th scope="col" { "Spent" }
                    th scope="col" { "Held to the end" } th scope="col" { "Amount" } th scope="col" { "At worst" }
                    th scope="col" { "Dearest hour" } th scope="col" { "GPUs" } th scope="col" { "Holds" }
                    th scope="col" { "Ends in" }
                }
            }
            tbody { @for row in &standing { (budget(row)) } }
        }
    }
}

fn budget(row: &Standing) -> Markup {
    let percent = percent(&row.expected);
    html! {
        tr {
            th scope="row" { (row.budget) span.owner { " " (row.owner) } }
            td { (bar(row)) span.number { " " (percent) } }
            td.number { (row.accrued.to_text(2, Rounding::HalfUp)) }
            td.number { (row.held.to_text(2, Rounding::HalfUp)) }
            td.number { (limit(&row.expected)) }
            td.number { (used_of(&row.worst)) }
            td.number { (used_of(&row.peak)) }
            td.number { (used_of(&row.gpus)) }
            td.number { (row.holds) }
            td.number { (hours(row.hours_left)) }
        }
    }
}

/// A bar: spent, then held, against the amount; a line where the amount ends. Beside it stands the same in figures.
fn bar(row: &Standing) -> Markup {
    let part = |part: Option<Ratio>| -> u64 {
        let width = part.and_then(|part| part.times(Ratio::from(WHOLE)).ok());
        let width = width.and_then(|width| width.to_whole(Rounding::HalfUp).ok()).unwrap_or(0);
        u64::try_from(width).unwrap_or(PICTURE).min(PICTURE)
    };
    let Some(Amount::Money(amount)) = row.expected.limit else { return html! {} };
    let spent = part(row.accrued.part_of(amount));
    let held = part(row.held.part_of(amount)).min(PICTURE - spent);
    let over = row.expected.percent.is_some_and(|percent| percent > Ratio::whole(100));
    let title = format!("{}: {} of {}", row.budget, percent(&row.expected), limit(&row.expected));
    html! {
        svg.bar.over[over] viewBox=(format!("0 0 {PICTURE} 16")) width=(PICTURE) height="16" role="img" aria-label=(title) {
            rect.room x="0" y="3" width=(WHOLE) height="10" {}
            rect.spent x="0" y="3" width=(spent) height="10" {}
            rect.held x=(spent) y="3" width=(held) height="10" {}
            line x1=(WHOLE) y1="0" x2=(WHOLE) y2="16" {}
        }
    }
}

fn percent(used: &Use) -> String {
    used.percent.map_or_else(|| "\u{2013}".to_owned(), |percent| format!("{} %", tenths(percent)))
}

/// A number with one digit behind the point.
fn tenths(ratio: Ratio) -> String {
    let tenfold =
        ratio.times(Ratio::from(10)).ok().and_then(|tenfold| tenfold.to_whole(Rounding::HalfUp).ok());
    tenfold.map_or_else(|| ratio.to_string(), |tenfold| format!("{}.{}", tenfold / 10, tenfold % 10))
}

fn limit(used: &Use) -> String {
    used.limit.map_or_else(|| "\u{2013}".to_owned(), |limit| limit.to_string())
}

fn used_of(used: &Use) -> String {
    match used.limit {
        Some(limit) => format!("{} of {limit}", used.used),
        None => used.used.to_string(),
    }
}

/// `12 d 4 h`
fn hours(left: Ratio) -> String {
    let hours = left.to_whole(Rounding::Down).unwrap_or(0);
    if hours >= 24 { format!("{} d {} h", hours / 24, hours % 24) } else { format!("{hours} h") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        assert_eq!(tenths(Ratio::new(1_037, 10).unwrap()), "103.7");
        assert_eq!(hours(Ratio::from(100)), "4 d 4 h");
        assert_eq!(hours(Ratio::new(7, 2).unwrap()), "3 h");
    }
}
