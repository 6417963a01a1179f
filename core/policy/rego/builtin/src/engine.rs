//! What the engine itself knows, and what no gate offers: what depends on anything but the policies, `data` and
//! `input`.

use crate::shape::{ANY_ARRAY, ANY_OBJECT, STRING_SET};
use crate::{Builtin, Type};

const CLOCK: &str = "a verdict must not depend on the clock; use `input.context.at`";
const NETWORK: &str = "a verdict must not depend on the network; put what it needs in `data`";
const CHANCE: &str = "a verdict must not depend on chance";
const MACHINE: &str = "a verdict must not depend on the machine that gives it";
const ANNOTATIONS: &str =
    "rules do not see their own annotations while they run; put what they need in `data`";
const POLICIES: &str = "policies do not read policies";

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::refused(
        "http.send",
        &[("request", Type::Object(&[], Some((&Type::String, &Type::Any))))],
        ANY_OBJECT,
        NETWORK,
    ),
    Builtin::refused("net.lookup_ip_addr", &[("name", Type::String)], STRING_SET, NETWORK),
    Builtin::refused("opa.runtime", &[], Type::Object(&[], Some((&Type::String, &Type::Any))), MACHINE),
    Builtin::engine("print", &[], Type::Any),
    Builtin::refused("rand.intn", &[("str", Type::String), ("n", Type::Number)], Type::Number, CHANCE),
    Builtin::refused("rego.metadata.chain", &[], ANY_ARRAY, ANNOTATIONS),
    Builtin::refused("rego.metadata.rule", &[], Type::Any, ANNOTATIONS),
    Builtin::refused(
        "rego.parse_module",
        &[("filename", Type::String), ("rego", Type::String)],
        Type::Object(&[], Some((&Type::String, &Type::Any))),
        POLICIES,
    ),
    Builtin::refused("time.now_ns", &[], Type::Number, CLOCK),
    Builtin::engine("trace", &[("note", Type::String)], Type::Boolean),
    Builtin::refused("uuid.rfc4122", &[("k", Type::String)], Type::String, CHANCE),
    Builtin::engine("walk", &[("x", Type::Any)], Type::Array(&[ANY_ARRAY, Type::Any], None)),
];
