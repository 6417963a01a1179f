use tollgate_manifest::{Limits, read_values};
use tollgate_vocabulary::Value;

use super::*;

fn value(text: &str) -> Value {
    read_values(text.as_bytes(), &Limits::default()).unwrap().remove(0)
}

fn read(text: &str) -> Result<NodePools, Vec<String>> {
    NodePools::read(&value(text)).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

/// The names of the pools that a pod's spec matches.
fn matching(pools: &NodePools, pod: &str, daemon: bool) -> Vec<String> {
    let pod = value(pod);
    let matching = pools.matching(&Node::object(&pod), None, daemon).unwrap();
    matching.into_iter().map(|pool| pool.name.to_string()).collect()
}

#[test]
fn all_that_a_pool_may_say_is_read() {
    let pools = read(
        "pools:\n- name: a\n  nodes: 2\n  maxNodes: 5\n  labels: {team: red}\n  taints: [{key: k, value: v, effect: NoSchedule}]\n  \
         provider: aws\n  region: eu-west-1\n  zone: eu-west-1a\n  instanceType: m7i.xlarge\n  purchase: spot\n  \
         onDemandFallback: false\n  allocatable: {cpu: 3920m, memory: 14Gi}\n- {name: b, nodes: 1}\n",
    )
    .unwrap();
    let [a, b] = &pools.pools[..] else { panic!() };
    assert_eq!((a.nodes, a.most, b.nodes, b.most), (2, 5, 1, 1));
    assert_eq!(a.offer.purchase, Purchase::Spot);
    assert!(!a.offer.falls_back && !b.offer.falls_back);
    assert_eq!(a.labels.get("topology.kubernetes.io/zone").map(|label| &**label), Some("eu-west-1a"));
    assert_eq!(a.allocatable("cpu"), Quantity::parse("3.92").ok());
    assert_eq!((a.allocatable("nvidia.com/gpu"), b.allocatable("cpu")), (None, None));
    assert_eq!(a.path.to_string(), "pools[0]");
    assert_eq!(pools.places().len(), 2);
}

#[test]
fn spot_is_replaced_unless_it_says_otherwise() {
    let pools = read("pools: [{name: a, nodes: 1, purchase: spot}]").unwrap();
    assert!(pools.pools[0].offer.falls_back);
}

#[test]
fn all_errors_come_out_at_once_each_with_its_path() {
    let errors = read(
        "pools:\n- {name: a, nodes: 3, maxNodes: 2, maxnodes: 4}\n- {name: a, nodes: -1}\n- {nodes: many, purchase: rented}\n\
         - {name: c}\n- {name: d, nodes: 1, taints: [{key: k, effect: Never, of: x}], allocatable: {gpu: 1, cpu: abc}}\n- x\n",
    )
    .unwrap_err();
    let known = "unknown key; known are";
    let expected = [
        format!("`pools[0].maxnodes`: {known}"),
        "`pools[0].maxNodes`: 2 nodes at most are fewer than the 3 there are".to_owned(),
        "`pools[1].nodes`: `-1` is less than nothing".to_owned(),
        "`pools[1].name`: pool `a` stands twice".to_owned(),
        "`pools[2].name`: is missing".to_owned(),
        "`pools[2].nodes`: `many` is no whole number".to_owned(),
        "`pools[2].purchase`: `rented` is none of `on-demand`, `spot`, `reserved`".to_owned(),
        "`pools[3].nodes`: is missing".to_owned(),
        format!("`pools[4].allocatable.gpu`: {known} `cpu`, `memory`"),
        format!("`pools[4].taints[0].of`: {known} `key`, `value`, `effect`"),
        "`pools[4].taints[0].effect`: `Never` is none of `NoSchedule`, `NoExecute`, `PreferNoSchedule`"
            .to_owned(),
        "`pools[4].allocatable.cpu`: `abc` is no quantity such as `500m` or `1Gi`".to_owned(),
        "`pools[5]`: must be an object".to_owned(),
    ];
    for (error, expected) in errors.iter().zip(&expected) {
        assert!(error.starts_with(expected), "{error} instead of {expected}");
    }
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
}

#[test]
fn a_file_of_something_else_is_no_file_of_pools() {
    assert_eq!(read("pool: []"), Err(vec!["`pool`: unknown key; known are `pools`".to_owned()]));
    assert_eq!(read("{}"), Err(vec!["`pools`: is missing".to_owned()]));
    assert_eq!(read("- a"), Err(vec!["``: must be an object".to_owned()]));
    assert_eq!(read("pools: 3"), Err(vec!["`pools`: must be a list".to_owned()]));
    assert!(read("pools: []").unwrap().is_empty());
}

#[test]
fn selectors_affinity_and_tolerations_choose_pools() {
    let pools = read(
        "pools:\n- {name: plain, nodes: 1}\n- {name: red, nodes: 1, labels: {team: red, rank: \"7\"}}\n\
         - {name: tainted, nodes: 1, labels: {team: red}, taints: [{key: own, value: x, effect: NoSchedule}]}\n\
         - {name: hard, nodes: 1, taints: [{key: own, value: x, effect: NoExecute}]}\n\
         - {name: soft, nodes: 1, taints: [{key: own, effect: PreferNoSchedule}]}\n\
         - {name: down, nodes: 1, taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}]}\n",
    )
    .unwrap();
    let required = |terms: &str| {
        format!(
            "affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{terms}]}}}}}}"
        )
    };
    let expression = |rest: &str| required(&format!("{{matchExpressions: [{{{rest}}}]}}"));
    for (pod, expected) in [
        ("{}".to_owned(), "plain red soft"),
        ("nodeSelector: {team: red}".to_owned(), "red"),
        ("nodeSelector: {team: blue}".to_owned(), ""),
        ("tolerations: [{operator: Exists}]".to_owned(), "plain red tainted hard soft down"),
        ("tolerations: [{key: own, operator: Exists}]".to_owned(), "plain red tainted hard soft"),
        ("tolerations: [{key: own, value: x, effect: NoSchedule}]".to_owned(), "plain red tainted soft"),
        ("tolerations: [{key: own, value: z}]".to_owned(), "plain red soft"),
        (expression("key: team, operator: In, values: [red, blue]"), "red"),
        (expression("key: team, operator: NotIn, values: [red]"), "plain soft"),
        (expression("key: team, operator: Exists"), "red"),
        (expression("key: team, operator: DoesNotExist"), "plain soft"),
        (expression("key: rank, operator: Gt, values: [\"6\"]"), "red"),
        (expression("key: rank, operator: Lt, values: [\"6\"]"), ""),
        (expression("key: team, operator: Gt, values: [\"6\"]"), ""),
        (required("{matchFields: [{key: metadata.name, operator: In, values: [node-1]}]}"), "plain red soft"),
        (required("{}"), ""),
        (required(""), ""),
        (
            required(
                "{matchExpressions: [{key: team, operator: Exists}]}, {matchExpressions: [{key: free, operator: DoesNotExist}]}",
            ),
            "plain red soft",
        ),
    ] {
        assert_eq!(matching(&pools, &pod, false).join(" "), expected, "{pod}");
    }
    assert_eq!(matching(&pools, "{}", true).join(" "), "plain red soft down");
}

#[test]
fn an_operator_that_nobody_knows_is_an_error() {
    let pools = read("pools: [{name: a, nodes: 1, taints: [{key: k, effect: NoSchedule}]}]").unwrap();
    for pod in [
        "tolerations: [{key: k, operator: Sometimes}]",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: \
         [{matchExpressions: [{key: k, operator: Like}]}]}}}",
        "nodeSelector: {a: 1}",
    ] {
        let pod = value(pod);
        assert!(pools.matching(&Node::object(&pod), None, false).is_err());
    }
}
