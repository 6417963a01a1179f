//! The plane itself: it comes up, it knows its people, it comes back, and it leaves nothing behind.

use tollgate_testplane::Options;

#[test]
fn a_cluster_comes_up_knows_its_people_comes_back_and_goes() {
    let options =
        Options { apiserver_flags: vec!["--anonymous-auth=false".to_owned()], ..Options::default() };
    let Some(mut cluster) = tollgate_testplane::start_with(&options) else { return };
    cluster.kubectl(&["create", "namespace", "shop"]).expect_success();
    let stranger = cluster.kubeconfig_for("stranger", &["nobody"]).unwrap();
    let refused = cluster.kubectl_with(&stranger, &["get", "namespaces"], "");
    assert!(refused.expect_failure().contains("\"stranger\" cannot list"), "{}", refused.stderr);
    let object = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}}";
    cluster.kubectl_stdin(&["apply", "-f", "-"], object).expect_success();
    cluster.restart_apiserver().unwrap();
    let read = cluster.kubectl(&["-n", "shop", "get", "configmap", "a", "-o", "name"]);
    assert_eq!(read.expect_success().trim(), "configmap/a");
    let (dir, id) = (cluster.dir().to_path_buf(), cluster.apiserver_id());
    drop(cluster);
    assert!(!dir.exists());
    assert!(!std::path::Path::new(&format!("/proc/{id}")).exists());
}
