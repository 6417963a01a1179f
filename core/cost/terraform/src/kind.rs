//! Types of resources as data: which parts they have, what is used of them without a bound.
//!
//! ```text
//! aws.rs, azure.rs, google.rs: tables of Kind ──by type──> parts, then what is irregular ──> Sheet
//! ```

use crate::item::{Item, Range};
use crate::link::Scales;
use crate::sheet::Sheet;
use crate::{aws, azure, google};

/// A type of resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) cloud: &'static str,
    parts: &'static [Part],
    more: Option<fn(&mut Sheet<'_>)>,
    /// uses without a bound, named as usage files of Infracost name them
    usage: &'static [&'static str],
    pub(crate) scales: Option<Scales>,
}

/// A part that every resource of a type has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    resource: &'static str,
    class: Option<Class>,
    instance_type: Option<&'static str>,
    count: Option<(&'static str, u64)>,
    gib: Option<&'static str>,
}

/// Where a class is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Class {
    /// nowhere: it is always this
    Is(&'static str),
    /// in this field, which must be known
    Field(&'static str),
    /// in this field; the second where it is not set
    Or(&'static str, &'static str),
}

/// The type of that name, where something is known about its price.
pub(crate) fn of(name: &str) -> Option<&'static Kind> {
    let table = match name.split('_').next()? {
        "aws" => aws::TYPES,
        "azurerm" => azure::TYPES,
        "google" => google::TYPES,
        _ => return None,
    };
    table.iter().find(|kind| kind.name == name)
}

/// All types whose price is known, in the order of the clouds and then as they are listed; without those that only
/// others refer to.
pub fn priced_types() -> impl Iterator<Item = &'static str> {
    let tables = [aws::TYPES, azure::TYPES, google::TYPES].into_iter().flatten();
    tables.filter(|kind| !kind.is_free()).map(|kind| kind.name)
}

impl Kind {
    /// A type without anything that costs.
    pub(crate) const fn new(name: &'static str, cloud: &'static str) -> Self {
        Self { name, cloud, parts: &[], more: None, usage: &[], scales: None }
    }

    pub(crate) const fn parts(mut self, parts: &'static [Part]) -> Self {
        self.parts = parts;
        self
    }

    /// What its parts do not say.
    pub(crate) const fn more(mut self, more: fn(&mut Sheet<'_>)) -> Self {
        self.more = Some(more);
        self
    }

    pub(crate) const fn usage(mut self, usage: &'static [&'static str]) -> Self {
        self.usage = usage;
        self
    }

    pub(crate) const fn scales(mut self, target: &'static str, types: &'static [&'static str]) -> Self {
        self.scales = Some(Scales { target, types });
        self.more = Some(scaler);
        self
    }

    /// Whether it costs nothing itself.
    pub(crate) const fn is_free(&self) -> bool {
        self.parts.is_empty() && self.more.is_none() && self.usage.is_empty()
    }

    /// Fields that say where it lies.
    pub(crate) fn location(&self) -> &'static [&'static str] {
        match self.cloud {
            "azure" => &["location"],
            "gcp" => &["zone", "location", "region"],
            _ => &["region"],
        }
    }

    /// Writes down what it takes.
    pub(crate) fn fill(&self, sheet: &mut Sheet<'_>) {
        for part in self.parts {
            part.fill(sheet);
        }
        if let Some(more) = self.more {
            more(sheet);
        }
        for usage in self.usage {
            sheet.unbounded(usage);
        }
    }
}

/// A scaler costs nothing where what it scales is in the plan, and is counted there.
fn scaler(sheet: &mut Sheet<'_>) {
    let target = of(&sheet.view.change.kind).and_then(|kind| kind.scales).map(|scales| scales.target);
    if let (Some(target), false) = (target, sheet.scales()) {
        let path = sheet.view.path(target);
        sheet.gap::<()>(path, crate::Why::NotFound);
    }
}

impl Part {
    /// One of `resource`, by the hour or month.
    pub(crate) const fn of(resource: &'static str) -> Self {
        Self { resource, class: None, instance_type: None, count: None, gib: None }
    }

    pub(crate) const fn class(mut self, class: Class) -> Self {
        self.class = Some(class);
        self
    }

    pub(crate) const fn instance_type(mut self, field: &'static str) -> Self {
        self.instance_type = Some(field);
        self
    }

    /// As many as the field says; so many where it is not set.
    pub(crate) const fn count(mut self, field: &'static str, default: u64) -> Self {
        self.count = Some((field, default));
        self
    }

    /// Counted in GiB.
    pub(crate) const fn gib(mut self, field: &'static str) -> Self {
        self.gib = Some(field);
        self
    }

    fn fill(&self, sheet: &mut Sheet<'_>) {
        if let Some(item) = self.item(sheet) {
            sheet.put(item);
        }
    }

    fn item(&self, sheet: &mut Sheet<'_>) -> Option<Item> {
        let mut item = Item::of(self.resource);
        // Each field is looked at even where another is unknown, so that all of them are listed.
        let class = self.class.map(|class| match class {
            Class::Is(word) => Some(crate::view::Field::fixed(word.into())),
            Class::Field(field) => sheet.need(sheet.view.text(field)),
            Class::Or(field, default) => Some(sheet.text_or(field, default)),
        });
        let instance_type = self.instance_type.map(|field| sheet.need(sheet.view.text(field)));
        let count = self.count.map(|(field, default)| sheet.number_or(field, default));
        let gib = self.gib.map(|field| sheet.need(sheet.view.number(field)));
        if let Some(class) = class {
            item = item.class(class?);
        }
        if let Some(instance_type) = instance_type {
            item = item.instance_type(instance_type?);
        }
        if let Some(count) = &count {
            item = item.count(count);
        }
        if let Some(gib) = gib {
            item = item.gib(Range::from(gib?));
        }
        Some(item)
    }
}
