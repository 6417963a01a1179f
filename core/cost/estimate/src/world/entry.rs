//! Objects under a name, found by halving.

use tollgate_vocabulary::Value;

use super::text;

/// What objects are found by; parts that do not count are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name<'a> {
    pub(super) namespace: &'a str,
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
}

/// Objects in the order of their names, those of one name in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries<'a>(Vec<(Name<'a>, &'a Value)>);

impl<'a> Name<'a> {
    pub(super) fn of(object: &'a Value) -> Self {
        let metadata = object.get("metadata");
        let of_metadata = |key| metadata.map_or("", |metadata| text(metadata, key));
        let namespace = match of_metadata("namespace") {
            "" => "default",
            namespace => namespace,
        };
        Self { namespace, kind: text(object, "kind"), name: of_metadata("name") }
    }
}

impl<'a> Entries<'a> {
    pub(super) fn push(&mut self, name: Name<'a>, object: &'a Value) {
        self.0.push((name, object));
    }

    pub(super) fn sort(&mut self) {
        self.0.sort_by_key(|(name, _)| *name);
    }

    pub(super) fn of(&self, wanted: Name<'_>) -> impl Iterator<Item = &'a Value> {
        let from = self.0.partition_point(|(name, _)| *name < wanted);
        let behind = self.0.partition_point(|(name, _)| *name <= wanted);
        self.0.get(from..behind).unwrap_or_default().iter().map(|(_, object)| *object)
    }
}
