//! A value together with its place, without building a path before somebody asks for one.
//!
//! ```text
//! Node(root) ──get("spec")──> Node ──list()──> Node ... ──field()──> Field
//! ```

use tollgate_vocabulary::{Path, Step, Value};

use crate::{Beside, EstimateError, EstimateProblem, Field, Quantity, Source};

/// A value that may be absent, and where it stands; `null` counts as absent.
#[derive(Clone, Copy)]
pub(crate) struct Node<'v, 'p> {
    value: Option<&'v Value>,
    at: At<'v, 'p>,
}

#[derive(Clone, Copy)]
struct At<'v, 'p> {
    root: Root<'v>,
    /// nothing at the root
    up: Option<(&'p At<'v, 'p>, Short<'p>)>,
}

/// What the path begins at.
#[derive(Clone, Copy)]
enum Root<'v> {
    Object,
    Beside(&'v Value),
    Pools,
}

#[derive(Clone, Copy)]
enum Short<'p> {
    Key(&'p str),
    Index(usize),
}

impl<'v, 'p> Node<'v, 'p> {
    pub(crate) const fn object(object: &'v Value) -> Self {
        Self { value: Some(object), at: At { root: Root::Object, up: None } }
    }

    /// Nothing, nowhere.
    pub(crate) const fn absent() -> Self {
        Self { value: None, at: At { root: Root::Object, up: None } }
    }

    pub(crate) const fn beside(object: &'v Value) -> Self {
        Self { value: Some(object), at: At { root: Root::Beside(object), up: None } }
    }

    pub(crate) const fn pools(file: &'v Value) -> Self {
        Self { value: Some(file), at: At { root: Root::Pools, up: None } }
    }

    pub(crate) fn value(&self) -> Option<&'v Value> {
        self.value.filter(|value| !value.is_null())
    }

    pub(crate) fn is_set(&self) -> bool {
        self.value().is_some()
    }

    pub(crate) fn get<'s>(&'s self, key: &'s str) -> Node<'v, 's> {
        let value = self.value.and_then(|value| value.get(key));
        Node { value, at: At { root: self.at.root, up: Some((&self.at, Short::Key(key))) } }
    }

    /// An item of a list.
    pub(crate) fn item<'s>(&'s self, index: usize) -> Node<'v, 's> {
        let value = self.value.and_then(Value::as_array).and_then(|items| items.get(index));
        Node { value, at: At { root: self.at.root, up: Some((&self.at, Short::Index(index))) } }
    }

    /// The items of a list.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn list<'s>(&'s self) -> Result<impl Iterator<Item = Node<'v, 's>>, EstimateError> {
        let items = match self.value() {
            None => &[],
            Some(Value::Array(items)) => items.as_slice(),
            Some(_) => return Err(self.wrong(EstimateProblem::Type("a list"))),
        };
        Ok(items.iter().enumerate().map(|(index, item)| Node {
            value: Some(item),
            at: At { root: self.at.root, up: Some((&self.at, Short::Index(index))) },
        }))
    }

    /// The entries of an object that are set.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn entries<'s>(
        &'s self,
    ) -> Result<impl Iterator<Item = (&'v std::sync::Arc<str>, Node<'v, 's>)>, EstimateError>
    where
        'v: 's,
    {
        let map = match self.value() {
            None => None,
            Some(Value::Object(map)) => Some(map),
            Some(_) => return Err(self.wrong(EstimateProblem::Type("an object"))),
        };
        let entries = map.into_iter().flat_map(|map| map.iter());
        Ok(entries.filter(|(_, value)| !value.is_null()).map(|(key, value)| {
            let at = At { root: self.at.root, up: Some((&self.at, Short::Key(key))) };
            (key, Node { value: Some(value), at })
        }))
    }

    /// The object, absent or not.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn checked(self) -> Result<Self, EstimateError> {
        match self.value() {
            None | Some(Value::Object(_)) => Ok(self),
            Some(_) => Err(self.wrong(EstimateProblem::Type("an object"))),
        }
    }

    /// The text.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn text(&self) -> Result<Option<&'v str>, EstimateError> {
        match self.value() {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(EstimateProblem::Type("text"))),
        }
    }

    /// The truth value.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn truth(&self) -> Result<Option<bool>, EstimateError> {
        match self.value() {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(*truth)),
            Some(_) => Err(self.wrong(EstimateProblem::Type("true or false"))),
        }
    }

    /// The quantity.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn quantity(&self) -> Result<Option<Quantity>, EstimateError> {
        let read = |value| Quantity::of_value(value).map_err(|error| self.wrong(error.into()));
        self.value().map(read).transpose()
    }

    /// A whole number that is not negative, of a field of 32 bits.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn count(&self) -> Result<Option<u64>, EstimateError> {
        self.whole(i32::MAX.unsigned_abs().into())
    }

    /// A whole number that is not negative, of a field of 64 bits.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn seconds(&self) -> Result<Option<u64>, EstimateError> {
        self.whole(i64::MAX.unsigned_abs())
    }

    fn whole(&self, most: u64) -> Result<Option<u64>, EstimateError> {
        let Some(value) = self.value() else { return Ok(None) };
        let text = match value {
            Value::Number(number) => number.as_str(),
            other => return Err(self.wrong(EstimateProblem::NotWhole(shown(other)))),
        };
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong(EstimateProblem::NotWhole(text.to_owned())));
        }
        match digits.parse::<u64>() {
            Ok(0) => Ok(Some(0)),
            _ if text.starts_with('-') => Err(self.wrong(EstimateProblem::Negative(text.to_owned()))),
            Ok(number) if number <= most => Ok(Some(number)),
            _ => Err(self.wrong(EstimateProblem::TooLarge(text.to_owned()))),
        }
    }

    pub(crate) fn path(&self) -> Path {
        let mut steps = Vec::new();
        let mut at = &self.at;
        while let Some((up, step)) = &at.up {
            steps.push(match step {
                Short::Key(key) => Step::Key((*key).into()),
                Short::Index(index) => Step::Index(*index),
            });
            at = up;
        }
        steps.reverse();
        steps.into()
    }

    pub(crate) fn field(&self) -> Field {
        let source = match self.at.root {
            Root::Object => Source::Object,
            Root::Beside(object) => Source::Beside(Box::new(Beside::of(object))),
            Root::Pools => Source::Pools,
        };
        Field { source, path: self.path() }
    }

    pub(crate) fn wrong(&self, problem: EstimateProblem) -> EstimateError {
        EstimateError { field: self.field(), problem }
    }
}

/// A value in an error message: scalars as they are, the rest by their brackets.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.as_str().to_owned(),
        Value::String(text) => text.to_string(),
        Value::Array(_) => "[..]".to_owned(),
        Value::Object(_) => "{..}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use tollgate_vocabulary::{Map, Number};

    use super::*;

    #[test]
    fn a_field_is_named_by_its_path() {
        let containers = Value::from(vec![Map::from_iter([("cpu", "abc")])]);
        let object = Value::from(Map::from_iter([("spec", Map::from_iter([("containers", containers)]))]));
        let root = Node::object(&object);
        let spec = root.get("spec");
        let containers = spec.get("containers");
        let mut items = containers.list().unwrap();
        let cpu = items.next().unwrap();
        let error = cpu.get("cpu").quantity().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`spec.containers[0].cpu`: `abc` is no quantity such as `500m` or `1Gi`"
        );
        assert!(items.next().is_none());
    }

    #[test]
    fn counts_are_whole_numbers_of_their_field() {
        let count = |text: &str| {
            let value = Value::Number(Number::parse(text).unwrap());
            Node::object(&value).count().map_err(|error| error.problem.to_string())
        };
        assert_eq!(count("3"), Ok(Some(3)));
        assert_eq!(count("-0"), Ok(Some(0)));
        assert_eq!(count("-3"), Err("`-3` is less than nothing".to_owned()));
        assert_eq!(count("3.0"), Err("`3.0` is no whole number".to_owned()));
        assert_eq!(count("1e1"), Err("`1e1` is no whole number".to_owned()));
        assert_eq!(count("2147483648"), Err("`2147483648` is more than this field can hold".to_owned()));
        assert_eq!(
            count("99999999999999999999"),
            Err("`99999999999999999999` is more than this field can hold".to_owned())
        );
        let text = Value::from("3");
        assert!(Node::object(&text).count().is_err());
        assert_eq!(Node::object(&Value::Null).count(), Ok(None));
    }
}
