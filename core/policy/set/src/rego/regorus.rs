//! The regorus 0.14 interpreter as an engine. Never its bytecode machine, which fails open.
//!
//! Known of it, and held here: a panic is caught and is the rule's error; a wall-clock limit of one second for each
//! rule; `print` is gathered and thrown away, never written; recursion and unknown functions are refused before it
//! sees them (it would overflow the stack, or fail on the first object that gets there).

mod collect;
mod message;
mod parse;
mod pattern;
mod value;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use ::regorus::utils::limits::ExecutionTimerConfig;
use ::regorus::{Engine as Interpreter, LimitError, Value as Regorus};
use tollgate_vocabulary::Value;

pub(crate) use parse::parse;

use super::{Answer, AskError, Engine, Source};
use crate::load::{Dialect, LoadError};
use crate::source::InputForm;
use crate::subject::Subject;

/// How long one rule may take.
const LIMIT: Duration = Duration::from_secs(1);

/// How long many rules together may take before they are asked one by one.
const LIMIT_TOGETHER: Duration = Duration::from_millis(250);

/// The compiled set. Cloned for each session: a handful of reference counts.
pub(crate) struct RegorusEngine {
    alone: Interpreter,
    /// the same, made for speed: what it fails at is asked again of `alone`
    together: Interpreter,
}

/// One thread's interpreters, as far as they are needed, and the subject in both forms.
pub(crate) struct Session {
    alone: Option<Prepared>,
    together: Option<Prepared>,
    object: Regorus,
    review: Regorus,
}

/// An interpreter, and the form of the input that it holds.
struct Prepared {
    interpreter: Interpreter,
    form: InputForm,
}

/// How many arguments the builtin `name` takes; nothing inside where it takes any number.
pub(crate) fn builtin(name: &str) -> Option<Option<usize>> {
    if name == "print" {
        return Some(None);
    }
    ::regorus::unstable::BUILTINS.get(name).map(|(_, arguments)| Some(usize::from(*arguments)))
}

impl Engine for RegorusEngine {
    type Session = Session;

    fn load(sources: &[Source], data: &Value) -> Result<Self, Vec<LoadError>> {
        let mut interpreter = Interpreter::new();
        interpreter.set_policy_length_config(parse::lengths());
        interpreter.set_strict_builtin_errors(true);
        interpreter.set_gather_prints(true);
        let first = sources.first().map(|source| source.path.clone()).unwrap_or_else(|| "data".into());
        let refused = |text: String| vec![message::load_error(&first, "rego-compile", &text)];
        for source in sources {
            interpreter.set_rego_v0(source.dialect == Dialect::V0);
            interpreter
                .add_policy(source.path.to_string(), source.text.clone())
                .map_err(|error| refused(error.to_string()))?;
        }
        interpreter.set_rego_v0(false);
        let data = value::of(data).map_err(|error| {
            vec![message::load_error(&first, "data-value", &format!("a data document {error}"))]
        })?;
        interpreter.add_data(data).map_err(|error| refused(error.to_string()))?;
        // Compiles everything: unsafe variables are found here.
        interpreter.eval_query("true".to_owned(), false).map_err(|error| refused(error.to_string()))?;
        interpreter.set_execution_timer_config(timer(LIMIT));
        let mut together = interpreter.clone();
        together.set_execution_timer_config(timer(LIMIT_TOGETHER));
        pattern::install(&mut together, sources);
        Ok(Self { alone: interpreter, together })
    }

    fn open(&self, subject: Option<&Subject<'_>>) -> Result<Session, AskError> {
        let (object, review) = match subject {
            None => (Regorus::Undefined, Regorus::Undefined),
            Some(subject) => value::inputs(subject).map_err(|error| match error {
                value::Unfit::TooDeep(limit) => AskError::TooDeep(limit),
                unfit => AskError::Runtime { message: format!("the subject {unfit}"), place: None },
            })?,
        };
        Ok(Session { alone: None, together: None, object, review })
    }

    fn ask(&self, session: &mut Session, form: InputForm, query: &str) -> Result<Answer, AskError> {
        let input = session.input(form);
        let value = evaluate(&mut session.alone, &self.alone, (form, input), query)?;
        value::answer(&value)
            .map_err(|unfit| AskError::Runtime { message: format!("the rule's value {unfit}"), place: None })
    }

    fn ask_together(
        &self,
        session: &mut Session,
        form: InputForm,
        query: &str,
    ) -> Option<BTreeMap<usize, Answer>> {
        let input = session.input(form);
        let answers = evaluate(&mut session.together, &self.together, (form, input), query);
        let entry = |(number, answer): (&Regorus, &Regorus)| {
            Some((usize::try_from(number.as_u64().ok()?).ok()?, value::answer(answer).ok()?))
        };
        match answers.ok()? {
            Regorus::Undefined => Some(BTreeMap::new()),
            answers => answers.as_object().ok()?.iter().map(entry).collect(),
        }
    }
}

impl Session {
    fn input(&self, form: InputForm) -> Regorus {
        match form {
            InputForm::Object => self.object.clone(),
            InputForm::Review => self.review.clone(),
        }
    }
}

/// The rule's value from `open`, which is a copy of `model` and is thrown away after a panic.
fn evaluate(
    open: &mut Option<Prepared>,
    model: &Interpreter,
    (form, input): (InputForm, Regorus),
    query: &str,
) -> Result<Regorus, AskError> {
    let mut prepared = match open.take() {
        Some(prepared) if prepared.form == form => prepared,
        other => {
            let mut interpreter = other.map_or_else(|| model.clone(), |prepared| prepared.interpreter);
            interpreter.set_input(input);
            Prepared { interpreter, form }
        }
    };
    let asked = catch_unwind(AssertUnwindSafe(|| prepared.interpreter.eval_rule(query.to_owned())));
    let _ = prepared.interpreter.take_prints();
    if asked.is_ok() {
        *open = Some(prepared);
    }
    match asked {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            let over =
                |limit: Option<&LimitError>| matches!(limit, Some(LimitError::TimeLimitExceeded { .. }));
            if error.chain().any(|cause| over(cause.downcast_ref::<LimitError>())) {
                return Err(AskError::TimedOut);
            }
            let (message, place) = message::take_apart(&error.to_string());
            Err(AskError::Runtime { message, place })
        }
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(AskError::Panicked(text.unwrap_or_else(|| "without a message".to_owned())))
        }
    }
}

/// A wall clock that is looked at now and then.
fn timer(limit: Duration) -> ExecutionTimerConfig {
    ExecutionTimerConfig { limit, check_interval: NonZeroU32::new(256).unwrap_or(NonZeroU32::MIN) }
}
