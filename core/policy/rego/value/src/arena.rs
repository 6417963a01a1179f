//! Where the values of one evaluation live: allocated in a row, freed all at once, never beyond a limit.

use bumpalo::Bump;
use tollgate_vocabulary::Value;

use crate::Val;

/// How much an arena takes at once, in bytes.
const FIRST: usize = 16 << 10;

/// The memory of one evaluation.
#[derive(Debug)]
pub struct Arena(Bump);

/// The arena's limit is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Arena {
    /// An empty arena that takes at most about `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        // Enough for most evaluations, so that they allocate once.
        let bump = Bump::with_capacity(limit.min(FIRST));
        bump.set_allocation_limit(Some(limit));
        Self(bump)
    }

    /// How many bytes it holds.
    #[must_use]
    pub fn used(&self) -> usize {
        self.0.allocated_bytes()
    }

    /// How many bytes it may hold.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.0.allocation_limit().unwrap_or(usize::MAX)
    }

    /// Forgets all values, and keeps the memory.
    pub fn reset(&mut self) {
        self.0.reset();
    }

    /// A copy of `text`.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn text<'a>(&'a self, text: &str) -> Result<&'a str, Full> {
        self.0.try_alloc_str(text).map(|text| &*text).map_err(|_| Full)
    }

    /// A copy of `items`.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn slice<'a, T: Copy>(&'a self, items: &[T]) -> Result<&'a [T], Full> {
        self.0.try_alloc_slice_copy(items).map(|items| &*items).map_err(|_| Full)
    }

    /// A string value with a copy of `text`.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn string<'a>(&'a self, text: &str) -> Result<Val<'a>, Full> {
        self.text(text).map(Val::String)
    }

    /// An array of `items`.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn array<'a>(&'a self, items: &[Val<'a>]) -> Result<Val<'a>, Full> {
        self.slice(items).map(Val::Array)
    }

    /// A set of `items` in any order, doubles dropped: of `1` and `1.0` the first one stays.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn set<'a>(&'a self, mut items: Vec<Val<'a>>) -> Result<Val<'a>, Full> {
        items.sort();
        items.dedup();
        self.sorted_set(&items)
    }

    /// A set of `items` that are sorted and distinct already.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn sorted_set<'a>(&'a self, items: &[Val<'a>]) -> Result<Val<'a>, Full> {
        debug_assert!(items.is_sorted_by(|a, b| a < b), "sets are sorted and distinct");
        self.slice(items).map(Val::Set)
    }

    /// An object of `entries` in any order. Of entries with equal keys the last one stays.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn object<'a>(&'a self, mut entries: Vec<(Val<'a>, Val<'a>)>) -> Result<Val<'a>, Full> {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.reverse();
        entries.dedup_by(|a, b| a.0 == b.0);
        entries.reverse();
        self.sorted_object(&entries)
    }

    /// An object of `entries` that are sorted by key, each key once.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn sorted_object<'a>(&'a self, entries: &[(Val<'a>, Val<'a>)]) -> Result<Val<'a>, Full> {
        debug_assert!(entries.is_sorted_by(|a, b| a.0 < b.0), "objects are sorted, each key once");
        self.slice(entries).map(Val::Object)
    }

    /// A copy of a document, which need not live on. Recurs as deep as the document, which its reader has bounded.
    ///
    /// # Errors
    /// The limit is reached.
    pub fn document<'a>(&'a self, value: &Value) -> Result<Val<'a>, Full> {
        Ok(match value {
            Value::Null => Val::Null,
            Value::Bool(truth) => Val::Bool(*truth),
            Value::Number(number) => self.number(number.as_str())?,
            Value::String(text) => self.string(text)?,
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| self.document(item)).collect::<Result<_, _>>()?;
                self.array(&items)?
            }
            Value::Object(map) => {
                let entry = |(key, value): (&std::sync::Arc<str>, &Value)| {
                    Ok((self.string(key)?, self.document(value)?))
                };
                self.sorted_object(&map.iter().map(entry).collect::<Result<Vec<_>, Full>>()?)?
            }
        })
    }
}
