//! One scalar of a YAML file: its value for kubectl, and what others could take it for.

use std::borrow::Cow;

use saphyr_parser::{ScalarStyle, Tag};
use tollgate_vocabulary::{Number, Value};

use crate::doubt::{Doubt, Notes};
use crate::scalar::{self, Meaning};
use crate::{Span, timestamp};

const CORE: &str = "tag:yaml.org,2002:";

/// A scalar as it stands in the file.
pub(super) struct Scalar<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) style: ScalarStyle,
    pub(super) tag: Option<String>,
    pub(super) span: Span,
}

/// A tag as one word: `tag:yaml.org,2002:int`, `!local`, `!`.
pub(super) fn tag_word(tag: Option<Cow<'_, Tag>>) -> Option<String> {
    tag.map(|tag| format!("{}{}", tag.handle, tag.suffix))
}

/// Whether a list or an object may carry this tag: only the one that it has anyway.
pub(super) fn is_tag_of_collection(tag: Option<&str>, own: &str) -> bool {
    tag.is_none_or(|tag| tag.strip_prefix(CORE) == Some(own))
}

impl Scalar<'_> {
    pub(super) fn is_plain(&self) -> bool {
        self.style == ScalarStyle::Plain && self.tag.is_none()
    }

    /// Whether go-yaml merges below this key.
    pub(super) fn is_merge(&self) -> bool {
        self.text == "<<" && (self.is_plain() || self.is_tagged_merge())
    }

    /// Whether it says so itself, which no reader takes for a key.
    pub(super) fn is_tagged_merge(&self) -> bool {
        self.tag.as_deref().and_then(|tag| tag.strip_prefix(CORE)) == Some("merge")
    }

    /// What kubectl takes it for, and the doubt about that.
    pub(super) fn meaning(&self, notes: &Notes) -> (Meaning, Option<Doubt>) {
        let text = &*self.text;
        let Some(tag) = self.tag.as_deref() else {
            if self.style != ScalarStyle::Plain {
                return (Meaning::Text, None);
            }
            let (kubectl, core) = (scalar::kubectl(text), scalar::core(text));
            let doubt = self.ambiguity(&kubectl, &core, notes);
            return (kubectl, doubt);
        };
        let tagged = |message: String| {
            let doubt = notes.doubt("reading.tag", self.span, message).found(text);
            Some(doubt.remedy("remove the tag, and write the value in quotes where it is text"))
        };
        let (kubectl, core) = (scalar::kubectl(text), scalar::core(text));
        match tag.strip_prefix(CORE) {
            Some("str") => (Meaning::Text, None),
            Some(word @ ("bool" | "int" | "float" | "null")) => {
                let fits = matches!(
                    (word, &kubectl),
                    ("bool", Meaning::Bool(_))
                        | ("int", Meaning::Integer(_))
                        | ("null", Meaning::Null)
                        | ("float", Meaning::Float { .. })
                );
                if fits && scalar::agree(&kubectl, &core) {
                    return (kubectl, None);
                }
                let widened = word == "float" && matches!(kubectl, Meaning::Integer(_));
                let doubt =
                    tagged(format!("what `!!{word}` makes of this value differs between YAML readers"));
                (if fits || widened { kubectl } else { Meaning::Text }, doubt)
            }
            Some(
                word
                @ ("binary" | "timestamp" | "set" | "omap" | "pairs" | "map" | "seq" | "merge" | "value"),
            ) => (Meaning::Text, tagged(format!("`!!{word}` means different things to YAML readers"))),
            _ if tag == "!" => {
                let meaning = if text.is_empty() { Meaning::Text } else { kubectl };
                (meaning, tagged("the tag `!` means different things to YAML readers".into()))
            }
            _ if self.style == ScalarStyle::Plain && (kubectl != Meaning::Text || core != Meaning::Text) => {
                (Meaning::Text, tagged("behind a tag of its own this value is text to kubectl only".into()))
            }
            _ => (Meaning::Text, None),
        }
    }

    /// The value that kubectl makes of `meaning`.
    pub(super) fn value(&self, meaning: &Meaning) -> Value {
        let number = |text: &str| Number::parse(text).map_or_else(|| Value::from(&*self.text), Value::Number);
        match meaning {
            Meaning::Null => Value::Null,
            Meaning::Bool(truth) => Value::Bool(*truth),
            Meaning::Integer(whole) => number(&whole.to_string()),
            Meaning::Float { text, .. } => number(text),
            Meaning::Text if self.tag.as_deref().and_then(|tag| tag.strip_prefix(CORE)) == Some("binary") => {
                let bytes = crate::mask::decode_base64(&self.text).unwrap_or_default();
                Value::from(String::from_utf8_lossy(&bytes).into_owned())
            }
            Meaning::NotFinite | Meaning::Timestamp | Meaning::Text => Value::from(&*self.text),
        }
    }

    fn ambiguity(&self, kubectl: &Meaning, core: &Meaning, notes: &Notes) -> Option<Doubt> {
        let text = &*self.text;
        let doubt =
            |message: &str| Some(notes.doubt("reading.ambiguous-scalar", self.span, message).found(text));
        if *kubectl == Meaning::NotFinite {
            return doubt("JSON knows neither infinity nor not-a-number, so kubectl refuses this value")
                .map(|doubt| doubt.remedy(format!("write \"{text}\" if text is meant")));
        }
        if *kubectl == Meaning::Timestamp && !timestamp::is_canonical(text) {
            return doubt("this is text to kubectl, but a time that Kustomize writes anew")
                .map(|doubt| doubt.expected("a value in quotes").remedy(format!("write \"{text}\"")));
        }
        if scalar::agree(kubectl, core) {
            return None;
        }
        let (seen, other) = (self.word(kubectl), self.word(core));
        let doubt = doubt("kubectl and YAML 1.2 read this value differently")?
            .expected(format!("one meaning: it is {seen} to kubectl, {other} to YAML 1.2"));
        Some(match kubectl {
            Meaning::Text => doubt.remedy(format!("write \"{text}\"")),
            _ => doubt.remedy(format!("write {seen}, or \"{text}\" if text is meant")),
        })
    }

    fn word(&self, meaning: &Meaning) -> String {
        match meaning {
            Meaning::Null => "null".into(),
            Meaning::Bool(truth) => truth.to_string(),
            Meaning::Integer(whole) => whole.to_string(),
            Meaning::Float { text, .. } => text.clone(),
            Meaning::NotFinite => "no finite number".into(),
            Meaning::Timestamp | Meaning::Text => format!("the text \"{}\"", self.text),
        }
    }
}
