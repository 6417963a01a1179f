//! YAML as kubectl reads it, with spans.
//!
//! ```text
//! text ──> check characters ──> cut at `---` lines ──> saphyr-parser events ──> Loader ──> Value + SpanTree + doubts
//! ```
//!
//! kubectl reads YAML 1.1 in parts and by its own rules; other programs read YAML 1.2. Whatever the two take
//! differently is a doubt, and the value is what kubectl sees. What kubectl refuses altogether is a doubt where a
//! value is still at hand, else an error.

mod loader;
mod node;
mod source;
mod style;

use tollgate_vocabulary::Value;

use crate::doubt::Notes;
use crate::json::too_many_documents;
use crate::{Limits, Position, ReadError, SpanTree, looks_like_template};
use loader::Loader;
use source::Chunk;

/// Bytes that may be parsed again because of tabs.
const AGAIN: usize = 32 << 20;

type Loaded = (Value, SpanTree, Notes);

/// One document of a file that holds something.
pub(crate) struct Document {
    /// its number in the file, from 0, empty documents counted
    pub(crate) number: usize,
    pub(crate) value: Value,
    pub(crate) tree: SpanTree,
    pub(crate) notes: Notes,
}

/// Reads all documents of a file.
///
/// # Errors
/// Characters that YAML cannot hold, syntax, limits; each with its place.
pub(crate) fn documents(text: &str, limits: &Limits) -> Result<Vec<Document>, ReadError> {
    let (text, start) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (rest, Position { offset: '\u{feff}'.len_utf8(), ..Position::START }),
        None => (text, Position::START),
    };
    source::check(text)?;
    let chunks = source::cut(text, start)?;
    if let Some(extra) = chunks.get(limits.documents) {
        return Err(too_many_documents(limits, extra.start));
    }
    let mut nodes = limits.nodes;
    let mut documents = Vec::new();
    for (number, chunk) in chunks.iter().enumerate() {
        if let Some(offset) = style::directive(chunk.text) {
            let position = chunk.start.past(chunk.text.get(..offset).unwrap_or_default());
            return Err(
                ReadError::new("kubectl reads no YAML directives", position).remedy("remove the `%` line")
            );
        }
        if let Some((value, tree, notes)) =
            document(chunk, limits, &mut nodes).map_err(|error| rendered(error, chunk.text))?
        {
            documents.push(Document { number, value, tree, notes });
        }
    }
    Ok(documents)
}

/// Says of a template that it is one.
fn rendered(error: ReadError, text: &str) -> ReadError {
    if error.remedy.is_none() && looks_like_template(text.as_bytes()) {
        error.remedy("this looks like a template; render first: `kustomize build x | tollgate check -`")
    } else {
        error
    }
}

/// Reads one document. Where the parser refuses a tab behind `:`, which YAML and kubectl allow, it is given a blank
/// in its place and reads again: as often as that costs no more than reading a long file once.
fn document(chunk: &Chunk<'_>, limits: &Limits, nodes: &mut usize) -> Result<Option<Loaded>, ReadError> {
    let mut mended: Option<String> = None;
    let mut work = 0;
    loop {
        let mut left = *nodes;
        let text = mended.as_deref().unwrap_or(chunk.text);
        let mut loader = Loader::new(chunk, text, limits, &mut left);
        let loaded = loader.document();
        work += text.len();
        match (loaded, loader.refused_tab) {
            (Err(error), Some(tab)) if work > AGAIN => {
                return Err(
                    ReadError { position: tab, ..error }.remedy("write a blank behind `:`, not a tab")
                );
            }
            (Err(error), Some(tab)) => {
                let before = chunk.before(tab).len();
                let blanks = before - chunk.before(tab).trim_end_matches([' ', '\t']).len();
                let mut text = text.to_owned();
                if !text.get(before - blanks..before).is_some_and(|blanks| blanks.contains('\t')) {
                    return Err(error);
                }
                text.replace_range(before - blanks..before, &" ".repeat(blanks));
                mended = Some(text);
            }
            (loaded, _) => {
                *nodes = left;
                return loaded;
            }
        }
    }
}

#[cfg(test)]
mod tests;
