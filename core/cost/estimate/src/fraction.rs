//! Which part of a GPU one unit of a resource is.
//!
//! A device plugin may hand out slices under a name of their own (time slicing with renaming, MIG, HAMi), or under the
//! name of the whole. Nothing in an object says how large a slice is, so that somebody has to.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_vocabulary::{Path, Ratio, Step, Value};

use crate::node::shown;

/// Resources that are parts of a GPU.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GpuFractions(BTreeMap<Arc<str>, Fraction>);

/// What one unit of a resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fraction {
    /// the resource that is a whole GPU
    pub(crate) of: Arc<str>,
    /// the part of one
    pub(crate) part: Ratio,
}

/// An entry of the map that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FractionError {
    /// no fraction
    #[error("`{path}`: `{found}` is no part of a GPU, such as `1/4` or `0.25`, from 0 to 1")]
    Part {
        /// where
        path: Path,
        /// what stands there
        found: String,
    },
    /// an entry of another form
    #[error("`{0}`: must be a part such as `1/4`, or an object of `part` and `of`")]
    Form(Path),
    /// not a map
    #[error("must be an object: a resource, such as `nvidia.com/gpu.shared`, and its part of a GPU")]
    NotObject,
}

const WHOLE: &str = "nvidia.com/gpu";

impl GpuFractions {
    /// Adds a resource: one unit of it is `part` of one `of`.
    ///
    /// # Errors
    /// The part is more than one.
    pub fn insert(&mut self, resource: &str, of: &str, part: Ratio) -> Result<(), FractionError> {
        if part > Ratio::ONE {
            let path = Path::of_keys(&[resource]);
            return Err(FractionError::Part { path, found: part.to_string() });
        }
        self.0.insert(resource.into(), Fraction { of: of.into(), part });
        Ok(())
    }

    /// Reads a map of resources: a part (`1/4`, `0.25`) of `nvidia.com/gpu`, or `{part: 1/4, of: amd.com/gpu}`.
    ///
    /// # Errors
    /// All entries that are neither, or whose part is more than one.
    pub fn read(map: &Value) -> Result<Self, Vec<FractionError>> {
        let Value::Object(entries) = map else { return Err(vec![FractionError::NotObject]) };
        let (mut fractions, mut errors) = (Self::default(), Vec::new());
        for (resource, value) in entries.iter() {
            let path = Path::of_keys(&[resource]);
            let read = entry(value, &path).and_then(|(of, part)| {
                let found = || FractionError::Part { path: path.clone(), found: shown(part) };
                let part = part_of(part).ok_or_else(found)?;
                fractions.insert(resource, of, part)
            });
            errors.extend(read.err());
        }
        if errors.is_empty() { Ok(fractions) } else { Err(errors) }
    }

    pub(crate) fn of(&self, resource: &str) -> Option<&Fraction> {
        self.0.get(resource)
    }
}

fn entry<'v>(value: &'v Value, path: &Path) -> Result<(&'v str, &'v Value), FractionError> {
    let Value::Object(map) = value else { return Ok((WHOLE, value)) };
    let form = |path| FractionError::Form(path);
    if let Some((key, _)) = map.iter().find(|(key, _)| !["of", "part"].contains(&&***key)) {
        return Err(form(path.join(Step::Key(Arc::clone(key)))));
    }
    let of = match map.get("of") {
        None => WHOLE,
        Some(of) => of.as_str().ok_or_else(|| form(path.join(Step::Key("of".into()))))?,
    };
    Ok((of, map.get("part").ok_or_else(|| form(path.clone()))?))
}

fn part_of(value: &Value) -> Option<Ratio> {
    let text = match value {
        Value::String(text) => &**text,
        Value::Number(number) => number.as_str(),
        _ => return None,
    };
    match text.split_once('/') {
        None => Ratio::parse(text).ok(),
        Some((above, below)) => Ratio::new(above.trim().parse().ok()?, below.trim().parse().ok()?),
    }
}

#[cfg(test)]
mod tests {
    use tollgate_vocabulary::Map;

    use super::*;

    #[test]
    fn a_part_is_a_fraction_or_a_decimal_of_some_gpu() {
        let of = Map::from_iter([("part", "1/2"), ("of", "amd.com/gpu")]);
        let map = Map::from_iter([
            ("nvidia.com/gpu.shared", Value::from("0.25")),
            ("nvidia.com/mig-1g.10gb", Value::from("1/7")),
            ("nvidia.com/gpu", Value::from(0_u64)),
            ("amd.com/half", Value::from(of)),
        ]);
        let fractions = GpuFractions::read(&Value::from(map)).unwrap();
        assert_eq!(fractions.of("nvidia.com/gpu.shared").unwrap().part, Ratio::new(1, 4).unwrap());
        assert_eq!(&*fractions.of("nvidia.com/mig-1g.10gb").unwrap().of, "nvidia.com/gpu");
        assert_eq!(&*fractions.of("amd.com/half").unwrap().of, "amd.com/gpu");
        assert!(fractions.of("nvidia.com/gpu").unwrap().part.is_zero());
        assert!(fractions.of("cpu").is_none());
    }

    #[test]
    fn every_bad_entry_is_named() {
        let other = Map::from_iter([("part", "1/2"), ("off", "amd.com/gpu")]);
        let map = Map::from_iter([
            ("a.b/c", Value::from("3/2")),
            ("d", Value::from("1/0")),
            ("e", Value::from("-1")),
            ("f", Value::from(true)),
            ("g", Value::from(other)),
        ]);
        let errors = GpuFractions::read(&Value::from(map)).unwrap_err();
        let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), 5);
        assert_eq!(
            shown[0],
            "`[\"a.b/c\"]`: `1.5` is no part of a GPU, such as `1/4` or `0.25`, from 0 to 1"
        );
        assert!(shown[4].starts_with("`g.off`"), "{}", shown[4]);
    }
}
