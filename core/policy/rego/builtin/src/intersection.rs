//! `regex.globs_match`: whether two simple patterns (letters, `.`, `[..]`, each with `*` or `+`) have a text in common.

use tollgate_rego_value::{DEPTH, Val};

use crate::{Call, Error, operand};

/// What one place of a pattern takes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Letters {
    Any,
    /// those of these ranges
    Ranges(Vec<(char, char)>),
}

impl Letters {
    /// Whether a letter is taken by both.
    fn meet(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, Self::Any) => true,
            (Self::Any, Self::Ranges(ranges)) | (Self::Ranges(ranges), Self::Any) => !ranges.is_empty(),
            (Self::Ranges(a), Self::Ranges(b)) => {
                a.iter().any(|(low, high)| b.iter().any(|(from, to)| low <= to && from <= high))
            }
        }
    }
}

/// How often a place is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    Once,
    /// `+`
    OnceOrMore,
    /// `*`
    Any,
}

/// One place of a pattern.
#[derive(Clone, Debug)]
struct Place {
    letters: Letters,
    times: Times,
}

/// Whether both patterns match a text, as far as OPA sees: it follows one star at a time, and a star that could only
/// be empty meets nothing.
pub(crate) fn globs_match<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (a, b) = (operand::string(args, 1)?, operand::string(args, 2)?);
    call.spend(a.len().saturating_add(b.len()))?;
    let (a, b) = (places(a)?, places(b)?);
    let search = Search { call };
    let (mut a, mut b) = (a.as_slice(), b.as_slice());
    // What stands alone at both ends is compared first; the last of it stays.
    while let ([first, more @ ..], [other, rest @ ..]) = (a, b)
        && first.times == Times::Once
        && other.times == Times::Once
    {
        if !search.meet(first, other)? {
            return Ok(Val::Bool(false));
        }
        if more.is_empty() || rest.is_empty() {
            return Ok(Val::Bool(more.is_empty() && rest.is_empty()));
        }
        (a, b) = (more, rest);
    }
    while let ([more @ .., first], [rest @ .., other]) = (a, b)
        && first.times == Times::Once
        && other.times == Times::Once
        && !more.is_empty()
        && !rest.is_empty()
    {
        if !search.meet(first, other)? {
            return Ok(Val::Bool(false));
        }
        (a, b) = (more, rest);
    }
    Ok(Val::Bool(search.together(a, b, DEPTH)?))
}

struct Search<'c, 'a, 'm> {
    call: &'c Call<'a, 'm>,
}

impl Search<'_, '_, '_> {
    fn meet(&self, a: &Place, b: &Place) -> Result<bool, Error> {
        self.call.spend(1)?;
        Ok(a.letters.meet(&b.letters))
    }

    /// Both from their beginnings.
    fn together(&self, mut a: &[Place], mut b: &[Place], levels: usize) -> Result<bool, Error> {
        let levels = levels.checked_sub(1).ok_or_else(Error::deep)?;
        loop {
            let ([first, more @ ..], [other, rest @ ..]) = (a, b) else {
                return Ok(a.is_empty() && b.is_empty());
            };
            match (first.times, other.times) {
                (Times::Once, Times::Once) => {
                    if !self.meet(first, other)? {
                        return Ok(false);
                    }
                    (a, b) = (more, rest);
                }
                (Times::Any, _) => return self.starred(a, b, levels),
                (Times::OnceOrMore, _) => return self.plussed(a, b, levels),
                (Times::Once, Times::Any) => return self.starred(b, a, levels),
                (Times::Once, Times::OnceOrMore) => return self.plussed(b, a, levels),
            }
        }
    }

    fn plussed(&self, plussed: &[Place], other: &[Place], levels: usize) -> Result<bool, Error> {
        let ([plus, behind @ ..], [first, rest @ ..]) = (plussed, other) else { return Ok(false) };
        if !self.meet(plus, first)? {
            return Ok(false);
        }
        if self.starred(plussed, rest, levels)? {
            return Ok(true);
        }
        Ok(first.times != Times::Once && self.together(behind, other, levels)?)
    }

    /// The star takes places of the other as long as it can; where what follows it fits too, that is tried.
    fn starred(&self, starred: &[Place], other: &[Place], levels: usize) -> Result<bool, Error> {
        let Some((star, behind)) = starred.split_first() else { return Ok(false) };
        let mut rest = other;
        while let Some((place, more)) = rest.split_first() {
            if let Some(next) = behind.first()
                && self.meet(place, next)?
                && self.together(behind, rest, levels)?
            {
                return Ok(true);
            }
            if !self.meet(place, star)? {
                return Ok(false);
            }
            rest = more;
        }
        Ok(behind.is_empty())
    }
}

fn places(pattern: &str) -> Result<Vec<Place>, Error> {
    let wrong = |rest: usize, what: &str| {
        let at = pattern.chars().count().saturating_sub(rest);
        Error::Failed(format!("input:{pattern}, pos:{at}, {what}: the input provided is invalid"))
    };
    let escape = || wrong(0, "input ends with a \\ (escape) character");
    let mut places: Vec<Place> = Vec::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        let own = match letter {
            '.' => Letters::Any,
            '[' => Letters::Ranges(set(&mut letters, &wrong)?),
            ']' => return Err(wrong(letters.clone().count(), "set-close ']' with no preceding '['")),
            '+' | '*' => {
                return Err(wrong(
                    letters.clone().count(),
                    &format!("flag '{letter}' must be preceded by a non-flag"),
                ));
            }
            '\\' => {
                let literal = letters.next().ok_or_else(escape)?;
                Letters::Ranges(vec![(literal, literal)])
            }
            literal => Letters::Ranges(vec![(literal, literal)]),
        };
        let times = match letters.next_if(|letter| matches!(letter, '*' | '+')) {
            Some('+') => Times::OnceOrMore,
            Some(_) => Times::Any,
            None => Times::Once,
        };
        match places.last_mut() {
            // The same place again, both any number of times, is one.
            Some(Place { letters, times: last })
                if *letters == own && *last != Times::Once && times != Times::Once =>
            {
                if times == Times::OnceOrMore {
                    *last = times;
                }
            }
            _ => places.push(Place { letters: own, times }),
        }
    }
    Ok(places)
}

/// A set behind its `[`.
fn set(
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    wrong: &impl Fn(usize, &str) -> Error,
) -> Result<Vec<(char, char)>, Error> {
    let mut ranges: Vec<(char, char)> = Vec::new();
    let mut previous = None;
    let escape = "input ends with a \\ (escape) character";
    while let Some(letter) = letters.next() {
        let literal = match letter {
            ']' => return Ok(ranges),
            '-' => {
                let low = previous.take().ok_or_else(|| {
                    wrong(
                        letters.clone().count(),
                        "range character '-' must be preceded by a Unicode character",
                    )
                })?;
                let follows = "range character '-' must be followed by a Unicode character";
                let high = match letters.next().ok_or_else(|| wrong(0, follows))? {
                    ']' | '-' => {
                        return Err(wrong(
                            letters.clone().count(),
                            "range character '-' cannot be followed by a special symbol",
                        ));
                    }
                    '\\' => letters.next().ok_or_else(|| wrong(0, escape))?,
                    high => high,
                };
                if high < low {
                    return Err(wrong(
                        letters.clone().count(),
                        &format!("range is out of order: '{high}' comes before '{low}' in Unicode"),
                    ));
                }
                ranges.push((low, high));
                continue;
            }
            '\\' => letters.next().ok_or_else(|| wrong(0, escape))?,
            literal => literal,
        };
        ranges.push((literal, literal));
        previous = Some(literal);
    }
    Err(wrong(0, "found [ without matching ]"))
}
