//! The reference of the command line, written by the program itself: `tollgate reference` -> docs/reference/cli.md.

use std::fs;
use std::path::Path;

use crate::metadata;
use crate::step::{self, Done, Failure};

const PAGE: &str = "docs/reference/cli.md";

/// Writes the page, or with `--check` compares it with what would be written.
pub(crate) fn run(flags: &[&str]) -> Done {
    if let Some(unknown) = flags.iter().find(|flag| !["--check", "--built"].contains(flag)) {
        return Err(Failure::usage(format!("docs: unknown flag `{unknown}`")));
    }
    if !flags.contains(&"--built") {
        step::run(step::cargo().args(["build", "--quiet", "--locked", "--package", "tollgate"]))?;
    }
    let binary = metadata::read("Cargo.toml")?.target.join("debug/tollgate");
    let written = step::output(step::program(&binary).arg("reference").env_remove("NO_COLOR"))?;
    let page = step::root().join(PAGE);
    if !flags.contains(&"--check") {
        return write(&page, &written);
    }
    let kept = fs::read_to_string(&page)
        .map_err(|error| Failure::new(format!("could not read `{PAGE}`: {error}")))?;
    match first_difference(&kept, &written) {
        None => {
            println!("docs: {PAGE} is in step");
            Ok(())
        }
        Some(line) => Err(Failure::new(format!(
            "`{PAGE}` is out of step with `tollgate reference` from line {line} on; run `cargo xtask docs` and commit it"
        ))),
    }
}

fn write(page: &Path, text: &str) -> Done {
    let failed = |error| Failure::new(format!("could not write `{PAGE}`: {error}"));
    fs::create_dir_all(page.parent().unwrap_or(page)).map_err(failed)?;
    fs::write(page, text).map_err(failed)?;
    println!("docs: wrote {PAGE}");
    Ok(())
}

/// The number of the first line that differs, if any does.
fn first_difference(kept: &str, written: &str) -> Option<usize> {
    if kept == written {
        return None;
    }
    let same = kept.lines().zip(written.lines()).take_while(|(a, b)| a == b).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\nb", "a\nb\n"), Some(3));
    }
}
