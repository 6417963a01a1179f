//! Fields of built-in kinds.

use crate::gate::tests::found;

/// A body of `deny` in a package that reads reviews.
fn body(conditions: &str) -> Vec<String> {
    found(&[&format!("package p\ndeny contains \"no\" if {{\n{conditions}\n}}\n")])
}

const DEPLOYMENT: &str = "input.request.kind.kind == \"Deployment\"";

fn deployment(condition: &str) -> Vec<String> {
    body(&format!("{DEPLOYMENT}\n{condition}"))
}

#[test]
fn a_field_that_no_schema_has_is_found_with_what_was_meant() {
    assert_eq!(
        deployment("input.request.object.spec.replica < 2"),
        ["4 unknown-field: `spec` of a Deployment has no field `replica` (did you mean `replicas`?)"]
    );
    assert_eq!(
        deployment("not input.request.object.spec.template.spec.securityContext.runAsNonroot"),
        [
            "4 unknown-field: `spec.template.spec.securityContext` of a Deployment has no field `runAsNonroot` (did you mean `runAsNonRoot`?)"
        ]
    );
    assert_eq!(deployment("input.request.object.spce.x").len(), 1);
}

#[test]
fn what_the_schema_has_is_accepted() {
    for condition in [
        "input.request.object.spec.replicas < 2",
        "input.request.object.metadata.labels.anything == \"x\"",
        "input.request.object.metadata.annotations[\"a/b\"]",
        "input.request.object.spec.template.spec.containers[_].image == \"x\"",
        "input.request.object.spec.template.spec.containers[0].resources.limits[\"nvidia.com/gpu\"] == 1",
        "input.request.object.spec[input.x] == 1",
        "input.request.object.status.replicas == null",
        "input.request.oldObject.spec.replicas > 1",
        "input.request.userInfo.extra.anything[_] == \"x\"",
        "input.context.namespace.metadata.labels.x == \"y\"",
    ] {
        assert_eq!(deployment(condition), Vec::<String>::new(), "{condition}");
    }
}

#[test]
fn a_local_stands_for_what_it_was_given() {
    let wrong = |condition: &str| {
        assert_eq!(deployment(condition).len(), 1, "{condition}: {:?}", deployment(condition))
    };
    wrong("spec := input.request.object.spec\nspec.replica < 2");
    wrong("some c in input.request.object.spec.template.spec.containers\nc.imag == \"x\"");
    wrong("c := input.request.object.spec.template.spec.containers[_]\nc.securityContext.privilege");
    wrong("c = input.request.object.spec.template.spec.containers[_]\nc.securityContext.privilege");
    wrong("every c in input.request.object.spec.template.spec.containers { c.imag == \"x\" }");
    wrong(
        "cs := [c | some c in input.request.object.spec.template.spec.containers]\nsome c in cs\nc.imag == \"x\"",
    );
    wrong("count({c | some c in input.request.object.spec.template.spec.containers; c.imag}) > 1");
    wrong("spec := input.request.object.spec\npod := spec.template.spec\nnot pod.hostNetworks");
}

#[test]
fn helper_rules_are_followed() {
    let rules = "package p
workload := input.request.object
containers contains c if some c in workload.spec.template.spec.containers
containers contains c if some c in workload.spec.template.spec.initContainers
is_workload if input.request.kind.kind == \"Deployment\"
is_workload if input.request.kind.kind == \"StatefulSet\"
deny contains \"a\" if { is_workload; workload.spec.replica < 2 }
deny contains \"b\" if { is_workload; some c in containers; c.imag == \"x\" }
deny contains \"c\" if { is_workload; workload.spec.serviceName == \"x\" }
deny contains \"d\" if { workload.spec.anything == \"x\" }
deny contains \"e\" if { workload.spec.hostNetwork == \"x\" }
";
    assert_eq!(
        found(&[rules]),
        [
            "7 unknown-field: `spec` of Deployment or StatefulSet has no field `replica` (did you mean `replicas`?)",
            "8 unknown-field: `spec.template.spec.containers[_]` of Deployment or StatefulSet has no field `imag` (did you mean `image`?)",
        ]
    );
}

#[test]
fn a_value_knows_the_kind_under_which_it_was_made() {
    let rules = "package p
containers contains c if { input.request.kind.kind == \"Deployment\"; some c in input.request.object.spec.template.spec.containers }
containers contains c if { input.request.kind.kind == \"Pod\"; some c in input.request.object.spec.containers }
deny contains \"a\" if { some c in containers; c.imag == \"x\" }
deny contains \"b\" if { some c in containers; c.image == \"x\" }
";
    assert_eq!(
        found(&[rules]),
        [
            "4 unknown-field: `spec.template.spec.containers[_]` of Deployment or Pod has no field `imag` (did you mean `image`?)"
        ]
    );
}

#[test]
fn several_kinds_must_all_lack_a_field() {
    let kinds = |condition: &str| {
        body(&format!("input.request.kind.kind in {{\"Deployment\", \"Pod\"}}\n{condition}"))
    };
    assert_eq!(kinds("input.request.object.spec.hostNetwork"), Vec::<String>::new());
    assert_eq!(kinds("input.request.object.spec.replicas > 1"), Vec::<String>::new());
    assert_eq!(kinds("input.request.object.spec.hostNetworks").len(), 1);
    let listed = "package p\nkinds := [\"Deployment\", \"DaemonSet\"]\ndeny contains \"a\" if { input.request.kind.kind == kinds[_]; input.request.object.spec.tempalte }\n";
    assert_eq!(found(&[listed]).len(), 1);
}

#[test]
fn kinds_that_are_not_built_in_are_left_alone() {
    assert_eq!(
        body("input.request.kind.kind == \"Widget\"\ninput.request.object.spec.anything"),
        Vec::<String>::new()
    );
    let knative = "input.request.kind.kind == \"Service\"\ninput.request.kind.group == \"serving.knative.dev\"\ninput.request.object.spec.template.spec.x";
    assert_eq!(body(knative), Vec::<String>::new());
    let service = "input.request.kind.kind == \"Service\"\ninput.request.kind.group == \"\"\ninput.request.object.spec.template.spec.x";
    assert_eq!(body(service).len(), 1);
    assert_eq!(
        body("not input.request.kind.kind == \"Pod\"\ninput.request.object.spec.anything"),
        Vec::<String>::new()
    );
}

#[test]
fn an_object_alone_has_its_kind_in_itself() {
    assert_eq!(
        body("input.kind == \"Deployment\"\ninput.spec.replica < 2"),
        ["4 unknown-field: `spec` of a Deployment has no field `replica` (did you mean `replicas`?)"]
    );
    assert_eq!(
        body("input.kind == \"Deployment\"\ninput.context.namespace.metadata.labels.x"),
        Vec::<String>::new()
    );
    let core = body("input.kind == \"Event\"\ninput.apiVersion == \"v1\"\ninput.note == \"x\"");
    assert_eq!(core, ["5 unknown-field: an Event has no field `note`"]);
    assert_eq!(
        body("input.kind == \"Event\"\ninput.note == \"x\""),
        Vec::<String>::new(),
        "one of events.k8s.io has"
    );
}

#[test]
fn gatekeeper_reads_a_review() {
    let rule = "package p
violation contains {\"msg\": \"x\"} if { input.review.kind.kind == \"Deployment\"; input.review.object.spec.replica < input.parameters.least }
";
    assert_eq!(found(&[rule]).len(), 1);
}

#[test]
fn a_request_has_its_own_fields() {
    assert_eq!(
        body("input.request.opration == \"CREATE\"\ninput.request.object.spec.x"),
        [
            "3 unknown-field: `request` of an AdmissionReview has no field `opration` (did you mean `operation`?)"
        ]
    );
    assert_eq!(body("input.request.object.metadata.label.x").len(), 1, "whatever the kind");
    assert_eq!(body("input.request.method == \"GET\""), Vec::<String>::new(), "another kind of request");
}

#[test]
fn lists_and_scalars_have_no_fields() {
    assert_eq!(
        deployment("input.request.object.spec.template.spec.containers.image == \"x\""),
        [
            "4 unknown-field: `spec.template.spec.containers` of a Deployment is a list: it has no field `image` (go through its items: `[_].image`, or `some item in ..` and `item.image`)"
        ]
    );
    assert_eq!(
        deployment("input.request.object.spec.replicas.min == 1"),
        ["4 unknown-field: `spec.replicas` of a Deployment is a number: it has no field `min`"]
    );
}

#[test]
fn a_field_is_not_compared_with_another_type() {
    assert_eq!(
        deployment("input.request.object.spec.replicas == \"2\""),
        ["4 schema-type: a number is compared with a string: they can never be equal"]
    );
    assert_eq!(deployment("x := input.request.object.spec.replicas\nx == \"2\"").len(), 1);
    assert_eq!(deployment("input.request.object.spec.paused == \"true\"").len(), 1);
    assert_eq!(
        deployment(
            "some c in input.request.object.spec.template.spec.containers\nc.securityContext.privileged == 1"
        )
        .len(),
        1
    );
    assert_eq!(deployment("input.request.object.spec.template.spec.containers == \"x\"").len(), 1);
    for fine in [
        "input.request.object.spec.replicas == null",
        "input.request.object.spec.replicas == 2",
        "input.request.object.spec.template.spec.containers[_].resources.limits.cpu == 2",
        "input.request.object.spec.template.spec.containers[_].resources.limits.cpu == \"2\"",
        "input.request.object.spec.template.spec.containers[_].livenessProbe.httpGet.port == \"http\"",
        "input.request.object.spec.template.spec.containers[_].livenessProbe.httpGet.port == 80",
    ] {
        assert_eq!(deployment(fine), Vec::<String>::new(), "{fine}");
    }
}

#[test]
fn values_that_a_field_never_takes_are_odd() {
    assert_eq!(
        deployment("input.request.object.spec.template.spec.restartPolicy == \"always\""),
        ["4 warning unknown-value: `restartPolicy` never is `always` (did you mean `Always`?)"]
    );
    assert_eq!(
        body("input.request.operation == \"Create\"\ninput.request.object"),
        ["3 warning unknown-value: `operation` never is `Create` (did you mean `CREATE`?)"]
    );
    assert_eq!(
        body("input.request.kind.kind == \"Deploymnet\""),
        ["3 warning unknown-value: no built-in kind is called `Deploymnet` (did you mean `Deployment`?)"]
    );
    assert_eq!(body("input.request.kind.kind == \"MyOwnKind\""), Vec::<String>::new());
    assert_eq!(body("input.request.operation in {\"CREATE\", \"UPDATE\"}"), Vec::<String>::new());
}

#[test]
fn a_function_knows_what_it_is_given() {
    let rules = "package p
deny contains \"a\" if { input.request.kind.kind == \"Deployment\"; some c in input.request.object.spec.template.spec.containers; privileged(c) }
deny contains \"b\" if { input.request.kind.kind == \"Pod\"; some c in input.request.object.spec.initContainers; privileged(c) }
privileged(c) if added(c.securityContext)
added(s) if s.capabilities.added
other(c) if c.imag
test_it if privileged({\"added\": true})
";
    assert_eq!(
        found(&[rules]),
        [
            "5 unknown-field: `spec.template.spec.containers[_].securityContext.capabilities` of Deployment or Pod has no field `added` (did you mean `add`?)"
        ]
    );
    let elsewhere = format!("{rules}deny contains \"c\" if added(input.anything)\n");
    assert_eq!(found(&[&elsewhere]), Vec::<String>::new(), "one call is of something else");
    let replaced = format!("{rules}deny contains \"c\" if added(input.anything) with input as {{}}\n");
    assert_eq!(found(&[&replaced]), Vec::<String>::new(), "one call is of what `with` puts there");
}

#[test]
fn a_field_taken_with_a_default_is_looked_up_too() {
    let wrong = |condition: &str| {
        assert_eq!(deployment(condition).len(), 1, "{condition}: {:?}", deployment(condition))
    };
    wrong("not \"x\" in object.keys(object.get(input.request.object.metadata, \"label\", {}))");
    wrong("object.get(input.request.object, [\"spec\", \"replica\"], 1) > 2");
    wrong("object.get(input.request.object, \"spec\", {}).replica > 2");
    wrong("spec := object.get(input.request.object, \"spec\", {})\nspec.replica > 2");
    for fine in [
        "not \"x\" in object.keys(object.get(input.request.object.metadata, \"labels\", {}))",
        "object.get(input.request.object, [\"spec\", \"replicas\"], \"none\") == \"none\"",
        "object.get(input.request.object.spec, input.x, 1) == 1",
        "object.get(input.request.object, \"spec\", {\"replica\": 1}).replica > 2",
    ] {
        assert_eq!(deployment(fine), Vec::<String>::new(), "{fine}");
    }
}

#[test]
fn what_with_puts_in_place_of_input_is_left_alone() {
    let rules = format!(
        "package p\nallowed if {{ {DEPLOYMENT}; input.request.object.spec.replicas == 1 }}\ntest_it if allowed with input as {{\"request\": {{\"replica\": 1}}}}\n"
    );
    assert_eq!(found(&[&rules]), Vec::<String>::new());
}

#[test]
fn the_path_to_long_chains_is_short() {
    let mut rules = "package p\nr0 := input.request.object\n".to_owned();
    for at in 1..5_000 {
        rules.push_str(&format!("r{at} := r{}\n", at - 1));
    }
    rules.push_str(&format!("deny contains \"x\" if {{ {DEPLOYMENT}; r4999.spec.replica }}\n"));
    assert_eq!(found(&[&rules]).len(), 1, "and no stack is the shorter for it");
}

#[test]
fn fields_of_a_rules_own_objects_are_followed() {
    let rules = "package p
pod := {\"spec\": input.spec, \"path\": \"spec\"} if input.kind == \"Pod\"
pod := {\"spec\": input.spec.template.spec, \"path\": \"spec.template.spec\"} if input.kind in {\"Deployment\", \"Job\"}
containers := [{\"container\": c, \"path\": path} |
	some field in [\"initContainers\", \"containers\"]
	some at, c in pod.spec[field]
	path := sprintf(\"%s[%d]\", [pod.path, at])
]
deny contains place.path if { some place in containers; place.container.imag }
deny contains place.path if { some place in containers; place.container.image }
";
    assert_eq!(
        found(&[rules]),
        [
            "9 unknown-field: `spec.template.spec.initContainers[_]` of Deployment or Job or Pod has no field `imag` (did you mean `image`?)"
        ]
    );
}

#[test]
fn a_local_of_known_names_is_each_of_them() {
    let names = |names: &str| {
        deployment(&format!("some name in {names}\ninput.request.object.spec.template.spec[name] == true"))
    };
    assert_eq!(names("[\"hostPID\", \"hostIPC\"]"), Vec::<String>::new());
    assert_eq!(names("[\"hostPID\", \"hostIpcs\"]"), Vec::<String>::new(), "one of them is there");
    assert_eq!(names("[\"hostPIDs\", \"hostIpcs\"]").len(), 1);
}

#[test]
fn without_a_kind_a_slip_is_a_warning() {
    let warned = |condition: &str| body(&format!("input.request.object.kind\n{condition}"));
    assert_eq!(
        warned("input.request.object.spec.replica < 2"),
        [
            "4 warning unknown-field: no built-in kind has a field `replica` in `spec` (did you mean `replicas`?)"
        ]
    );
    assert_eq!(
        warned("some c in input.request.object.spec.template.spec.containers\nc.resource.limits"),
        [
            "5 warning unknown-field: no built-in kind has a field `resource` in `spec.template.spec.containers[_]` (did you mean `resources`?)"
        ]
    );
    assert_eq!(
        warned("input.request.object.spec.template.spec.containers.image == \"x\""),
        [
            "4 warning unknown-field: in every built-in kind `spec.template.spec.containers` is a list: it has no field `image` (go through its items: `[_].image`, or `some item in ..` and `item.image`)"
        ]
    );
    assert_eq!(
        warned("input.request.object.spec.myOwnThing == 1"),
        Vec::<String>::new(),
        "a kind of the user's own may"
    );
    assert_eq!(warned("input.request.object.spec.template.anything == 1"), Vec::<String>::new());
    assert_eq!(
        warned("input.request.kind.kind == \"Widget\"\ninput.request.object.spec.replica == 1"),
        Vec::<String>::new()
    );
    assert_eq!(body("input.spec.replica < 2").len(), 1);
    assert_eq!(body("input.resource.replica < 2"), Vec::<String>::new(), "this is no object of Kubernetes");
    assert_eq!(body("input.kind\ninput.role == \"admin\""), Vec::<String>::new(), "nor need this be one");
}

#[test]
fn what_stands_beside_the_object_is_known_too() {
    let review = |condition: &str| body(&format!("input.request.operation == \"CREATE\"\n{condition}"));
    assert_eq!(
        review("input.requst.object.spec"),
        ["4 warning unknown-field: a review has no field `requst` (did you mean `request`?)"]
    );
    assert_eq!(
        review("input.context.namespace.metadata.label.x == \"y\""),
        [
            "4 unknown-field: `context.namespace.metadata` of a Namespace has no field `label` (did you mean `labels`?)"
        ]
    );
    assert_eq!(review("input.context.namespace.metadata.labels.x == \"y\""), Vec::<String>::new());
}

#[test]
fn a_kind_that_no_object_can_be_of_is_a_contradiction() {
    let helpers = "is_pod if input.request.kind.kind == \"Pod\"\nis_workload if input.request.kind.kind in {\"Deployment\", \"Job\"}\nis_job if input.request.object.kind == \"Job\"\n";
    let with = |conditions: &str| {
        found(&[&format!("package p\n{helpers}deny contains \"x\" if {{\n{conditions}\n}}\n")])
    };
    let message = "contradiction: no object is of a kind that this and the other conditions leave, so the body never matches (conditions of one body must all hold: write a rule for each kind)";
    assert_eq!(with("is_pod\nis_workload"), [format!("7 {message}")]);
    assert_eq!(with("input.request.kind.kind == \"Service\"\nis_pod"), [format!("7 {message}")]);
    assert_eq!(with("is_job\nis_workload"), Vec::<String>::new());
    assert_eq!(with("is_pod\nnot is_workload"), Vec::<String>::new());
    assert_eq!(
        with("input.request.kind.kind == \"Service\"\ninput.request.kind.kind == \"Pod\"").len(),
        1,
        "said once"
    );
}

#[test]
fn imports_of_input_are_followed() {
    let rules = "package p\nimport input.request as asked\nimport input.request.object.spec\ndeny contains \"x\" if { asked.kind.kind == \"Deployment\"; spec.replica < 2 }\n";
    assert_eq!(
        found(&[rules]),
        ["4 unknown-field: `spec` of a Deployment has no field `replica` (did you mean `replicas`?)"]
    );
}
