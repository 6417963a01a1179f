use super::*;

const STALE: Duration = Duration::from_secs(30);

fn why(lookup: Lookup) -> String {
    match lookup {
        Lookup::NotSynced { why } => why.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn before_the_first_list_nobody_can_say() {
    let mut state = State::default();
    assert_eq!(
        why(state.lookup("shop", STALE, Instant::now())),
        "namespaces were never listed: the API server has not answered"
    );
    state.trouble = Some("namespaces is forbidden".into());
    assert!(why(state.lookup("shop", STALE, Instant::now())).ends_with(": namespaces is forbidden"));
}

#[test]
fn an_answer_ends_when_it_may_be_stale() {
    let mut state = State::default();
    state.objects.insert("shop".into(), Arc::new(Value::Null));
    state.confirm();
    let heard = state.confirmed.unwrap();
    assert!(
        matches!(state.lookup("shop", STALE, heard.clock + STALE), Lookup::Known { observed_at, .. } if observed_at == heard.at)
    );
    assert!(matches!(state.lookup("ship", STALE, heard.clock + STALE), Lookup::Absent { .. }));
    state.trouble = Some("connection refused".into());
    let later = heard.clock + STALE + Duration::from_secs(12);
    assert_eq!(
        why(state.lookup("shop", STALE, later)),
        "the watch of namespaces is broken for 42 s: connection refused"
    );
}
