//! Changes of the contended state, and their canonical bytes in an entry.

use tollgate_budget::Movement;
use tollgate_manifest::{Limits, canonical, json};
use tollgate_vocabulary::{Digest, Map, Value};

use super::{Redeemed, Window};

/// What an entry does to the state. In the order in which it is done.
#[must_use]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects(Vec<StateChange>);

/// One change of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateChange {
    /// another bundle is in force
    Bundle(Digest),
    /// a principal's changes were counted
    Rate {
        /// who
        principal: String,
        /// the window after counting
        window: Window,
    },
    /// a hold, a balance or a count of growth is another
    Money(Movement),
    /// a quote was redeemed, or need not be remembered any more
    Quote {
        /// digest of its text
        quote: Digest,
        /// by whom and until when; nothing where it is forgotten
        redeemed: Option<Redeemed>,
    },
}

/// Bytes that are no effects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these are no effects of `tollgate/effects/v1`: {0}")]
pub struct ReadEffectsError(String);

const SCHEMA: &str = "tollgate/effects/v1";

impl Effects {
    /// Effects in the order in which they are done.
    pub const fn new(changes: Vec<StateChange>) -> Self {
        Self(changes)
    }

    /// The changes in order.
    #[must_use]
    pub fn changes(&self) -> &[StateChange] {
        &self.0
    }

    /// The canonical value.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let changes: Vec<Value> = self.0.iter().map(StateChange::to_value).collect();
        Value::from(
            [("changes", Value::from(changes)), ("schema", SCHEMA.into())].into_iter().collect::<Map>(),
        )
    }

    /// The canonical bytes: what an entry commits to.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::bytes(&self.to_value())
    }

    /// Reads what [`Effects::to_bytes`] wrote.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReadEffectsError> {
        let bad = |what: &str| ReadEffectsError(what.to_owned());
        let value =
            json::read(bytes, &Limits::default()).map_err(|error| ReadEffectsError(error.to_string()))?;
        if value.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
            return Err(bad("another schema"));
        }
        let changes = value.get("changes").and_then(Value::as_array).ok_or_else(|| bad("no `changes`"))?;
        changes
            .iter()
            .map(StateChange::of_value)
            .collect::<Option<_>>()
            .map(Self)
            .ok_or_else(|| bad("an unknown change"))
    }
}

impl StateChange {
    fn to_value(&self) -> Value {
        let map: Map = match self {
            Self::Bundle(digest) => {
                [("change", Value::from("bundle")), ("digest", digest.to_string().into())]
                    .into_iter()
                    .collect()
            }
            Self::Rate { principal, window } => [
                ("change", Value::from("rate")),
                ("count", window.count.to_string().into()),
                ("principal", principal.as_str().into()),
                ("start", window.start.to_string().into()),
            ]
            .into_iter()
            .collect(),
            Self::Money(movement) => {
                [("change", Value::from("money")), ("movement", movement.to_value())].into_iter().collect()
            }
            Self::Quote { quote, redeemed } => {
                let mut map: Map = [("change", Value::from("quote")), ("quote", quote.to_string().into())]
                    .into_iter()
                    .collect();
                if let Some(Redeemed { by, expires }) = redeemed {
                    map.insert("by".into(), (**by).into());
                    map.insert("expires".into(), expires.to_string().into());
                }
                map
            }
        };
        map.into()
    }

    fn of_value(value: &Value) -> Option<Self> {
        let text = |key| value.get(key).and_then(Value::as_str);
        match text("change")? {
            "bundle" => Some(Self::Bundle(text("digest")?.parse().ok()?)),
            "rate" => Some(Self::Rate {
                principal: text("principal")?.to_owned(),
                window: Window { start: text("start")?.parse().ok()?, count: text("count")?.parse().ok()? },
            }),
            "quote" => Some(Self::Quote {
                quote: text("quote")?.parse().ok()?,
                redeemed: match (text("by"), text("expires")) {
                    (Some(by), Some(expires)) => {
                        Some(Redeemed { by: by.into(), expires: expires.parse().ok()? })
                    }
                    _ => None,
                },
            }),
            "money" => Movement::of_value(value.get("movement")?).ok().map(Self::Money),
            _ => None,
        }
    }
}
