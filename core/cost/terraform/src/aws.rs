//! Types of Amazon Web Services.

mod container;
mod database;
mod disk;
mod group;
mod machine;
mod network;
mod search;
mod table;

use crate::kind::Class::{Is, Or};
use crate::kind::{Kind, Part};

const fn kind(name: &'static str) -> Kind {
    Kind::new(name, "aws")
}

pub(crate) const TYPES: &[Kind] = &[
    // Machines and their disks
    kind("aws_instance").more(machine::instance),
    kind("aws_spot_instance_request").more(machine::spot_request),
    kind("aws_ebs_volume").more(disk::volume),
    kind("aws_autoscaling_group").more(group::autoscaling_group),
    kind("aws_autoscaling_schedule").scales("autoscaling_group_name", &["aws_autoscaling_group"]),
    kind("aws_launch_template"),
    kind("aws_launch_configuration"),
    kind("aws_sagemaker_endpoint_configuration").more(machine::endpoint),
    kind("aws_sagemaker_notebook_instance")
        .parts(&[Part::of("instance").instance_type("instance_type")])
        .more(machine::notebook_disk),
    // Containers
    kind("aws_eks_cluster").parts(&[Part::of("kubernetes-cluster")]).more(container::cluster),
    kind("aws_eks_node_group").more(container::node_group),
    kind("aws_eks_fargate_profile").usage(&["pods"]),
    kind("aws_ecs_service").more(container::service),
    kind("aws_ecs_task_definition"),
    kind("aws_ecr_repository").usage(&["storage_gb"]),
    // Databases and caches
    kind("aws_db_instance").more(database::instance),
    kind("aws_rds_cluster").more(database::cluster),
    kind("aws_rds_cluster_instance").more(database::cluster_instance),
    kind("aws_docdb_cluster").usage(&["storage_gb", "monthly_io_requests"]),
    kind("aws_docdb_cluster_instance")
        .parts(&[Part::of("database").class(Or("engine", "docdb")).instance_type("instance_class")]),
    kind("aws_neptune_cluster").usage(&["storage_gb", "monthly_io_requests"]),
    kind("aws_neptune_cluster_instance")
        .parts(&[Part::of("database").class(Or("engine", "neptune")).instance_type("instance_class")]),
    kind("aws_redshift_cluster").parts(&[Part::of("database")
        .class(Is("redshift"))
        .instance_type("node_type")
        .count("number_of_nodes", 1)]),
    kind("aws_elasticache_cluster").parts(&[Part::of("cache")
        .class(Or("engine", "redis"))
        .instance_type("node_type")
        .count("num_cache_nodes", 1)]),
    kind("aws_elasticache_replication_group").more(database::replication_group),
    kind("aws_dynamodb_table").more(table::table),
    kind("aws_appautoscaling_target").scales("resource_id", &["aws_dynamodb_table", "aws_ecs_service"]),
    // Networks
    kind("aws_nat_gateway").parts(&[Part::of("nat-gateway")]).usage(&["monthly_data_processed_gb"]),
    kind("aws_lb").parts(LOAD_BALANCER).usage(LOAD_BALANCER_USAGE),
    kind("aws_alb").parts(LOAD_BALANCER).usage(LOAD_BALANCER_USAGE),
    kind("aws_elb")
        .parts(&[Part::of("load-balancer").class(Is("classic"))])
        .usage(&["monthly_data_processed_gb"]),
    kind("aws_eip").parts(&[Part::of("public-ip")]),
    kind("aws_vpc_endpoint").more(network::endpoint),
    kind("aws_vpn_connection").parts(&[Part::of("vpn-connection")]).usage(&["monthly_data_processed_gb"]),
    kind("aws_ec2_transit_gateway_vpc_attachment")
        .parts(&[Part::of("transit-gateway-attachment")])
        .usage(&["monthly_data_processed_gb"]),
    kind("aws_route53_zone").parts(&[Part::of("dns-zone")]).usage(&["monthly_queries"]),
    kind("aws_cloudfront_distribution")
        .usage(&["monthly_data_transfer_to_internet_gb", "monthly_https_requests"]),
    kind("aws_api_gateway_rest_api").usage(&["monthly_requests"]),
    kind("aws_apigatewayv2_api").usage(&["monthly_requests"]),
    // Files and objects
    kind("aws_s3_bucket").usage(&[
        "standard.storage_gb",
        "standard.monthly_requests",
        "monthly_egress_data_gb",
    ]),
    kind("aws_efs_file_system").more(disk::file_system).usage(&["storage_gb"]),
    kind("aws_ebs_snapshot").usage(&["storage_gb"]),
    // Functions, queues, streams, logs
    kind("aws_lambda_function").usage(&["monthly_requests", "request_duration_ms"]),
    kind("aws_sqs_queue").usage(&["monthly_requests"]),
    kind("aws_sns_topic").usage(&["monthly_requests"]),
    kind("aws_kinesis_stream").more(search::stream).usage(&["monthly_put_units"]),
    kind("aws_cloudwatch_log_group").usage(&["monthly_data_ingested_gb", "storage_gb"]),
    kind("aws_cloudwatch_metric_alarm").parts(&[Part::of("metric-alarm")]),
    kind("aws_opensearch_domain").more(search::domain),
    kind("aws_elasticsearch_domain").more(search::domain),
    kind("aws_msk_cluster").more(search::kafka),
    kind("aws_mq_broker").more(search::broker),
    // Keys
    kind("aws_kms_key").parts(&[Part::of("kms-key")]).usage(&["monthly_requests"]),
    kind("aws_kms_external_key").parts(&[Part::of("kms-key")]).usage(&["monthly_requests"]),
    kind("aws_kms_replica_key").parts(&[Part::of("kms-key")]).usage(&["monthly_requests"]),
    kind("aws_secretsmanager_secret").parts(&[Part::of("secret")]).usage(&["monthly_requests"]),
];

const LOAD_BALANCER: &[Part] = &[Part::of("load-balancer").class(Or("load_balancer_type", "application"))];
const LOAD_BALANCER_USAGE: &[&str] = &["new_connections", "active_connections", "processed_bytes_gb"];
