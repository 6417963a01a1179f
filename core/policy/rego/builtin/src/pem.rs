//! PEM blocks, found as Go finds them: what stands around them is skipped, and so are blocks that are broken.

use crate::base64_text::{Alphabet, read};

/// A block between a `BEGIN` and an `END` line.
pub(crate) struct Block {
    /// such as `CERTIFICATE`
    pub(crate) label: String,
    pub(crate) bytes: Vec<u8>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The first block of `text`, and what stands behind it.
pub(crate) fn first(text: &str) -> Option<(Block, &str)> {
    let mut open: Option<Open> = None;
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        let line = line.trim_end_matches([' ', '\t', '\r']);
        if let Some(label) = line.strip_prefix(BEGIN) {
            // A BEGIN without an END is forgotten.
            open = label.strip_suffix(DASHES).map(Open::new);
        } else if let Some(label) = line.strip_prefix(END) {
            let block = open.take().filter(|open| label.strip_suffix(DASHES) == Some(&open.label));
            if let Some(block) = block.and_then(Open::close) {
                return Some((block, rest));
            }
        } else if let Some(open) = &mut open {
            open.line(line);
        }
    }
    None
}

/// A block whose end is not read yet.
struct Open {
    label: String,
    body: Vec<u8>,
}

impl Open {
    fn new(label: &str) -> Self {
        Self { label: label.to_owned(), body: Vec::new() }
    }

    fn line(&mut self, line: &str) {
        // Headers stand before the body.
        if self.body.is_empty() && line.contains(':') {
            return;
        }
        self.body.extend(line.bytes().filter(|byte| !matches!(byte, b' ' | b'\t')));
        self.body.push(b'\n');
    }

    fn close(self) -> Option<Block> {
        let bytes = read(&self.body, Alphabet::Standard).ok()?;
        Some(Block { label: self.label, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_block_is_skipped() {
        let text = "x\n-----BEGIN A-----\n-----BEGIN B-----\nK: v\n\nZm9v\r\nYg==\n-----END B-----\nrest";
        let (block, rest) = first(text).expect("a block");
        assert_eq!((block.label.as_str(), block.bytes.as_slice(), rest), ("B", b"foob".as_slice(), "rest"));
        assert!(first("-----BEGIN A-----\n!\n-----END A-----\n").is_none());
        assert!(first("-----BEGIN A-----\nZg==\n-----END B-----\n").is_none());
    }
}
