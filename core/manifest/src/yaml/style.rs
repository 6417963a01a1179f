//! Spellings within scalars that YAML 1.1 and 1.2 readers take differently, found in the source text.

/// The first escape in a double-quoted scalar that kubectl's reader does not know as YAML 1.2 does: `\/` is an error
/// to it, `\'` a quote, half a surrogate pair an error.
pub(super) fn foreign_escape(source: &str) -> Option<&str> {
    let mut rest = source;
    while let Some(at) = rest.find('\\') {
        let escape = rest.get(at..)?;
        let mut letters = escape.char_indices().skip(1);
        let (_, letter) = letters.next()?;
        let digits = |count: usize| escape.get(..2 + count);
        match letter {
            '/' | '\'' => return escape.get(..2),
            'u' if digits(4).is_some_and(|all| surrogate(all.get(2..).unwrap_or_default())) => {
                return escape.get(..2);
            }
            'U' if digits(8).is_some_and(|all| surrogate(all.get(2..).unwrap_or_default())) => {
                return escape.get(..2);
            }
            _ => {}
        }
        rest = letters.next().and_then(|(next, _)| escape.get(next..)).unwrap_or_default();
    }
    None
}

fn surrogate(digits: &str) -> bool {
    u32::from_str_radix(digits, 16).is_ok_and(|number| (0xd800..=0xdfff).contains(&number))
}

/// Whether a tab stands where a block scalar is indented: kubectl's reader refuses it, YAML 1.2 takes it for text.
/// `before` is the document up to the scalar's first character, `source` the scalar itself, `indent` its first
/// line's indentation.
pub(super) fn tab_in_indentation(before: &str, source: &str, indent: usize) -> bool {
    let header_end = before.trim_end().len();
    let (head, blank) = before.split_at_checked(header_end).unwrap_or((before, ""));
    let header = head.rsplit('\n').next().unwrap_or_default().split(" #").next().unwrap_or_default();
    let indicators = header.rfind(['|', '>']).and_then(|at| header.get(at..)).unwrap_or_default();
    let explicit = indicators.bytes().any(|byte| byte.is_ascii_digit());
    let below = source.lines().skip(1).any(|line| {
        let text = line.trim_start_matches(' ');
        line.len() - text.len() < indent && text.starts_with('\t')
    });
    blank.contains('\t') || below || (!explicit && source.starts_with('\t'))
}

/// Where in its source the scalar itself stands, without anchor, tag, comments before it, and what follows its
/// closing quote.
pub(super) fn bounds(source: &str, quote: Option<char>) -> (usize, usize) {
    let mut rest = source.trim_start();
    loop {
        let end = match rest.chars().next() {
            Some('&' | '!') => rest.find([' ', '\t', '\n', '\r']),
            Some('#') => rest.find('\n'),
            _ => break,
        };
        let Some(below) = end.and_then(|end| rest.get(end..)) else { break };
        rest = below.trim_start();
    }
    let start = source.len() - rest.len();
    let Some(quote) = quote else { return (start, source.trim_end().len().max(start)) };
    let mut inside = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = inside.next() {
        let doubled = quote == '\'' && inside.peek().is_some_and(|(_, next)| *next == quote);
        if (quote == '"' && character == '\\') || (character == quote && doubled) {
            inside.next();
        } else if character == quote {
            return (start, start + at + 1);
        }
    }
    (start, source.len())
}

/// Where the text of a block scalar begins, if its source begins with anchor or tag.
pub(super) fn below_header(source: &str) -> usize {
    let header = bounds(source, None).0;
    let rest = source.get(header..).and_then(|rest| rest.split_once('\n')).map_or("", |(_, below)| below);
    source.len() - rest.trim_start_matches([' ', '\r', '\n']).len()
}

/// Whether what follows an empty value is the `,`, `]` or `}` of a flow collection.
pub(super) fn in_flow(after: &str) -> bool {
    let mut rest = after.trim_start();
    rest = rest.strip_prefix(':').unwrap_or(rest).trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, below)| below).trim_start();
    }
    rest.starts_with([',', ']', '}'])
}

/// Whether the document begins with a directive.
pub(super) fn directive(text: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('%') {
            return Some(offset);
        }
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            return None;
        }
        offset += line.len();
    }
    None
}
