//! What a case says of the world.
//!
//! ```text
//! facts.namespaces ──> namespace/NAME            facts.unavailable ──> any question, by the words of an entry
//! facts.objects ─────> object/..., around/...
//! ```

use tollgate_estimate::World;
use tollgate_manifest::Identity;
use tollgate_vocabulary::{Fact, ObjectName, Question, Source, Timestamp, Value};

use crate::items;

pub(crate) fn answer(case: &Value, question: &Question) -> Fact {
    let none = Value::Null;
    let facts = case.get("facts").unwrap_or(&none);
    let said = question.to_string();
    // A namespace may be named by its name alone.
    let name = said.strip_prefix("namespace/").unwrap_or(&said);
    let unavailable = items(facts, "unavailable").iter().filter_map(Value::as_str);
    if unavailable.clone().any(|item| item == said || item == name) {
        return Fact::Unavailable { why: "the case says so".into() };
    }
    let known = match question {
        Question::Namespace(name) => items(facts, "namespaces")
            .iter()
            .find(|item| Identity::of(item).name.as_ref() == Some(name))
            .cloned(),
        Question::Object(name) => object(facts, name).cloned(),
        Question::Around(name) => around(case, facts, name),
        Question::Quote(_) => panic!("no case has an answer to {question}"),
    };
    let observed_at = Timestamp::UNIX_EPOCH;
    match known {
        Some(value) => Fact::Known { value: value.into(), observed_at, source: Source::Estate },
        None => Fact::Absent { observed_at, source: Source::Estate },
    }
}

fn object<'c>(facts: &'c Value, name: &ObjectName) -> Option<&'c Value> {
    items(facts, "objects").iter().find(|object| is(object, name))
}

/// What of the known objects stands around the one of that name: as it is known, else as it is asked for.
fn around(case: &Value, facts: &Value, name: &ObjectName) -> Option<Value> {
    let asked = || {
        let before = items(case, "before").iter();
        let requests = before.chain(case.get("request"));
        requests.filter_map(|request| request.get("object")).find(|object| is(object, name))
    };
    let object = object(facts, name).or_else(asked).unwrap_or_else(|| panic!("nothing is known of {name}"));
    World::of(items(facts, "objects").iter()).around(object).to_fact()
}

fn is(object: &Value, name: &ObjectName) -> bool {
    let identity = Identity::of(object);
    identity.group == name.group
        && identity.kind == name.kind
        && identity.namespace == name.namespace
        && identity.name.as_deref() == Some(&*name.name)
}
