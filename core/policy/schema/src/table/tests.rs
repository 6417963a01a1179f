//! The table reads as it is meant.

use super::*;

fn text_of(of: &Type) -> bool {
    match of {
        Type::Any => false,
        Type::List { item, .. } => text_of(item),
        Type::Map(item) => text_of(item),
        _ => true,
    }
}

#[test]
fn every_line_of_the_table_reads() {
    let lines =
        || [KUBERNETES, ADMISSION].into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#'));
    let fields = lines().filter(|line| line.starts_with(' '));
    let any = lines().filter(|line| line.ends_with('*')).count();
    assert_eq!(table().definitions.len(), lines().filter(|line| !line.starts_with(' ')).count());
    let read = || table().definitions.iter().flat_map(|definition| &definition.fields);
    assert_eq!(read().count(), fields.count());
    assert_eq!(read().filter(|field| !text_of(&field.of)).count(), any, "only `*` is any value");
}

#[test]
fn names_and_fields_are_there_once() {
    assert!(table().names.is_sorted_by(|a, b| a.0 < b.0));
    for definition in &table().definitions {
        assert!(definition.fields.is_sorted_by(|a, b| a.name < b.name), "{}", definition.name);
    }
    assert!(table().kinds.is_sorted_by(|a, b| (a.kind, a.api_version) < (b.kind, b.api_version)));
}
