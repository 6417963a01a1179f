//! CronJobs: a run as often as the schedule says, spread over the month.

use tollgate_price::MONTH_HOURS;
use tollgate_vocabulary::{MoneyError, Ratio, Rounding};

use super::Desk;
use super::job::idle;
use super::lines::counted;
use super::run::Run;
use crate::cron::{Schedule, YEAR_SECONDS};
use crate::estimate::Draft;
use crate::explanation::Per;
use crate::node::Node;
use crate::{EstimateError, EstimateProblem, Explanation};

/// What a month of runs comes to.
struct Month {
    /// hours of all pods together; nothing where nothing bounds them
    pod_hours: Option<Ratio>,
    /// runs at once
    at_once: u64,
    words: String,
}

impl Desk<'_> {
    pub(super) fn cron_job(&self, spec: &Node<'_, '_>) -> Result<Draft, EstimateError> {
        let template = spec.get("jobTemplate").checked()?;
        let job = template.get("spec").checked()?;
        let run = Run::of(&job, self.explain)?;
        let schedule = spec.get("schedule");
        let text = schedule.text()?.ok_or_else(|| schedule.wrong(EstimateProblem::Missing))?;
        let fires = Schedule::parse(text)
            .map_err(|problem| {
                schedule.wrong(EstimateProblem::Schedule { schedule: text.to_owned(), problem })
            })?
            .fires_a_year();
        let policy = spec.get("concurrencyPolicy");
        let overlaps = match policy.text()?.unwrap_or("Allow") {
            "Allow" => true,
            "Forbid" | "Replace" => false,
            other => {
                let known = "`Allow`, `Forbid`, `Replace`";
                return Err(policy.wrong(EstimateProblem::Word { found: other.to_owned(), known }));
            }
        };
        let pod_template = job.get("template").checked()?;
        let pods = self.pods(&pod_template.get("spec"), &Node::absent(), Vec::new(), false)?;
        let mut draft = Draft::default();
        let suspended = spec.get("suspend").truth()?.unwrap_or(false);
        if suspended || run.is_idle() {
            if self.explain {
                draft.tree.push(idle(&Run { suspended: suspended || run.suspended, ..run }, spec));
            }
            return Ok(draft);
        }
        let month =
            if overlaps { Month::overlapping(&run, fires)? } else { Month::one_at_a_time(&run, fires)? };
        let share = month.pod_hours.unwrap_or(Ratio::ZERO).times(hour_of_month())?;
        draft.expected.per_hour = pods.price.expected.times(share)?;
        draft.worst.per_hour = pods.price.worst.times(share)?;
        let width = Ratio::from(run.width).times(Ratio::from(month.at_once))?;
        draft.peak = pods.price.worst.times(width)?;
        draft.gpus = Some(pods.price.gpus.times(width)?);
        draft.open_ends(&pods);
        if month.pod_hours.is_none() {
            draft.unbounded.push(run.deadline.clone());
        }
        if self.explain {
            let words = format!("{fires} fires in 2026 / 12");
            let line = Explanation::of(format!("{} runs a month", fires.times(twelfth())?)).saying(words);
            draft.tree.push(line.by_field(schedule.field()).resting_on(run.tree));
            let label = month
                .pod_hours
                .map_or("no deadline".to_owned(), |hours| format!("{hours} pod-hours a month"));
            draft.tree.push(Explanation::of(label).saying(month.words).by_field(policy.field()));
            draft.tree.extend(self.lines(&pods)?);
            let worst = self.money(pods.price.worst)?;
            if let Some(hours) = month.pod_hours {
                let figure = self.money(pods.price.worst.times(hours)?)?;
                let line = Explanation::of("worst").saying(format!("{hours} pod-hours x {worst}"));
                draft.tree.push(line.coming_to(figure, Per::Month));
            }
            let line = Explanation::of("peak").saying(format!("{} x {worst}", counted(width, "pod")));
            draft.tree.push(line.coming_to(self.money(draft.peak)?, Per::Hour));
        }
        Ok(draft)
    }
}

impl Month {
    /// As many at once as start within the time that one may take, at the schedule's mean interval.
    fn overlapping(run: &Run, fires: Ratio) -> Result<Self, MoneyError> {
        let Some((hours, seconds)) = run.pod_hours.zip(run.seconds) else {
            let words =
                "runs may overlap, and each may run for ever: only the peak of one is known".to_owned();
            return Ok(Self { pod_hours: None, at_once: 1, words });
        };
        let a_year = Ratio::new(1, YEAR_SECONDS.into()).unwrap_or(Ratio::ZERO);
        let started = seconds.times(fires)?.times(a_year)?.to_whole(Rounding::Up)?;
        let at_once = u64::try_from(started).map_err(|_| MoneyError::Overflow)?.max(1);
        let words = format!("runs may overlap: each fire x {hours} pod-hours");
        Ok(Self { pod_hours: Some(fires.times(twelfth())?.times(hours)?), at_once, words })
    }

    /// Never more than the whole month.
    fn one_at_a_time(run: &Run, fires: Ratio) -> Result<Self, MoneyError> {
        let whole = Ratio::from(MONTH_HOURS).times(Ratio::from(run.width))?;
        let runs = run.pod_hours.map(|hours| fires.times(twelfth())?.times(hours)).transpose()?;
        let words = match runs {
            Some(runs) if runs < whole => "runs never overlap".to_owned(),
            _ => format!("runs never overlap: at most {} all the month", counted(run.width, "pod")),
        };
        Ok(Self { pod_hours: Some(runs.map_or(whole, |runs| runs.min(whole))), at_once: 1, words })
    }
}

fn twelfth() -> Ratio {
    Ratio::new(1, 12).unwrap_or(Ratio::ZERO)
}

fn hour_of_month() -> Ratio {
    Ratio::new(1, MONTH_HOURS.into()).unwrap_or(Ratio::ZERO)
}
