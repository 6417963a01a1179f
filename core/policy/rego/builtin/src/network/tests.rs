use tollgate_rego_value::Val;

use crate::Error;
use crate::testing::{call, eval, fails};

fn s(text: &str) -> Val<'_> {
    Val::String(text)
}

#[test]
fn a_network_holds_addresses_and_networks() {
    for (a, b, expected) in [
        ("10.0.0.0/8", "10.1.2.3", true),
        ("10.0.0.0/8", "192.168.1.1", false),
        ("10.0.0.0/8", "10.255.0.0/16", true),
        ("10.1.0.0/16", "10.0.0.0/8", false),
        ("2001:4860::/32", "2001:4860:4860:1234::8888/40", true),
        ("::/0", "10.0.0.1", false),
        ("::/80", "::/80", true),
        ("10.0.0.0/8", "::ffff:10.0.0.1", true),
        ("::ffff:10.0.0.0/104", "10.200.0.0/16", true),
        ("0.0.0.0/0", "255.255.255.255", true),
    ] {
        assert_eq!(eval("net.cidr_contains", &[s(a), s(b)]), expected.to_string(), "{a} {b}");
        assert_eq!(eval("net.cidr_overlap", &[s(a), s(b)]), expected.to_string(), "{a} {b}");
    }
    assert_eq!(fails("net.cidr_contains", &[s("x"), s("10.0.0.1")]), "invalid CIDR address: x");
    assert_eq!(
        fails("net.cidr_contains", &[s("10.0.0.0/8"), s("x")]),
        "not a valid textual representation of an IP address or CIDR: x"
    );
    assert_eq!(
        fails("net.cidr_contains", &[s("10.0.0.0/8"), Val::Null]),
        "operand 1 must be string but got null"
    );
}

#[test]
fn networks_intersect_where_they_share_an_address() {
    let intersects = |a, b| eval("net.cidr_intersects", &[s(a), s(b)]);
    assert_eq!(intersects("192.168.1.0/25", "192.168.1.64/25"), "true");
    assert_eq!(intersects("10.0.0.0/8", "10.1.0.0/16"), "true");
    assert_eq!(intersects("fd1e:5bfe:8af3:9ddc::/64", "2001:4860:4860::8888/32"), "false");
}

#[test]
fn matches_are_known_by_position_key_or_item() {
    let networks = [s("1.1.2.0/24"), s("1.1.1.0/24")];
    let addresses = [s("1.1.1.1"), s("1.1.2.1")];
    let matches = |a, b| eval("net.cidr_contains_matches", &[a, b]);
    assert_eq!(matches(Val::Array(&networks), Val::Array(&addresses)), "{[0, 1], [1, 0]}");
    let tuple = [s("1.1.1.2/24"), Val::Int(1)];
    let object = [(s("k1"), s("1.1.1.1/24")), (s("k2"), Val::Array(&tuple))];
    assert_eq!(
        matches(Val::Object(&object), s("1.1.1.128")),
        r#"{["k1", "1.1.1.128"], ["k2", "1.1.1.128"]}"#
    );
    let bad = [s("1.1.1.1"), Val::Int(1)];
    assert_eq!(
        fails("net.cidr_contains_matches", &[Val::Array(&networks), Val::Array(&bad)]),
        "operand 2: element must be string or non-empty array"
    );
}

#[test]
fn addresses_of_a_network_are_listed_within_the_limit() {
    assert_eq!(
        eval("net.cidr_expand", &[s("172.16.100.255/30")]),
        r#"{"172.16.100.252", "172.16.100.253", "172.16.100.254", "172.16.100.255"}"#
    );
    assert_eq!(eval("net.cidr_expand", &[s("::1/128")]), r#"{"::1"}"#);
    assert_eq!(fails("net.cidr_expand", &[s("192.168.1.1/33")]), "invalid CIDR address: 192.168.1.1/33");
    for endless in ["0.0.0.0/0", "::/0"] {
        call("net.cidr_expand", &[s(endless)], |result| assert_eq!(result, Err(Error::Limit)));
    }
}

#[test]
fn what_is_no_network_is_not_valid() {
    for (text, expected) in [
        ("10.0.0.0/8", true),
        ("10.0.0.0/08", true),
        ("10.0.0.0", false),
        ("fe80::1%eth0/64", false),
        ("10.0.0.00/8", false),
    ] {
        assert_eq!(eval("net.cidr_is_valid", &[s(text)]), expected.to_string(), "{text}");
    }
    assert_eq!(eval("net.cidr_is_valid", &[Val::Null]), "false");
}

#[test]
fn networks_are_merged_where_they_touch_or_overlap() {
    for (networks, expected) in [
        (vec!["192.0.2.112/30", "192.0.2.116/31", "192.0.2.118/31"], vec!["192.0.2.112/29"]),
        (
            vec!["192.0.2.112/31", "192.0.2.116/31", "192.0.2.118/31"],
            vec!["192.0.2.112/31", "192.0.2.116/30"],
        ),
        (vec!["10.0.0.0/32", "10.0.0.1/32", "10.0.0.2/32"], vec!["10.0.0.0/31", "10.0.0.2/32"]),
        (vec!["192.0.129.0/24", "192.0.130.0/24"], vec!["192.0.129.0/24", "192.0.130.0/24"]),
        (vec!["::/0", "fe80::1/128"], vec!["::/0"]),
        (vec!["0.0.0.0/0", "10.0.0.0/8"], vec!["0.0.0.0/0"]),
        (vec!["fe80::/120", "192.0.2.0/24", "192.0.3.0/24"], vec!["192.0.2.0/23", "fe80::/120"]),
        (vec!["192.0.128.0", "192.0.129.0"], vec!["192.0.128.0/23"]),
        (vec!["192.0.128.7"], vec!["192.0.128.7/24"]),
        (vec!["192.0.128.7/24"], vec!["192.0.128.0/24"]),
        (vec![], vec![]),
    ] {
        let items: Vec<_> = networks.iter().map(|text| s(text)).collect();
        let expected: Vec<_> = expected.iter().map(|text| format!("{text:?}")).collect();
        assert_eq!(eval("net.cidr_merge", &[Val::Array(&items)]), format!("{{{}}}", expected.join(", ")));
    }
    assert_eq!(fails("net.cidr_merge", &[Val::Array(&[s("foo")])]), "invalid CIDR address: foo");
    assert_eq!(fails("net.cidr_merge", &[Val::Array(&[s("::1")])]), "IPv6 invalid: needs prefix length");
}
