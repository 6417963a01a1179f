//! A place in a budget while it is read: a value and the path to it, so that every error names its place.

use std::sync::Arc;

use tollgate_vocabulary::{Currency, Money, MoneyError, Path, Ratio, Step, Value};

/// What is wrong with a budget, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Wrong {
    /// where in the object
    pub path: Path,
    /// what is wrong there, with what would be right
    pub message: String,
}

/// A value, and where it stands.
pub(crate) struct Node<'a> {
    value: &'a Value,
    path: Path,
}

impl<'a> Node<'a> {
    pub(crate) const fn root(value: &'a Value) -> Self {
        Self { value, path: Path::root() }
    }

    pub(crate) fn wrong(&self, message: impl Into<String>) -> Wrong {
        Wrong { path: self.path.clone(), message: message.into() }
    }

    /// That this is an object of no other keys than these.
    pub(crate) fn only(&self, keys: &[&str]) -> Result<(), Wrong> {
        let Some(map) = self.value.as_object() else {
            return Err(self.wrong(format!("here stands an object of {}", keys.join(", "))));
        };
        match map.iter().find(|(key, _)| !keys.contains(&&***key)) {
            Some((key, _)) => {
                let path = self.path.join(Step::Key(Arc::clone(key)));
                Err(Wrong {
                    path,
                    message: format!("`{key}` means nothing here; known are {}", keys.join(", ")),
                })
            }
            None => Ok(()),
        }
    }

    /// What stands under a key; `null` is nothing, as Kubernetes has it.
    pub(crate) fn find(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Self { value, path: self.path.join(Step::Key(key.into())) })
    }

    /// What must stand under a key.
    pub(crate) fn need(&self, key: &str) -> Result<Self, Wrong> {
        let lacks = || Wrong {
            path: self.path.join(Step::Key(key.into())),
            message: format!("a budget has a `{key}`"),
        };
        self.find(key).ok_or_else(lacks)
    }

    pub(crate) fn text(&self) -> Result<Arc<str>, Wrong> {
        match self.value {
            Value::String(text) if !text.trim().is_empty() => Ok(Arc::clone(text)),
            _ => Err(self.wrong("here stands text")),
        }
    }

    /// Text that may be empty.
    pub(crate) fn any_text(&self) -> Result<Arc<str>, Wrong> {
        match self.value {
            Value::String(text) => Ok(Arc::clone(text)),
            _ => Err(self.wrong("here stands text")),
        }
    }

    pub(crate) fn truth(&self) -> Result<bool, Wrong> {
        self.value.as_bool().ok_or_else(|| self.wrong("here stands `true` or `false`"))
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, Wrong> {
        let text = self.value.as_str().unwrap_or_default();
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, meant)) => Ok(*meant),
            None => {
                let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
                Err(self.wrong(format!("here stands one of {}", known.join(", "))))
            }
        }
    }

    /// A list of at least one item.
    pub(crate) fn items(&self) -> Result<Vec<Self>, Wrong> {
        match self.value {
            Value::Array(items) if !items.is_empty() => {
                let item = |(at, value)| Self { value, path: self.path.join(Step::Index(at)) };
                Ok(items.iter().enumerate().map(item).collect())
            }
            _ => Err(self.wrong("here stands a list of at least one")),
        }
    }

    /// The entries of an object, each with its key.
    pub(crate) fn entries(&self) -> Result<Vec<(Arc<str>, Self)>, Wrong> {
        let map = self.value.as_object().ok_or_else(|| self.wrong("here stands an object"))?;
        let entry = |(key, value): (&Arc<str>, &'a Value)| {
            (Arc::clone(key), Self { value, path: self.path.join(Step::Key(Arc::clone(key))) })
        };
        Ok(map.iter().map(entry).collect())
    }

    /// An amount that is not negative, written as text or as a number.
    pub(crate) fn money(&self, currency: Currency) -> Result<Money, Wrong> {
        let money = Money::parse(self.decimal()?, currency).map_err(|error| self.because(&error))?;
        if money.is_negative() {
            return Err(self.wrong(format!("`{}` is less than nothing", money.to_exact_text())));
        }
        Ok(money)
    }

    /// A number that is not negative, written as text or as a number.
    pub(crate) fn ratio(&self) -> Result<Ratio, Wrong> {
        Ratio::parse(self.decimal()?).map_err(|error| self.because(&error))
    }

    fn decimal(&self) -> Result<&'a str, Wrong> {
        match self.value {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.as_str()),
            _ => Err(self.wrong("here stands a decimal number")),
        }
    }

    pub(crate) fn because(&self, error: &MoneyError) -> Wrong {
        self.wrong(error.to_string())
    }
}
