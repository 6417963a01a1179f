//! An API server that proves itself by a client certificate.

use tollgate_testplane::Options;

use crate::object::map;
use crate::plane::alone_with;

const ADMISSION: &str = "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n\
    - name: ValidatingAdmissionWebhook\n  configuration:\n    apiVersion: apiserver.config.k8s.io/v1\n    \
    kind: WebhookAdmissionConfiguration\n    kubeConfigFile: '{dir}/webhook.kubeconfig'\n";

const IDENTITY: &str = "apiVersion: v1\nkind: Config\nusers:\n\
    - {name: '*', user: {client-certificate: '{dir}/admin.crt', client-key: '{dir}/admin.key'}}\n";

#[test]
fn with_a_client_authority_only_its_certificates_are_asked_by() {
    let files = [("admission.yaml", ADMISSION), ("webhook.kubeconfig", IDENTITY)];
    let options = Options {
        apiserver_flags: vec!["--admission-control-config-file={dir}/admission.yaml".to_owned()],
        files: files.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
    };
    let Some(plane) = alone_with(options, |settings, _| {
        let authority = settings.kubeconfig.with_file_name("ca.crt").display().to_string();
        settings.arguments = vec!["--client-ca".to_owned(), authority];
    }) else {
        return;
    };
    assert_eq!(plane.gate.path(), "/admit", "the certificate proves the caller, nothing needs to be secret");
    assert!(plane.client.create_map("default", &map("proved", "good")).created());
    let decisions = plane.ledger().about("ConfigMap default/proved");
    let [decision] = &decisions[..] else { panic!("{decisions:?}") };
    let body = plane.ledger().body(&decision.id);
    assert_eq!(body["actor"]["authentication"], "client-certificate", "{body:#}");

    let before = plane.ledger().decisions().len();
    let answer = plane.gate.client().send("POST", "/admit", "{}");
    assert!(answer.as_ref().map_or(true, |answer| answer.code == 403), "{answer:?}");
    assert_eq!(plane.ledger().decisions().len(), before);
}
