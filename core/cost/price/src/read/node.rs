//! The price of a node, split into prices of what it has.
//!
//! With base prices b, `rho_c = b_cpu / b_ram` and `rho_g = b_gpu / b_ram`; of a node with c cores, m GiB and g GPUs for P
//! an hour (OpenCost specification, appendix A):
//!
//! ```text
//! p_ram = P / (g rho_g + c rho_c + m)      p_cpu = rho_c p_ram      p_gpu = rho_g p_ram
//! ```
//!
//! INVARIANT: each price is exact until its one rounding, half up at 10^-18, so that c p_cpu + m p_ram + g p_gpu is P up to
//! half a unit of each.

use tollgate_vocabulary::{MoneyError, Ratio, Rounding};

use super::column::Column;
use super::errors::Errors;
use super::field::{Fields, Names, number, plain};
use super::toml::{Table, Word};
use crate::{Problem, Row, Unit};

/// Base prices by which a node's price is split: what the embedded book has.
const BASE: [(&str, &str); 3] = [("cpu", "0.031611"), ("memory", "0.004237"), ("gpu", "0.95")];

/// Keys of a node that are columns of a price too.
const SHARED: [Column; 9] = [
    Column::Provider,
    Column::Region,
    Column::Zone,
    Column::Purchase,
    Column::Price,
    Column::Currency,
    Column::ValidFrom,
    Column::ValidUntil,
    Column::Source,
];
/// Keys of a node that say what it has.
const OWN: [&str; 4] = ["cpu", "memory", "gpu", "gpu_resource"];

/// What cores and GPUs cost, as a multiple of a GiB.
pub(super) struct Base {
    cpu: Ratio,
    gpu: Ratio,
}

/// What a node has.
#[derive(Clone, Copy)]
struct Parts {
    cpu: Ratio,
    memory: Ratio,
    gpu: Ratio,
}

impl Base {
    /// The base prices of a file: of `[base]`, and for what it does not say OpenCost's.
    pub(super) fn read(file: Table<'_>, errors: &mut Errors) -> Self {
        let written = file.named("base", errors);
        let words =
            written.and_then(|table| table.words(&BASE.map(|(key, _)| key), errors)).unwrap_or_default();
        let [cpu, memory, gpu] = BASE.map(|(key, default)| {
            let word = words.iter().find(|word| word.key == key);
            let value = plain(word.map_or(default, |word| &word.text)).and_then(number);
            match (value.and_then(|value| if value.is_zero() { Err(Problem::Zero) } else { Ok(value) }), word)
            {
                (Ok(value), _) => value,
                (Err(problem), word) => {
                    errors.add(word.map_or(1, |word| word.line), key, problem);
                    Ratio::ONE
                }
            }
        });
        let line = written.map_or(1, |table| table.line);
        let mut by_memory = |price: Ratio, key| match price.over(memory) {
            Ok(ratio) => ratio.unwrap_or(Ratio::ONE),
            Err(error) => {
                errors.add(line, key, error.into());
                Ratio::ONE
            }
        };
        Self { cpu: by_memory(cpu, "cpu"), gpu: by_memory(gpu, "gpu") }
    }

    /// How many GiB of memory a node is worth.
    fn weight(&self, parts: Parts) -> Result<Ratio, MoneyError> {
        self.gpu.times(parts.gpu)?.plus(self.cpu.times(parts.cpu)?)?.plus(parts.memory)
    }
}

/// The prices of a node: the node itself, and each of its parts that it has.
pub(super) fn rows(
    instance_type: &str,
    table: Table<'_>,
    base: &Base,
    names: &mut Names,
    errors: &mut Errors,
) -> Vec<Row> {
    let known: Vec<&str> = SHARED.into_iter().map(Column::word).chain(OWN).collect();
    let Some(words) = table.words(&known, errors) else { return Vec::new() };
    if instance_type.is_empty() {
        errors.add(table.line, Column::InstanceType.word(), Problem::MissingValue);
    }
    let mut fields = Fields::at(table.line);
    fields.set(Column::Resource, "instance", table.line);
    fields.set(Column::Unit, Unit::Hour.word(), table.line);
    fields.set(Column::InstanceType, instance_type, table.line);
    for word in &words {
        if let Some(column) = SHARED.into_iter().find(|column| column.word() == word.key) {
            fields.set(column, &word.text, word.line);
        }
    }
    let node = fields.row(names, errors);
    let parts = parts(table.line, &words, errors);
    let gpu = words.iter().find(|word| word.key == "gpu_resource");
    let gpu_resource = gpu.map_or("nvidia.com/gpu", |word| &word.text);
    if let (Some(word), false) = (gpu, gpu_resource.contains('/') && plain(gpu_resource).is_ok()) {
        let problem = Problem::Value {
            found: crate::error::shown(gpu_resource),
            expected: "an extended resource such as `nvidia.com/gpu`".to_owned(),
        };
        errors.add(word.line, "gpu_resource", problem);
        return Vec::new();
    }
    let (Some(node), Some(parts)) = (node, parts) else { return Vec::new() };
    if node.price.is_zero() {
        let price = words.iter().find(|word| word.key == Column::Price.word());
        errors.add(price.map_or(table.line, |word| word.line), "price", Problem::Zero);
        return Vec::new();
    }
    match split(&node, parts, base, gpu_resource, names) {
        Ok(rows) => rows,
        Err(problem) => {
            errors.add(node.place.line, None, problem);
            Vec::new()
        }
    }
}

fn parts(line: usize, words: &[Word<'_>], errors: &mut Errors) -> Option<Parts> {
    let mut part = |key: &str, default: Option<Ratio>| match words.iter().find(|word| word.key == key) {
        Some(word) => {
            plain(&word.text).and_then(number).map_err(|problem| errors.add(word.line, key, problem)).ok()
        }
        None => default.or_else(|| {
            errors.add(line, key, Problem::MissingValue);
            None
        }),
    };
    let (cpu, memory, gpu) = (part("cpu", None), part("memory", None), part("gpu", Some(Ratio::ZERO)));
    Some(Parts { cpu: cpu?, memory: memory?, gpu: gpu? })
}

fn split(
    node: &Row,
    parts: Parts,
    base: &Base,
    gpu_resource: &str,
    names: &mut Names,
) -> Result<Vec<Row>, Problem> {
    let weight = base.weight(parts)?;
    let source = names.of(format!("{} of a node for {} an hour", node.source, node.price).trim_start());
    let mut rows = vec![node.clone()];
    let shares = [
        ("cpu", Unit::CoreHour, parts.cpu, base.cpu),
        ("memory", Unit::GibHour, parts.memory, Ratio::ONE),
        (gpu_resource, Unit::GpuHour, parts.gpu, base.gpu),
    ];
    for (resource, unit, count, worth) in shares {
        if count.is_zero() {
            continue;
        }
        let share = worth.over(weight)?.ok_or(Problem::Zero)?;
        let mut row = node.clone();
        row.key.resource = names.of(resource);
        row.unit = unit;
        row.price = node.price.times(share, Rounding::HalfUp)?;
        row.source = source.clone();
        rows.push(row);
    }
    if rows.len() == 1 { Err(Problem::EmptyNode) } else { Ok(rows) }
}
