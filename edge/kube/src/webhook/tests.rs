use super::*;

fn settings() -> WebhookSettings {
    WebhookSettings {
        installation: "test".to_owned(),
        endpoint: Endpoint::Url("https://127.0.0.1:8443/admit".to_owned()),
        ca_pem: Some("PEM".to_owned()),
        own_namespace: Some("tollgate".to_owned()),
        timeout_seconds: 3,
    }
}

#[test]
fn one_webhook_with_one_rule_that_fails_closed() {
    let object = configuration(&settings()).unwrap();
    let [webhook] = object["webhooks"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!(webhook["rules"].as_array().unwrap().len(), 1);
    assert_eq!(webhook["failurePolicy"], "Fail");
    assert_eq!(webhook["sideEffects"], "NoneOnDryRun");
    assert_eq!(webhook["clientConfig"]["caBundle"], "UEVN");
    assert_eq!(
        webhook["namespaceSelector"]["matchExpressions"][0]["values"],
        json!(["kube-system", "tollgate"])
    );
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let with = |change: fn(&mut WebhookSettings)| {
        let mut settings = settings();
        change(&mut settings);
        configuration(&settings).unwrap_err()
    };
    assert_eq!(with(|s| s.timeout_seconds = 0), SettingsError::Timeout(0));
    assert_eq!(with(|s| s.timeout_seconds = 31), SettingsError::Timeout(31));
    assert!(matches!(with(|s| s.endpoint = Endpoint::Url("http://x".to_owned())), SettingsError::Url(_)));
    assert!(matches!(with(|s| s.endpoint = Endpoint::Url("https://x?a".to_owned())), SettingsError::Url(_)));
    assert!(matches!(
        with(|s| s.own_namespace = Some("x'] || true".to_owned())),
        SettingsError::Namespace(_)
    ));
    assert_eq!(with(|s| s.installation = " ".to_owned()), SettingsError::NoInstallation);
}
