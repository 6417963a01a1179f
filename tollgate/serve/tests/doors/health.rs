//! A gate that cannot record, and one that can again.

use rusqlite::Connection;
use serde_json::json;

use crate::gate::{Running, deployment};

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_down_refuses_with_the_reason_and_recovers() {
    let gate = Running::start().await;
    assert_eq!(gate.client.get("/healthz").await.text(), "ok\n");
    assert_eq!(gate.client.get("/readyz").await.text(), "ok\n");
    let review = deployment("u-1", "vision", &json!({"cost": "CC-1"}));
    assert_eq!(gate.admit(&review).await["response"]["allowed"], true);

    // Inserts fail, and the database is of a release that this one cannot open anew.
    let database = Connection::open(gate.data.join("tollgate.db")).expect("opened");
    let version: i64 =
        database.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version");
    let breaking = "CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'disk full'); END;
                    PRAGMA user_version = 99;";
    database.execute_batch(breaking).expect("broken");
    for at in 0..2 {
        let answer = gate.admit(&deployment(&format!("u-2{at}"), "vision", &json!({"cost": "CC-1"}))).await;
        let response = &answer["response"];
        assert_eq!(
            (&response["allowed"], &response["status"]["code"]),
            (&json!(false), &json!(503)),
            "{answer}"
        );
        assert_eq!(response["auditAnnotations"]["refusal"], "store-down");
        assert!(
            response["status"]["message"].as_str().is_some_and(|text| text.contains("cannot be recorded"))
        );
    }
    let answer = gate.client.get("/readyz").await;
    assert_eq!(answer.code, 503, "{}", answer.text());
    assert!(answer.text().contains("cannot be recorded"), "{}", answer.text());
    assert_eq!(gate.client.get("/healthz").await.code, 200, "the process lives");
    assert_eq!(gate.client.get("/metrics").await.code, 200);
    assert_eq!(gate.metric("tollgate_refusals_total{reason=\"store-down\"}").await, Some(2.0));

    database.execute_batch(&format!("DROP TRIGGER full; PRAGMA user_version = {version};")).expect("mended");
    for _ in 0..100 {
        if gate.client.get("/readyz").await.code == 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(
        gate.admit(&deployment("u-3", "vision", &json!({"cost": "CC-1"}))).await["response"]["allowed"],
        true
    );
    assert_eq!(
        gate.admit(&review).await["response"]["allowed"],
        true,
        "what was recorded is answered the same"
    );
    assert_eq!(gate.decisions(), 2);
}
