//! `[cost]` in `tollgate.toml`: where prices and nodes stand, what has no budget, and what no change may do at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use tollgate_vocabulary::{Effect, Ratio};

use super::{ConfigError, at, file};

/// What the estate says of money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostConfig {
    /// price books, relative to the root; the built-in one where none is named
    pub prices: Vec<Arc<str>>,
    /// node pools, relative to the root
    pub nodes: Option<Arc<str>>,
    /// the label that names a cost centre
    pub cost_centre_label: Option<Arc<str>>,
    /// what becomes of something that costs and that no budget covers
    pub without_budget: Effect,
    /// resources that are a part of a GPU, and which part
    pub fractions: BTreeMap<Arc<str>, Ratio>,
    /// what no change may do at once
    pub limits: CostLimits,
    /// whether whatever asks for money must carry a quote
    pub require_quote: bool,
    /// verifier keys of those who may sign quotes, beside this installation itself
    pub quote_keys: Vec<Arc<str>>,
}

/// Limits on single changes and on what one identity does in ten minutes. Amounts are of the price book's currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CostLimits {
    /// money an hour that one change may add at its peak
    pub peak_per_hour: Option<Ratio>,
    /// money an hour that one identity may add at worst in ten minutes
    pub growth: Option<Ratio>,
    /// objects that cost and that one identity may create in ten minutes
    pub objects: Option<u64>,
    /// how many times its replicas an autoscaler's maximum may be
    pub replica_ratio: Option<Ratio>,
    /// GPUs that one change may add
    pub gpus: Option<Ratio>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Written {
    prices: Vec<toml::Spanned<String>>,
    nodes: Option<toml::Spanned<String>>,
    cost_centre_label: Option<toml::Spanned<String>>,
    without_budget: Option<toml::Spanned<String>>,
    gpu_fractions: BTreeMap<String, toml::Spanned<String>>,
    require_quote: bool,
    quote_keys: Vec<String>,
    limits: OfLimits,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OfLimits {
    peak_per_hour: Option<toml::Spanned<Amount>>,
    growth: Option<toml::Spanned<Amount>>,
    objects: Option<u64>,
    replica_ratio: Option<toml::Spanned<Amount>>,
    gpus: Option<toml::Spanned<Amount>>,
}

/// A number that is exact as it is written: a whole one, or a decimal one as text. TOML's own decimals are floats.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a whole number such as `8`, or a decimal one as text such as `\"0.5\"`")]
enum Amount {
    Whole(u64),
    Text(String),
}

impl Default for CostConfig {
    fn default() -> Self {
        Self {
            prices: Vec::new(),
            nodes: None,
            cost_centre_label: None,
            without_budget: Effect::Deny,
            fractions: BTreeMap::new(),
            limits: CostLimits::default(),
            require_quote: false,
            quote_keys: Vec::new(),
        }
    }
}

impl CostConfig {
    pub(super) fn of(written: Written) -> Result<Self, ConfigError> {
        let limits = written.limits;
        Ok(Self {
            prices: written.prices.into_iter().map(file).collect::<Result<_, _>>()?,
            nodes: written.nodes.map(file).transpose()?,
            cost_centre_label: written.cost_centre_label.map(label).transpose()?,
            without_budget: written.without_budget.map_or(Ok(Effect::Deny), effect)?,
            fractions: written
                .gpu_fractions
                .into_iter()
                .map(|(resource, part)| Ok((resource.into(), fraction(&part)?)))
                .collect::<Result<_, ConfigError>>()?,
            limits: CostLimits {
                peak_per_hour: limits.peak_per_hour.map(number).transpose()?,
                growth: limits.growth.map(number).transpose()?,
                objects: limits.objects,
                replica_ratio: limits.replica_ratio.map(number).transpose()?,
                gpus: limits.gpus.map(number).transpose()?,
            },
            require_quote: written.require_quote,
            quote_keys: written.quote_keys.into_iter().map(Arc::from).collect(),
        })
    }

    /// The files that it names beside the rules.
    pub fn files(&self) -> impl Iterator<Item = &Arc<str>> {
        self.prices.iter().chain(&self.nodes)
    }
}

fn label(written: toml::Spanned<String>) -> Result<Arc<str>, ConfigError> {
    if written.as_ref().is_empty() || written.as_ref().contains(char::is_whitespace) {
        return Err(at(&written, format!("`{}` cannot be a label's key", written.as_ref())));
    }
    Ok(written.into_inner().into())
}

fn effect(written: toml::Spanned<String>) -> Result<Effect, ConfigError> {
    match written.as_ref().as_str() {
        "deny" => Ok(Effect::Deny),
        "warn" => Ok(Effect::Warn),
        "allow" => Ok(Effect::Info),
        other => Err(at(&written, format!("`{other}` is none of `deny`, `warn` and `allow`"))),
    }
}

fn number(written: toml::Spanned<Amount>) -> Result<Ratio, ConfigError> {
    match written.as_ref() {
        Amount::Whole(number) => Ok(Ratio::from(*number)),
        Amount::Text(text) => Ratio::parse(text).map_err(|error| at(&written, error.to_string())),
    }
}

fn fraction(written: &toml::Spanned<String>) -> Result<Ratio, ConfigError> {
    let text = written.as_ref().as_str();
    let part = match text.split_once('/') {
        None => Ratio::parse(text).ok(),
        Some((part, of)) => {
            let (part, of) = (part.trim().parse().ok(), of.trim().parse().ok());
            part.zip(of).and_then(|(part, of)| Ratio::new(part, of))
        }
    };
    // Nothing is a part too: where slices are counted under another name, the whole must not be counted again.
    part.filter(|part| *part <= Ratio::ONE)
        .ok_or_else(|| at(written, format!("`{text}` is no part of a GPU such as `0.25` or `1/7`")))
}
