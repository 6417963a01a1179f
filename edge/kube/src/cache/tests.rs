use super::*;

const STALE: Duration = Duration::from_secs(30);
const NAMES: Resource = crate::NAMESPACES;

fn why(state: &State, now: Instant) -> String {
    state.fresh(&NAMES, STALE, now).unwrap_err().to_string()
}

fn one(name: &str) -> Objects {
    let mut objects = Objects::default();
    let kept = Kept { uid: "u".into(), body: Body::Value(Arc::default()) };
    objects.insert(Key { namespace: "".into(), name: name.into() }, kept);
    objects
}

#[test]
fn before_the_first_list_nobody_can_say() {
    let mut state = State::default();
    assert_eq!(why(&state, Instant::now()), "namespaces were never listed: the API server has not answered");
    state.trouble("namespaces is forbidden".to_owned());
    assert!(why(&state, Instant::now()).ends_with(": namespaces is forbidden"));
}

#[test]
fn an_answer_ends_when_it_may_be_stale() {
    let mut state = State::default();
    state.replace(one("shop"), Moment::now());
    let heard = state.confirmed.unwrap();
    let (objects, observed_at) = state.fresh(&NAMES, STALE, heard.clock + STALE).unwrap();
    assert_eq!(observed_at, heard.at);
    assert!(objects.get("", "shop").is_some() && objects.get("", "ship").is_none());
    state.trouble("connection refused".to_owned());
    let later = heard.clock + STALE + Duration::from_secs(12);
    assert_eq!(why(&state, later), "the watch of namespaces is broken for 42 s: connection refused");
}

#[test]
fn a_list_is_of_the_moment_when_it_was_asked_for() {
    let mut state = State::default();
    let asked = Moment::now();
    std::thread::sleep(Duration::from_millis(2));
    state.replace(one("shop"), asked);
    assert_eq!(state.latest().unwrap().1, asked.at);
}

#[test]
fn trouble_is_forgotten_with_the_next_word() {
    let mut state = State::default();
    state.replace(one("shop"), Moment::now());
    state.trouble("connection refused".to_owned());
    state.confirm();
    assert_eq!(state.trouble, None);
}

#[test]
fn objects_are_listed_by_namespace_in_order() {
    let mut objects = Objects::default();
    let key = |namespace: &str, name: &str| Key { namespace: namespace.into(), name: name.into() };
    for (namespace, name) in [("b", "x"), ("a", "z"), ("a", "y")] {
        let kept = Kept { uid: name.into(), body: Body::Value(Arc::new(Value::from(name))) };
        assert_eq!(objects.insert(key(namespace, name), kept), None);
    }
    let names = |namespace: Option<&str>| {
        let all = objects.iter(namespace).map(|(namespace, name, _)| format!("{namespace}/{name}"));
        all.collect::<Vec<_>>()
    };
    assert_eq!(names(None), ["a/y", "a/z", "b/x"]);
    assert_eq!(names(Some("a")), ["a/y", "a/z"]);
    assert_eq!(names(Some("c")), [""; 0]);
    assert!(objects.remove(&key("b", "x")).is_some() && objects.remove(&key("b", "x")).is_none());
    assert_eq!(objects.iter(Some("b")).count(), 0);
}

#[test]
fn an_object_is_kept_with_its_kind_and_without_who_wrote_it() {
    let sent = || {
        serde_json::json!({
            "metadata": {"name": "shop", "uid": "u", "managedFields": [{"manager": "m"}], "annotations": {"a": "b"}},
            "spec": {"finalizers": ["kubernetes"]},
        })
    };
    let (key, kept) = Decoder::new(NAMES).decode(sent()).unwrap();
    assert_eq!((&*key.namespace, &*key.name, &*kept.uid), ("", "shop", "u"));
    let whole = serde_json::json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "uid": "u", "annotations": {"a": "b"}},
        "spec": {"finalizers": ["kubernetes"]},
    });
    assert_eq!(*kept.body.value(), crate::value_of(&whole));
    let cost = Resource { keep: crate::Keep::Cost, ..NAMES };
    let (_, kept) = Decoder::new(cost).decode(sent()).unwrap();
    assert_eq!(kept.body.value().get("metadata").unwrap().get("annotations"), None);
    let nobody = Decoder::new(NAMES).decode(serde_json::json!({"metadata": {"name": "shop"}})).unwrap_err();
    assert_eq!(nobody.text(), "the API server sent one of namespaces without name or uid");
}
