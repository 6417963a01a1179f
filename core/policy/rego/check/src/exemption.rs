//! Checks turned down in the file: `# tollgate:allow <code> <reason>`.
//!
//! A comment of its own line speaks for the next line that is no comment, above `package` for the whole file; one behind
//! a condition speaks for its own line. What has no meaning in Rego cannot be allowed; an exemption that names no known check, gives no reason, or finds nothing
//! to turn down is a warning itself.

use std::collections::BTreeMap;

use tollgate_rego_syntax::tree::{Comment, Module, Span};

use crate::code::{self, CODES};
use crate::problem::Problem;

/// What a comment begins with.
const MARK: &str = "tollgate:allow";

/// Problems with those that are allowed taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// what is left, exemptions that are wrong or unneeded among it
    pub problems: Vec<Problem>,
    /// what was turned down, and why
    pub exempted: Vec<(Problem, String)>,
}

struct Exemption<'t> {
    span: Span,
    reason: &'t str,
    used: bool,
}

/// By line and check.
type Exemptions<'t> = BTreeMap<(usize, &'static str), Exemption<'t>>;

/// Turns down what the files' comments allow. `texts` are the files' texts, in the order of `modules`.
pub(crate) fn apply(texts: &[&str], modules: &[Module], problems: Vec<Problem>) -> Allowed {
    let mut allowed = Allowed::default();
    // Lines, the line of `package`, and what is allowed.
    let mut files: Vec<(Lines, usize, Exemptions<'_>)> = Vec::new();
    for (file, (text, module)) in texts.iter().zip(modules).enumerate() {
        let lines = Lines::of(text);
        let mut exemptions = BTreeMap::new();
        for comment in &module.comments {
            match read(comment, &lines) {
                Some(Ok((at, exemption))) => {
                    if let Some(twice) = exemptions.insert(at, exemption) {
                        allowed.problems.push(unneeded(file, at.1, twice.span));
                    }
                }
                Some(Err((message, remedy))) => {
                    let problem = Problem::new(file, comment.span, "unknown-exemption", message);
                    allowed.problems.push(problem.mended_by(remedy));
                }
                None => {}
            }
        }
        let package = lines.line(module.package_span.start);
        files.push((lines, package, exemptions));
    }
    for problem in problems {
        let exemption = files.get_mut(problem.file).and_then(|(lines, package, exemptions)| {
            let here = (lines.line(problem.span.start), problem.code);
            let at = if exemptions.contains_key(&here) { here } else { (*package, problem.code) };
            exemptions.get_mut(&at)
        });
        match exemption {
            Some(exemption) => {
                exemption.used = true;
                allowed.exempted.push((problem, exemption.reason.to_owned()));
            }
            None => allowed.problems.push(problem),
        }
    }
    for (file, (_, _, exemptions)) in files.iter().enumerate() {
        let unused = exemptions.iter().filter(|(_, exemption)| !exemption.used);
        allowed.problems.extend(unused.map(|((_, code), exemption)| unneeded(file, code, exemption.span)));
    }
    allowed
}

fn unneeded(file: usize, code: &str, span: Span) -> Problem {
    let message = format!("`{code}` is not found here: this exemption turns nothing down");
    Problem::new(file, span, "unneeded-exemption", message).mended_by("take it out")
}

/// Line and check, and the exemption; or what is wrong with it, and how to mend it.
type Read<'t> = Option<Result<((usize, &'static str), Exemption<'t>), (String, String)>>;

fn read<'t>(comment: &'t Comment, lines: &Lines) -> Read<'t> {
    let rest = comment.text.trim_start().strip_prefix(MARK)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let wrong = |message: String, remedy: &str| Some(Err((message, remedy.to_owned())));
    let form = "write `# tollgate:allow <code> <reason>`";
    let (word, reason) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let word = word.trim_end_matches(':');
    let Some(code) = code::of(word) else {
        let meant = tollgate_schema::did_you_mean(word, CODES.iter().map(|code| code.word));
        let remedy = meant.map_or_else(|| form.to_owned(), |meant| format!("did you mean `{meant}`?"));
        let message = if word.is_empty() {
            "this exemption names no check".to_owned()
        } else {
            format!("there is no check `{word}`")
        };
        return Some(Err((message, remedy)));
    };
    if !code.optional {
        return wrong(
            format!("`{word}` cannot be turned down: without it the file has no meaning"),
            "mend what it reports",
        );
    }
    let reason = reason.trim().trim_start_matches([':', '-']).trim();
    if reason.is_empty() {
        return wrong(format!("this exemption from `{word}` gives no reason"), form);
    }
    let own = lines.line(comment.span.start);
    let line = if comment.own_line { lines.code_below(own) } else { own };
    Some(Ok(((line, code.word), Exemption { span: comment.span, reason, used: false })))
}

/// Where the lines of a text begin, and for each the next one that is neither empty nor a comment, itself included.
struct Lines {
    starts: Vec<usize>,
    code: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let (mut starts, mut is_code, mut start) = (Vec::new(), Vec::new(), 0_usize);
        for line in text.split_inclusive('\n') {
            starts.push(start);
            let content = line.trim();
            is_code.push(!content.is_empty() && !content.starts_with('#'));
            start = start.saturating_add(line.len());
        }
        let mut next = is_code.len();
        let mut code: Vec<usize> = Vec::with_capacity(is_code.len());
        for (at, is_code) in is_code.iter().enumerate().rev() {
            next = if *is_code { at } else { next };
            code.push(next);
        }
        code.reverse();
        Self { starts, code }
    }

    fn line(&self, byte: u32) -> usize {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    fn code_below(&self, line: usize) -> usize {
        self.code.get(line.saturating_add(1)).copied().unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests;
