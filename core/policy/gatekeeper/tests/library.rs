//! Every policy of the Gatekeeper library is read as Gatekeeper reads it.

mod data;

use tollgate_gatekeeper::suite::Suite;
use tollgate_gatekeeper::{Document, Library, Source};
use tollgate_manifest::{Limits, Mask};

const FOLDER: &str = "gatekeeper-library/library";

fn documents() -> Option<Vec<Document>> {
    let (mask, limits) = (Mask::new([7; 32]), Limits::default());
    let files = data::files(FOLDER)?;
    let yaml = files.iter().filter(|(name, _)| name.ends_with(".yaml"));
    Some(yaml.flat_map(|(name, bytes)| Document::read(name, bytes, &mask, &limits).unwrap()).collect())
}

#[test]
fn every_template_and_constraint_of_the_library_loads() {
    let Some(documents) = documents() else { return };
    let mut templates = 0;
    let mut constraints = 0;
    for template in documents.iter().filter(|document| document.kind().2 == "ConstraintTemplate") {
        templates += 1;
        let folder = template.file.rsplit_once('/').unwrap().0;
        let mine = |document: &&Document| {
            document.file.starts_with(folder) && document.kind().0.starts_with("constraints.")
        };
        // Samples share names, as they are never in one cluster: each on its own.
        for constraint in documents.iter().filter(mine) {
            let both = [template.clone(), constraint.clone()];
            let (library, hints) = Library::load(&both).unwrap_or_else(|problems| panic!("{problems:#?}"));
            assert_eq!(hints, [], "{}", constraint.file);
            constraints += library.constraints.len();
        }
    }
    assert_eq!((templates, constraints), (26, 38));
}

#[test]
fn every_suite_of_the_library_is_read_with_all_its_cases() {
    let Some(documents) = documents() else { return };
    let suites: Vec<Suite> = documents
        .iter()
        .filter(|document| Suite::is_one(document))
        .map(|suite| Suite::read(suite).unwrap())
        .collect();
    let cases: Vec<_> = suites.iter().flat_map(|suite| &suite.tests).flat_map(|test| &test.cases).collect();
    assert_eq!((suites.len(), cases.len()), (26, 143));
    assert!(cases.iter().all(|case| !case.assertions.is_empty() && case.object.is_some()));
    assert_eq!(
        suites.iter().flat_map(|suite| &suite.hints).collect::<Vec<_>>(),
        Vec::<&tollgate_gatekeeper::Problem>::new()
    );
}

/// The map from the module's lines to the file's is right where the file has the module's text at each place.
#[test]
fn every_line_of_rego_is_found_in_its_file() {
    let Some(documents) = documents() else { return };
    let mut lines = 0;
    for document in documents.iter().filter(|document| document.kind().2 == "ConstraintTemplate") {
        let (library, _) = Library::load(std::slice::from_ref(document)).unwrap();
        let template = library.templates.values().next().unwrap();
        for source in template.libs.iter().chain([&template.rego]) {
            lines += source.text.lines().count();
            check_lines(source, &document.text);
        }
    }
    assert!(lines > 1_000, "{lines}");
}

fn check_lines(source: &Source, file: &str) {
    let file: Vec<&str> = file.lines().collect();
    for (number, line) in (1..).zip(source.text.lines()) {
        let place = source.place(number, 1);
        let there = file[place.line - 1].get(place.column - 1..).unwrap_or_default();
        assert_eq!(there, line, "{place} {}", source.path);
    }
}
