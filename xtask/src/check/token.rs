//! Rust source as words and signs: enough to find `mod`, attributes and strings, and never to be fooled by a comment
//! or a string. Not a parser: what does not compile is the compiler's to say.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Word(String),
    /// The text of a string literal, escapes untouched.
    Text(String),
    Sign(char),
}

impl Token {
    pub(crate) fn is(&self, sign: char) -> bool {
        *self == Token::Sign(sign)
    }

    pub(crate) fn word(&self) -> Option<&str> {
        match self {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Cuts source text into tokens; comments, numbers' shapes and white space are dropped.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        if c == '/' && next == Some('/') {
            at = line_end(&chars, at);
        } else if c == '/' && next == Some('*') {
            at = comment_end(&chars, at);
        } else if let Some((text, end)) = raw_string(&chars, at) {
            tokens.push(Token::Text(text));
            at = end;
        } else if c == '"' {
            let end = quote_end(&chars, at + 1, '"');
            tokens.push(Token::Text(chars[at + 1..end.max(at + 2) - 1].iter().collect()));
            at = end;
        } else if c == '\'' {
            at = after_apostrophe(&chars, at);
        } else if c.is_alphanumeric() || c == '_' {
            let end = word_end(&chars, at);
            tokens.push(Token::Word(chars[at..end].iter().collect()));
            at = end;
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Sign(c));
            }
            at += 1;
        }
    }
    tokens
}

fn line_end(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '\n' {
        at += 1;
    }
    at
}

/// The end of a block comment; they nest.
fn comment_end(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// `r"..."`, `br#"..."#` and their kin at this place: their text and end.
fn raw_string(chars: &[char], at: usize) -> Option<(String, usize)> {
    let mut open = at;
    while matches!(chars.get(open), Some('b' | 'c' | 'r')) && open < at + 2 {
        open += 1;
    }
    if open == at || chars[open - 1] != 'r' {
        return None;
    }
    let hashes = chars[open..].iter().take_while(|&&c| c == '#').count();
    open += hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let mut end = open + 1;
    while end < chars.len() {
        let closed = chars[end] == '"'
            && chars[end + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes;
        if closed {
            return Some((chars[open + 1..end].iter().collect(), end + 1 + hashes));
        }
        end += 1;
    }
    None
}

/// The place after the closing quote, or the end of the source.
fn quote_end(chars: &[char], mut at: usize, quote: char) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// Steps over a character literal, or over the apostrophe of a lifetime.
fn after_apostrophe(chars: &[char], at: usize) -> usize {
    let literal = chars.get(at + 1) == Some(&'\\') || chars.get(at + 2) == Some(&'\'');
    if literal { quote_end(chars, at + 1, '\'') } else { at + 1 }
}

fn word_end(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        tokens(source).iter().filter_map(|token| token.word().map(str::to_owned)).collect()
    }

    #[test]
    fn comments_strings_and_characters_hide_their_words() {
        let source = "/* mod a; /* nested */ mod b; */ mod c; // mod d;\nlet x = (\"mod \\\" e;\", '\"', b'\\'', r#\"mod \"f\"#);";
        assert_eq!(words(source), ["mod", "c", "let", "x", "b"]);
    }

    #[test]
    fn lifetimes_are_not_characters() {
        assert_eq!(words("fn f<'a>(x: &'a str) { mod g; }"), ["fn", "f", "a", "x", "a", "str", "mod", "g"]);
    }

    #[test]
    fn the_text_of_strings_is_kept() {
        let texts: Vec<_> = tokens(r##"#[path = "a/b.rs"] r#"c"# """##).into_iter().collect();
        assert!(texts.contains(&Token::Text("a/b.rs".into())));
        assert!(texts.contains(&Token::Text("c".into())));
        assert!(texts.contains(&Token::Text(String::new())));
    }

    #[test]
    fn half_a_string_ends_with_the_file() {
        assert_eq!(tokens("\"abc\\").len(), 1);
        assert_eq!(tokens("\"").len(), 1);
    }
}
