//! The regorus 0.14 interpreter as an engine. Never its bytecode machine, which fails open.
//!
//! Known of it, and held here: a panic is caught and is the rule's error; a wall-clock limit of one second for each
//! rule; `print` is gathered and thrown away, never written; recursion and unknown functions are refused before it
//! sees them (it would overflow the stack, or fail on the first object that gets there).

mod collect;
mod message;
mod parse;
mod value;

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

/// The compiled set. Cloned for each session: a handful of reference counts.
pub(crate) struct RegorusEngine {
    prepared: Interpreter,
}

/// One thread's interpreter, and the subject in both forms.
pub(crate) struct Session {
    interpreter: Interpreter,
    object: Regorus,
    review: Regorus,
    form: Option<InputForm>,
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
        interpreter.set_execution_timer_config(ExecutionTimerConfig {
            limit: LIMIT,
            check_interval: NonZeroU32::new(256).unwrap_or(NonZeroU32::MIN),
        });
        Ok(Self { prepared: interpreter })
    }

    fn open(&self, subject: Option<&Subject<'_>>) -> Result<Session, AskError> {
        let (object, review) = match subject {
            None => (Regorus::Undefined, Regorus::Undefined),
            Some(subject) => value::inputs(subject).map_err(|error| match error {
                value::Unfit::TooDeep(limit) => AskError::TooDeep(limit),
                unfit => AskError::Runtime { message: format!("the subject {unfit}"), place: None },
            })?,
        };
        Ok(Session { interpreter: self.prepared.clone(), object, review, form: None })
    }

    fn ask(&self, session: &mut Session, form: InputForm, query: &str) -> Result<Answer, AskError> {
        if session.form != Some(form) {
            let input = match form {
                InputForm::Object => session.object.clone(),
                InputForm::Review => session.review.clone(),
            };
            session.interpreter.set_input(input);
            session.form = Some(form);
        }
        let asked = catch_unwind(AssertUnwindSafe(|| session.interpreter.eval_rule(query.to_owned())));
        let _ = session.interpreter.take_prints();
        match asked {
            Ok(Ok(answer)) => value::answer(&answer).map_err(|unfit| AskError::Runtime {
                message: format!("the rule's value {unfit}"),
                place: None,
            }),
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
                session.interpreter = self.prepared.clone();
                session.form = None;
                let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
                Err(AskError::Panicked(text.unwrap_or_else(|| "without a message".to_owned())))
            }
        }
    }
}
