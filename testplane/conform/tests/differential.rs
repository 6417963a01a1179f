//! Generated policies, answered by our engine and by OPA itself.

use std::path::Path;

use tollgate_conform::differential::{Listed, Oracle, policy, run};

/// Whether OPA can be asked; where not, it is said loudly, and is an error where nothing may be left out.
fn oracle() -> bool {
    match Oracle::find() {
        Ok(_) => true,
        Err(error) if std::env::var_os("CI").is_some_and(|ci| ci == "true") => panic!("{error}"),
        Err(error) => {
            eprintln!("SKIPPED: {error}");
            false
        }
    }
}

#[test]
fn two_thousand_generated_pairs_are_answered_as_opa_answers_them() {
    if !oracle() {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/rego/differences.tsv");
    let listed = Listed::read(&std::fs::read_to_string(path).unwrap()).unwrap();
    let tally = run(2_000, 0, &listed).unwrap();
    println!("{tally}");
    assert!(tally.unknown() == 0, "{tally}");
    // Where nearly nothing is compared, nothing is proved.
    assert!(tally.equal > 1_500, "{tally}");
}

#[test]
fn a_seed_gives_the_same_policy_always() {
    assert_eq!(policy(7).to_string(), policy(7).to_string());
    assert_ne!(policy(7).to_string(), policy(8).to_string());
}
