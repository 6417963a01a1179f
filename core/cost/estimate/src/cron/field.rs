//! One field of a schedule: lists of numbers, names, ranges and steps.

/// The numbers that a field allows, and whether it allows them because it says `*`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    numbers: u64,
    star: bool,
}

/// What may stand in a field.
pub(super) struct Bounds {
    name: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

impl Bits {
    pub(super) const fn has(self, number: u32) -> bool {
        matches!(self.numbers.checked_shr(number), Some(bits) if bits & 1 == 1)
    }

    pub(super) const fn count(self) -> u32 {
        self.numbers.count_ones()
    }

    pub(super) const fn is_star(self) -> bool {
        self.star
    }
}

impl Bounds {
    pub(super) const MINUTE: Self = Self { name: "minute", least: 0, most: 59, names: &[] };
    pub(super) const HOUR: Self = Self { name: "hour", least: 0, most: 23, names: &[] };
    pub(super) const DAY: Self = Self { name: "day of month", least: 1, most: 31, names: &[] };
    pub(super) const MONTH: Self = Self {
        name: "month",
        least: 1,
        most: 12,
        names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    };
    /// Seven is Sunday too.
    pub(super) const WEEKDAY: Self = Self {
        name: "day of week",
        least: 0,
        most: 7,
        names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    };

    /// Reads a field; parts between commas that are empty are passed over.
    pub(super) fn read(&self, text: &str) -> Result<Bits, String> {
        let mut bits = Bits::default();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let of_part = self.part(part)?;
            bits = Bits { numbers: bits.numbers | of_part.numbers, star: bits.star || of_part.star };
        }
        if bits.numbers == 0 {
            return Err(format!("its {}, `{text}`, says nothing", self.name));
        }
        // Only of weekdays is the seventh bit out of bounds.
        if self.most == 7 && bits.numbers & (1 << 7) != 0 {
            bits.numbers = (bits.numbers | 1) & !(1 << 7);
        }
        Ok(bits)
    }

    /// `*`, `?`, `5`, `1-5`, each with `/2` or not.
    fn part(&self, text: &str) -> Result<Bits, String> {
        let (range, step) = match text.split_once('/') {
            None => (text, None),
            Some((range, step)) => (range, Some(self.step(text, step)?)),
        };
        let last = if self.most == 7 { 6 } else { self.most };
        let (from, to, star) = match range.split_once('-') {
            None if range == "*" || range == "?" => (self.least, last, true),
            None => {
                let from = self.number(text, range)?;
                // `5/15` goes on from 5 to the end.
                (from, if step.is_some() { last.max(from) } else { from }, false)
            }
            Some((from, to)) => (self.number(text, from)?, self.number(text, to)?, false),
        };
        if from > to {
            return Err(format!("its {}, `{text}`, ends before it begins", self.name));
        }
        let step = step.unwrap_or(1);
        let numbers = (from..=to).step_by(step).fold(0, |numbers, number| numbers | 1_u64 << number);
        Ok(Bits { numbers, star: star && step == 1 })
    }

    fn step(&self, part: &str, text: &str) -> Result<usize, String> {
        match digits(text) {
            Some(step) if step > 0 => Ok(usize::try_from(step).unwrap_or(usize::MAX)),
            _ => Err(format!("its {}, `{part}`, has no step above 0", self.name)),
        }
    }

    fn number(&self, part: &str, text: &str) -> Result<u32, String> {
        let named = self.names.iter().position(|name| text.eq_ignore_ascii_case(name));
        let number = match named {
            Some(position) => {
                u32::try_from(position).ok().and_then(|position| position.checked_add(self.least))
            }
            None => digits(text),
        };
        number.filter(|number| (self.least..=self.most).contains(number)).ok_or_else(|| {
            format!(
                "its {}, `{part}`, is not made of numbers from {} to {}",
                self.name, self.least, self.most
            )
        })
    }
}

/// A number without a sign; one that is too large is the largest.
fn digits(text: &str) -> Option<u32> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().unwrap_or(u32::MAX))
}
