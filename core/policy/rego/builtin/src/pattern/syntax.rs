//! Go's regular expressions in the syntax of the `regex` crate. Both are RE2's children and match alike; they differ
//! in what they read: here `\d`, `\w`, `\s` and `\b` are ASCII, `[` and `&&` in a class stand for themselves, `{` that
//! is no repetition is a letter, and `\Q..\E` quotes.

use crate::Error;

/// The same expression for the `regex` crate.
pub(super) fn translate(pattern: &str) -> Result<String, Error> {
    let mut translator = Translator { rest: pattern, out: String::with_capacity(pattern.len()) };
    translator.run()?;
    Ok(translator.out)
}

struct Translator<'p> {
    rest: &'p str,
    out: String,
}

/// One part of a class.
enum Part {
    Letter(u32),
    Class(String),
}

impl<'p> Translator<'p> {
    fn wrong<T>(&self, what: &str, expression: &str) -> Result<T, Error> {
        Err(Error::Failed(format!("error parsing regexp: {what}: `{expression}`")))
    }

    /// What was read since `before`.
    fn read(&self, before: &'p str) -> &'p str {
        before.get(..before.len().saturating_sub(self.rest.len())).unwrap_or_default()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = self.rest.get(letter.len_utf8()..).unwrap_or_default();
        Some(letter)
    }

    fn eat(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn run(&mut self) -> Result<(), Error> {
        let whole = self.rest;
        let mut repeated: Option<&'p str> = None;
        let (mut open, mut is_first) = (0_usize, true);
        loop {
            let before = self.rest;
            let Some(letter) = self.next() else {
                return if open > 0 { self.wrong("missing closing )", whole) } else { Ok(()) };
            };
            let repetition = match letter {
                '*' | '+' | '?' => Some(letter.to_string()),
                '{' => self.counts(before)?,
                _ => None,
            };
            if let Some(repetition) = repetition {
                self.out.push_str(&repetition);
                if self.eat("?") {
                    self.out.push('?');
                }
                if is_first {
                    return self.wrong("missing argument to repetition operator", self.read(before));
                }
                if let Some(first) = repeated {
                    return self.wrong("invalid nested repetition operator", self.read(first));
                }
                repeated = Some(before);
                continue;
            }
            repeated = None;
            is_first = matches!(letter, '(' | '|');
            match letter {
                '(' => {
                    if self.group(before)? {
                        open = open.saturating_add(1);
                    }
                }
                ')' => {
                    let Some(outer) = open.checked_sub(1) else { return self.wrong("unexpected )", whole) };
                    open = outer;
                    self.out.push(')');
                }
                '[' => self.class(before)?,
                '\\' => self.escape(before)?,
                '|' | '^' | '$' | '.' => self.out.push(letter),
                literal => self.literal(u32::from(literal)),
            }
        }
    }

    /// A letter that stands for itself.
    fn literal(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(letter) if letter.is_ascii_alphanumeric() || !letter.is_ascii() => self.out.push(letter),
            Some(_) => self.out.push_str(&format!("\\x{{{code:x}}}")),
            // Half a surrogate pair: no text has it.
            None => self.out.push_str("[^\\x{0}-\\x{10ffff}]"),
        }
    }

    /// `{n}`, `{n,}`, `{n,m}` behind their `{`; nothing where it is none and the brace a letter.
    fn counts(&mut self, before: &'p str) -> Result<Option<String>, Error> {
        let Some((inner, rest)) = self.rest.split_once('}') else { return Ok(None) };
        let (least, most) = inner.split_once(',').map_or((inner, None), |(least, most)| (least, Some(most)));
        let is_number = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|digit| digit.is_ascii_digit())
                && (text == "0" || !text.starts_with('0'))
        };
        if !is_number(least) || !most.is_none_or(|most| most.is_empty() || is_number(most)) {
            return Ok(None);
        }
        self.rest = rest;
        let count = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
        let least = count(least);
        let most = most.filter(|most| !most.is_empty()).map(count);
        if least > 1000 || most.is_some_and(|most| most > 1000 || most < least) {
            return self.wrong("invalid repeat count", self.read(before));
        }
        Ok(Some(format!("{{{inner}}}")))
    }

    /// What follows `(`: a name, flags, or nothing of that kind. Whether it opens a group.
    fn group(&mut self, before: &'p str) -> Result<bool, Error> {
        if !self.eat("?") {
            self.out.push('(');
            return Ok(true);
        }
        if self.eat("P<") || self.eat("<") {
            let Some((name, rest)) = self.rest.split_once('>') else {
                return self.wrong("invalid named capture", before);
            };
            self.rest = rest;
            let fine = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
            if name.is_empty() || !name.chars().all(fine) {
                return self.wrong("invalid named capture", self.read(before));
            }
            self.out.push_str(&format!("(?P<{}>", group_name(name)));
            return Ok(true);
        }
        let (mut flags, mut negative, mut any) = (String::new(), false, false);
        loop {
            match self.next() {
                Some(flag @ ('i' | 'm' | 's' | 'U')) => {
                    any = true;
                    // A flag said twice is an error elsewhere.
                    if !flags.contains(flag) {
                        flags.push(flag);
                    }
                }
                Some('-') if !negative => {
                    (negative, any) = (true, false);
                    flags.push('-');
                }
                Some(end @ (':' | ')')) if any || !negative => {
                    match (end, flags.as_str()) {
                        (')', "") => {}
                        (end, flags) => self.out.push_str(&format!("(?{flags}{end}")),
                    }
                    return Ok(end == ':');
                }
                _ => return self.wrong("invalid or unsupported Perl syntax", self.read(before)),
            }
        }
    }

    /// What follows `\` outside of classes.
    fn escape(&mut self, before: &'p str) -> Result<(), Error> {
        for (letter, same) in [("A", "\\A"), ("z", "\\z"), ("b", "(?-u:\\b)"), ("B", "(?-u:\\B)")] {
            if self.eat(letter) {
                self.out.push_str(same);
                return Ok(());
            }
        }
        if self.eat("Q") {
            let (quoted, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
            self.rest = rest;
            quoted.chars().for_each(|letter| self.literal(u32::from(letter)));
            return Ok(());
        }
        match self.escaped(before)? {
            Part::Letter(code) => self.literal(code),
            Part::Class(class) => self.out.push_str(&class),
        }
        Ok(())
    }

    /// What follows `\` anywhere.
    fn escaped(&mut self, before: &'p str) -> Result<Part, Error> {
        let Some(letter) = self.next() else {
            return self.wrong("trailing backslash at end of expression", "");
        };
        let class = match letter {
            'd' => "[0-9]",
            'D' => "[^0-9]",
            'w' => "[0-9A-Za-z_]",
            'W' => "[^0-9A-Za-z_]",
            's' => "[\\t\\n\\x0c\\r\\x20]",
            'S' => "[^\\t\\n\\x0c\\r\\x20]",
            'p' | 'P' => return self.unicode(before, letter == 'P'),
            _ => "",
        };
        if !class.is_empty() {
            return Ok(Part::Class(class.to_owned()));
        }
        let code = match letter {
            'a' => 7,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            'x' => self.hexadecimal(before)?,
            '0' => self.octal(0),
            '1'..='7' if matches!(self.rest.bytes().next(), Some(b'0'..=b'7')) => {
                self.octal(letter.to_digit(8).unwrap_or(0))
            }
            letter if letter.is_ascii() && !letter.is_ascii_alphanumeric() => u32::from(letter),
            _ => return self.wrong("invalid escape sequence", self.read(before)),
        };
        Ok(Part::Letter(code))
    }

    /// Up to two octal digits more.
    fn octal(&mut self, first: u32) -> u32 {
        let mut code = first;
        for _ in 0..2 {
            let Some(digit) = self.rest.chars().next().and_then(|digit| digit.to_digit(8)) else { break };
            code = code.wrapping_mul(8).wrapping_add(digit);
            self.next();
        }
        code
    }

    /// Two hexadecimal digits, or any number of them in braces.
    fn hexadecimal(&mut self, before: &'p str) -> Result<u32, Error> {
        let digits = if self.eat("{") {
            match self.rest.split_once('}') {
                Some((digits, rest)) => {
                    self.rest = rest;
                    digits
                }
                None => "",
            }
        } else {
            let (digits, rest) = self.rest.split_at_checked(2).unwrap_or_default();
            self.rest = rest;
            digits
        };
        let is_number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(code) if is_number && code <= 0x10_ffff => Ok(code),
            _ => self.wrong("invalid escape sequence", self.read(before)),
        }
    }

    /// `\pL`, `\p{Greek}`, `\p{^Greek}` and the same with `\P`.
    fn unicode(&mut self, before: &'p str, negative: bool) -> Result<Part, Error> {
        let name = if self.eat("{") {
            let Some((name, rest)) = self.rest.split_once('}') else {
                return self.wrong("invalid character class range", before);
            };
            self.rest = rest;
            name
        } else {
            let letter = self.next().map_or(0, char::len_utf8);
            before.get(2..letter.saturating_add(2)).unwrap_or_default()
        };
        let (name, inverted) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            return self.wrong("invalid character class range", self.read(before));
        }
        let kind = if negative == inverted { 'p' } else { 'P' };
        Ok(Part::Class(format!("\\{kind}{{{name}}}")))
    }

    /// A class behind its `[`.
    fn class(&mut self, before: &'p str) -> Result<(), Error> {
        self.out.push('[');
        if self.eat("^") {
            self.out.push('^');
        }
        let mut first = true;
        while first || !self.rest.starts_with(']') {
            first = false;
            if let Some(named) = self.named()? {
                self.out.push_str(&named);
                continue;
            }
            let start = self.rest;
            let low = match self.part(before)? {
                Part::Class(class) => {
                    self.out.push_str(&class);
                    continue;
                }
                Part::Letter(low) => low,
            };
            let mut high = low;
            if self.rest.starts_with('-') && self.rest.len() > 1 && !self.rest.starts_with("-]") {
                self.eat("-");
                high = match self.part(before)? {
                    Part::Letter(high) if high >= low => high,
                    _ => return self.wrong("invalid character class range", self.read(start)),
                };
            }
            self.range(low, high);
        }
        self.eat("]");
        self.out.push(']');
        Ok(())
    }

    /// `[:alpha:]`, `[:^alpha:]`.
    fn named(&mut self) -> Result<Option<String>, Error> {
        let Some((name, rest)) = self.rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) else {
            return Ok(None);
        };
        let known = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
            "space", "upper", "word", "xdigit",
        ];
        if !known.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return self.wrong("invalid character class range", &format!("[:{name}:]"));
        }
        self.rest = rest;
        Ok(Some(format!("[:{name}:]")))
    }

    fn part(&mut self, before: &'p str) -> Result<Part, Error> {
        let start = self.rest;
        match self.next() {
            None => self.wrong("missing closing ]", before),
            Some('\\') => self.escaped(start),
            Some(letter) => Ok(Part::Letter(u32::from(letter))),
        }
    }

    /// A range of letters without the halves of surrogate pairs, which no text has.
    fn range(&mut self, low: u32, high: u32) {
        let low = if (0xd800..0xe000).contains(&low) { 0xe000 } else { low };
        let high = if (0xd800..0xe000).contains(&high) { 0xd7ff } else { high };
        if low <= high {
            self.out.push_str(&format!("\\x{{{low:x}}}-\\x{{{high:x}}}"));
        }
    }
}

/// A group's name for the `regex` crate, where none begins with a digit.
pub(crate) fn group_name(name: &str) -> String {
    if name.starts_with(|letter: char| letter.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name.to_owned()
    }
}
