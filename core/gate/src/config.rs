//! `tollgate.toml` at the estate's root: policy, and part of the bundle.
//!
//! INVARIANT: an unknown key is an error. A setting that is misspelt must not silently be its default.

mod cost;

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use serde::Deserialize;
use tollgate_manifest::MaskPath;
use tollgate_policy::{BuiltinErrors, InputForm, Options, PackageOptions};
use tollgate_vocabulary::{Judge, RuleId};

pub use cost::{CostConfig, CostLimits};

/// What the estate says of its own rules.
#[derive(Clone, Debug)]
pub struct Config {
    /// the estate's name; names the ledger's origin
    pub name: Option<Arc<str>>,
    /// folders of rules, relative to the root
    pub rules: Vec<Arc<str>>,
    /// judges that must have judged
    pub require: Vec<Judge>,
    /// files that are not manifests, with the reason
    pub ignore: Vec<Ignore>,
    /// what to mask beside Secrets
    pub mask: Vec<MaskPath>,
    /// changes that one principal may make
    pub rate: Option<Rate>,
    /// what it says of money; nothing where it says nothing
    pub cost: Option<CostConfig>,
    packages: BTreeMap<Arc<str>, PackageOptions>,
    modes: BTreeMap<RuleId, Mode>,
}

/// A file or folder that is not judged, and why.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ignore {
    /// relative to the root
    pub path: String,
    /// why; shown in every report
    pub reason: String,
}

/// What a rule may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// what it wants
    #[default]
    Enforce,
    /// at most warn
    Warn,
    /// only note, unseen by the requester
    Audit,
}

/// How many changes one principal may make in a window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// changes allowed in one window
    pub changes: u64,
    /// the window's length in seconds
    pub window: i64,
}

/// What is wrong in `tollgate.toml`, and at which bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// what is wrong
    pub message: String,
    /// bytes of the file that it concerns, where that is known
    pub span: Option<Range<usize>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            name: None,
            rules: vec!["policy".into()],
            require: Vec::new(),
            ignore: Vec::new(),
            mask: Vec::new(),
            rate: None,
            cost: None,
            packages: BTreeMap::new(),
            modes: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads the text of `tollgate.toml`.
    ///
    /// # Errors
    /// What is wrong and where: syntax, unknown keys, values that mean nothing.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let written: Written = toml::from_str(text)
            .map_err(|error| ConfigError { message: error.message().to_owned(), span: error.span() })?;
        let estate = written.estate;
        for ignore in &written.ignore {
            if ignore.as_ref().reason.trim().is_empty() {
                return Err(at(ignore, format!("`{}` is ignored without a reason", ignore.as_ref().path)));
            }
        }
        Ok(Self {
            name: estate.name.map(name).transpose()?,
            rules: match estate.rules {
                Some(folders) => folders.into_iter().map(folder).collect::<Result<_, _>>()?,
                None => Self::default().rules,
            },
            require: estate.require.into_iter().map(required).collect::<Result<_, _>>()?,
            ignore: written.ignore.into_iter().map(toml::Spanned::into_inner).collect(),
            mask: written.mask.paths.into_iter().map(mask_path).collect::<Result<_, _>>()?,
            rate: written.rate.map(rate).transpose()?,
            cost: written.cost.map(CostConfig::of).transpose()?,
            packages: written
                .package
                .into_iter()
                .map(|(name, written)| Ok((name.as_str().into(), package(&name, written)?)))
                .collect::<Result<_, ConfigError>>()?,
            modes: written.rule.into_iter().map(|(id, written)| (RuleId::new(id), written.mode)).collect(),
        })
    }

    /// The mode of a rule.
    #[must_use]
    pub fn mode(&self, rule: &RuleId) -> Mode {
        self.modes.get(rule).copied().unwrap_or_default()
    }

    /// The rules that a mode is set for.
    pub(crate) fn moded(&self) -> impl Iterator<Item = &RuleId> {
        self.modes.keys()
    }

    /// What policies are compiled with.
    pub(crate) fn options(&self, only: &[Arc<str>]) -> Options {
        Options { packages: self.packages.clone(), only: only.to_vec() }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Written {
    estate: Estate,
    ignore: Vec<toml::Spanned<Ignore>>,
    package: BTreeMap<String, Package>,
    rule: BTreeMap<String, OfRule>,
    mask: OfMask,
    rate: Option<toml::Spanned<OfRate>>,
    cost: Option<cost::Written>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Estate {
    name: Option<toml::Spanned<String>>,
    rules: Option<Vec<toml::Spanned<String>>>,
    require: Vec<toml::Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    input: Option<Form>,
    builtin_errors: Option<toml::Spanned<OfBuiltins>>,
    reason: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OfBuiltins {
    Strict,
    Undefined,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    Object,
    Review,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfRule {
    mode: Mode,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct OfMask {
    paths: Vec<toml::Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfRate {
    changes: u64,
    window: String,
}

fn at<T>(written: &toml::Spanned<T>, message: String) -> ConfigError {
    ConfigError { message, span: Some(written.span()) }
}

fn name(written: toml::Spanned<String>) -> Result<Arc<str>, ConfigError> {
    let text = written.as_ref();
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if text.is_empty() || text.len() > 63 || !text.bytes().all(good) {
        let message = format!("`{text}` cannot name an estate: 1 to 63 lower-case letters, digits and `-`");
        return Err(at(&written, message));
    }
    Ok(written.into_inner().into())
}

fn folder(written: toml::Spanned<String>) -> Result<Arc<str>, ConfigError> {
    let text = written.as_ref().trim_end_matches('/');
    if is_below(text) {
        Ok(text.into())
    } else {
        Err(at(&written, format!("`{}` is not a folder below the estate's root", written.as_ref())))
    }
}

fn file(written: toml::Spanned<String>) -> Result<Arc<str>, ConfigError> {
    if is_below(written.as_ref()) {
        Ok(written.into_inner().into())
    } else {
        Err(at(&written, format!("`{}` is not a file below the estate's root", written.as_ref())))
    }
}

fn is_below(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

fn required(written: toml::Spanned<String>) -> Result<Judge, ConfigError> {
    Judge::from_word(written.as_ref()).ok_or_else(|| {
        let words = Judge::ALL.map(Judge::word).join(", ");
        at(&written, format!("`{}` is no judge; the six are {words}", written.as_ref()))
    })
}

fn package(name: &str, written: Package) -> Result<PackageOptions, ConfigError> {
    let input = written.input.map(|form| match form {
        Form::Object => InputForm::Object,
        Form::Review => InputForm::Review,
    });
    let reasoned = written.reason.is_some_and(|reason| !reason.trim().is_empty());
    let builtin_errors = match written.builtin_errors {
        Some(lenient) if *lenient.as_ref() == OfBuiltins::Undefined => {
            if !reasoned {
                let message = format!(
                    "errors of builtins in `{name}` are undefined without a reason: add `reason = \"..\"`"
                );
                return Err(at(&lenient, message));
            }
            BuiltinErrors::Undefined
        }
        _ => BuiltinErrors::Strict,
    };
    Ok(PackageOptions { input, builtin_errors })
}

fn mask_path(written: toml::Spanned<String>) -> Result<MaskPath, ConfigError> {
    MaskPath::from_str(written.as_ref()).map_err(|error| at(&written, error.to_string()))
}

fn rate(written: toml::Spanned<OfRate>) -> Result<Rate, ConfigError> {
    let text = written.as_ref().window.as_str();
    let unit = |suffix, seconds| {
        text.strip_suffix(suffix).and_then(|count| count.parse::<i64>().ok()?.checked_mul(seconds))
    };
    let window = unit("s", 1).or_else(|| unit("m", 60)).or_else(|| unit("h", 3600));
    match window {
        Some(window) if window > 0 && written.as_ref().changes > 0 => {
            Ok(Rate { changes: written.as_ref().changes, window })
        }
        _ => Err(at(
            &written,
            format!("a rate needs `changes` above 0 and a `window` such as \"10m\", not \"{text}\""),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_an_error_with_its_place() {
        let error = Config::parse("[estate]\nrequier = [\"policy\"]\n").unwrap_err();
        assert!(error.message.contains("requier"), "{error}");
        assert_eq!(error.span.map(|span| span.start), Some(9));
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for (text, word) in [
            ("[estate]\nrequire = [\"polcy\"]", "polcy"),
            ("[estate]\nrules = [\"../x\"]", "../x"),
            ("[estate]\nname = \"A B\"", "A B"),
            ("[[ignore]]\npath = \"a\"\nreason = \" \"", "without a reason"),
            ("[rate]\nchanges = 1\nwindow = \"soon\"", "soon"),
            ("[rule.x]\nmode = \"off\"", "off"),
            ("[cost]\nprices = [\"/etc/prices.csv\"]", "/etc/prices.csv"),
            ("[cost]\nwithout_budget = \"maybe\"", "maybe"),
            ("[cost.limits]\ngrowth = \"lots\"", "lots"),
            ("[cost.limits]\ngpus = 0.5", "a decimal one as text"),
            ("[cost.gpu_fractions]\n\"x/gpu\" = \"3/2\"", "3/2"),
            ("[package.a]\nbuiltin_errors = \"ignore\"", "ignore"),
            ("[package.a]\nbuiltin_errors = \"undefined\"", "without a reason"),
            ("[package.a]\nbuiltin_errors = \"undefined\"\nreason = \" \"", "without a reason"),
        ] {
            let error = Config::parse(text).unwrap_err();
            assert!(error.message.contains(word), "{text}: {error}");
            assert!(error.span.is_some(), "{text}");
        }
    }

    #[test]
    fn settings_are_read() {
        let config = Config::parse(
            "[estate]\nrequire = [\"policy\"]\n[rule.a]\nmode = \"audit\"\n[rate]\nchanges = 5\nwindow = \"10m\"",
        )
        .unwrap();
        assert_eq!(config.mode(&RuleId::new("a")), Mode::Audit);
        assert_eq!(config.mode(&RuleId::new("b")), Mode::Enforce);
        assert_eq!(config.rate, Some(Rate { changes: 5, window: 600 }));
        assert_eq!(config.require, [Judge::Policy]);
    }

    #[test]
    fn a_package_may_take_errors_of_builtins_for_undefined() {
        let config = Config::parse(
            "[package.\"a.b\"]\nbuiltin_errors = \"undefined\"\nreason = \"written for OPA\"\n[package.c]\ninput = \"review\"\n",
        )
        .unwrap();
        let packages = config.options(&[]).packages;
        let lenient = PackageOptions { input: None, builtin_errors: BuiltinErrors::Undefined };
        let review = PackageOptions { input: Some(InputForm::Review), ..PackageOptions::default() };
        assert_eq!(packages.get("a.b"), Some(&lenient));
        assert_eq!(packages.get("c"), Some(&review));
    }
}
