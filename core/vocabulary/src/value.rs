//! One value type for everything that is read: YAML, JSON, facts, rule data.

use std::sync::Arc;

/// A JSON value. Objects are sorted by key, numbers keep the text they were written with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// a number, as written
    Number(Number),
    /// a string
    String(Arc<str>),
    /// a list
    Array(Vec<Value>),
    /// an object
    Object(Map),
}

/// A number as its source text in JSON's grammar (RFC 8259, section 6). Nothing is rounded by reading: `1E400`,
/// 400 digits, `1.0` and `1` stay what they are until somebody computes with them. Equality is that of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(Arc<str>);

/// An object: entries sorted by the bytes of their keys, each key once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map(Vec<(Arc<str>, Value)>);

/// A key that stands twice in one object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("key `{0}` stands twice")]
pub struct DuplicateKey(pub Arc<str>);

impl Number {
    /// A number from its text, or nothing where the text is not a JSON number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_json_number(text.as_bytes()).then(|| Self(text.into()))
    }

    /// The text as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self(number.to_string().into())
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

impl Map {
    /// An object of entries in any order.
    ///
    /// # Errors
    /// The first key (in byte order) that stands twice.
    pub fn from_entries(mut entries: Vec<(Arc<str>, Value)>) -> Result<Self, DuplicateKey> {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let twice = entries.windows(2).find_map(|pair| match pair {
            [a, b] if a.0 == b.0 => Some(DuplicateKey(a.0.clone())),
            _ => None,
        });
        match twice {
            Some(key) => Err(key),
            None => Ok(Self(entries)),
        }
    }

    /// The value under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.position(key).and_then(|at| self.0.get(at)).map(|entry| &entry.1)
    }

    /// The value under `key`, to change.
    #[must_use]
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.position(key).and_then(|at| self.0.get_mut(at)).map(|entry| &mut entry.1)
    }

    /// Where `key` stands among the sorted entries.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        // Most objects are small: comparing lengths first rules nearly all entries out without looking at their text.
        if self.0.len() <= 24 {
            return self.0.iter().position(|entry| entry.0.len() == key.len() && &*entry.0 == key);
        }
        self.0.binary_search_by(|entry| (*entry.0).cmp(key)).ok()
    }

    /// Puts `value` under `key` and returns what stood there.
    pub fn insert(&mut self, key: Arc<str>, value: Value) -> Option<Value> {
        match self.0.binary_search_by(|entry| entry.0.cmp(&key)) {
            Ok(at) => self.0.get_mut(at).map(|entry| std::mem::replace(&mut entry.1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes the value under `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.position(key).map(|at| self.0.remove(at).1)
    }

    /// The entries in byte order of their keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> {
        self.0.iter().map(|entry| (&entry.0, &entry.1))
    }

    /// The entries in byte order of their keys, values to change.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&Arc<str>, &mut Value)> {
        self.0.iter_mut().map(|entry| (&entry.0, &mut entry.1))
    }

    /// The entry at a position in that order.
    #[must_use]
    pub fn entry(&self, at: usize) -> Option<(&Arc<str>, &Value)> {
        self.0.get(at).map(|entry| (&entry.0, &entry.1))
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Value {
    /// The value under `key`, where this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object().and_then(|map| map.get(key))
    }

    /// The text, where this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, where this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The items, where this is a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, where this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Map> {
        match self {
            Value::Object(map) => Some(map),
            _ => None,
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Bool(truth)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Value::Number(number.into())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Value::Object(map)
    }
}

impl<V: Into<Value>> From<Vec<V>> for Value {
    fn from(items: Vec<V>) -> Self {
        Value::Array(items.into_iter().map(Into::into).collect())
    }
}

impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(item: Option<V>) -> Self {
        item.map_or(Value::Null, Into::into)
    }
}

/// Later entries with the same key replace earlier ones: for values that the program makes itself, never for input.
impl<K: Into<Arc<str>>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Map::default();
        for (key, value) in entries {
            map.insert(key.into(), value.into());
        }
        map
    }
}

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
fn is_json_number(text: &[u8]) -> bool {
    fn digits(text: &[u8]) -> Option<&[u8]> {
        let end = text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
        if end == 0 { None } else { text.get(end..) }
    }
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let Some(mut rest) = (match text {
        [b'0', rest @ ..] => Some(rest),
        other => digits(other),
    }) else {
        return false;
    };
    if let [b'.', fraction @ ..] = rest {
        let Some(after) = digits(fraction) else { return false };
        rest = after;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = match exponent {
            [b'+' | b'-', unsigned @ ..] => unsigned,
            unsigned => unsigned,
        };
        let Some(after) = digits(exponent) else { return false };
        rest = after;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_json() {
        for good in ["0", "-0", "1", "10", "1.0", "1E400", "1e+5", "-12.50e-3"] {
            assert_eq!(Number::parse(good).map(|n| n.as_str().to_owned()), Some(good.to_owned()));
        }
        for bad in ["", "-", "01", "1.", ".5", "1e", "+1", "0x1", "1_0", "NaN", "1 "] {
            assert_eq!(Number::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn entries_are_sorted_and_found() {
        let map =
            Map::from_entries(vec![("b".into(), Value::from(true)), ("a".into(), Value::from("x"))]).unwrap();
        assert_eq!(map.iter().map(|(k, _)| &**k).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(map.get("a").and_then(Value::as_str), Some("x"));
        assert_eq!(map.get("c"), None);
    }

    #[test]
    fn a_key_that_stands_twice_is_named() {
        let twice = Map::from_entries(vec![("k".into(), Value::Null), ("k".into(), Value::Null)]);
        assert_eq!(twice, Err(DuplicateKey("k".into())));
    }
}
