//! OpenCost's CSV.

use tollgate_price::{Asked, Key, PriceBook, read_csv};
use tollgate_vocabulary::Digest;

const HEAD: &str =
    "EndTimestamp,InstanceID,Region,AssetClass,InstanceIDField,InstanceType,MarketPriceHourly,Version\n";

fn said(text: &str) -> Vec<String> {
    let rows = read_csv(&"p.csv".into(), text.as_bytes()).unwrap();
    rows.iter().map(|row| format!("{}: {row}", row.place)).collect()
}

#[test]
fn nodes_volumes_and_gpus_become_rows() {
    assert_eq!(
        said(&format!(
            "# currency: EUR\n{HEAD}2019-04-17 23:34:22 UTC,worker-1,eu,node,metadata.name,m1,0.1,v1\n\
             2019-04-17 23:34:22 UTC,vol,,pv,spec.storageClassName,ignored,0.1338,\n\
             2019-04-17 23:34:22 UTC,pvc-1,,pv,metadata.name,,0.2,\n\
             2019-04-17 23:34:22 UTC,a100,,gpu,nvidia.com/gpu_type,,0.5,\n"
        )),
        [
            "p.csv:3: instance/metadata.name=worker-1 eu hour 0.1 EUR (OpenCost CSV v1)",
            "p.csv:4: storage/vol GiB-hour 0.1338 EUR (OpenCost CSV)",
            "p.csv:5: storage/metadata.name=pvc-1 GiB-hour 0.2 EUR (OpenCost CSV)",
            "p.csv:6: nvidia.com/gpu/a100 gpu-hour 0.5 EUR (OpenCost CSV)",
            "p.csv:3: instance eu m1 hour 0.1 EUR (OpenCost CSV v1)",
        ]
    );
}

#[test]
fn a_file_without_nodes_keeps_its_volumes_and_gpus() {
    let text = format!("{HEAD},fast,,pv,spec.storageClassName,,0.1,\n,t4,,gpu,model,,0.5,\n");
    assert_eq!(
        said(&text),
        [
            "p.csv:2: storage/fast GiB-hour 0.1 USD (OpenCost CSV, taken for USD)",
            "p.csv:3: nvidia.com/gpu/t4 gpu-hour 0.5 USD (OpenCost CSV, taken for USD)",
        ]
    );
}

#[test]
fn the_price_of_a_type_is_the_average_of_its_nodes() {
    // The average of averages would be 0.25.
    let text = format!(
        "{HEAD},a,eu,node,metadata.name,m1,0.1,\n,b,eu,node,metadata.name,m1,0.1,\n,c,eu,node,metadata.name,m1,0.4,\n\
         ,d,us,node,metadata.name,m1,7,\n,e,us,node,metadata.name,,9,\n"
    );
    let averages: Vec<_> = said(&text).split_off(5);
    assert_eq!(
        averages,
        [
            "p.csv:2: instance eu m1 hour 0.2 USD (OpenCost CSV, taken for USD, average of 3 nodes)",
            "p.csv:5: instance us m1 hour 7 USD (OpenCost CSV, taken for USD)",
        ]
    );
}

#[test]
fn the_latest_line_of_an_asset_counts() {
    let text = format!(
        "{HEAD}2019-04-17 23:34:22 UTC,a,,node,metadata.name,m1,1,\n2020-04-17T23:34:22Z,a,,node,metadata.name,m1,2,\n\
         2018-04-17 23:34:22 UTC,a,,node,metadata.name,m1,3,\n,a,,node,metadata.name,m1,4,\n"
    );
    assert_eq!(
        said(&text),
        [
            "p.csv:3: instance/metadata.name=a hour 2 USD (OpenCost CSV, taken for USD)",
            "p.csv:3: instance m1 hour 2 USD (OpenCost CSV, taken for USD)",
        ]
    );
}

#[test]
fn a_node_is_found_in_its_region_then_anywhere_then_by_its_type() {
    let text = format!(
        "{HEAD},w,eu,node,spec.providerID,m1,1,\n,w,,node,spec.providerID,,2,\n\
         ,cax11,fsn1,node,metadata.labels.node.kubernetes.io/instance-type,cax11,0.0061,2026.01\n"
    );
    let rows = read_csv(&"p.csv".into(), text.as_bytes()).unwrap();
    let book = PriceBook::new(rows, Digest::of(text.as_bytes())).unwrap();
    let price = |class: Option<&str>, region: &str, instance_type: &str| {
        let key = Key {
            resource: "instance".into(),
            class: class.map(Into::into),
            region: Some(region.into()),
            instance_type: Some(instance_type.into()),
            ..Key::default()
        };
        let asked = Asked { key: &key, at: "2026-01-01T00:00:00Z".parse().unwrap() };
        book.find(&asked).map(|price| price.row().price.to_exact_text())
    };
    assert_eq!(price(Some("spec.providerID=w"), "eu", "m1").as_deref(), Some("1"));
    assert_eq!(price(Some("spec.providerID=w"), "us", "m1").as_deref(), Some("2"));
    assert_eq!(price(Some("spec.providerID=v"), "eu", "m1"), None);
    assert_eq!(price(None, "eu", "m1").as_deref(), Some("1"));
    assert_eq!(price(None, "us", "m1"), None);
    assert_eq!(price(None, "fsn1", "cax11").as_deref(), Some("0.0061"));
    assert_eq!(book.rows().len(), 4);
}
