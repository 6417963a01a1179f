//! Types of resources that cost nothing, whatever is written: networks, rules, rights, names.

/// One name to a line, each with at most one `*` for anything; `#` begins a comment.
const NAMES: &str = include_str!("free.txt");

/// Whether a resource of that type costs nothing.
pub(crate) fn is_free(kind: &str) -> bool {
    let names = NAMES.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    names.into_iter().any(|name| match name.split_once('*') {
        None => name == kind,
        Some((start, end)) => {
            kind.len() >= start.len() + end.len() && kind.starts_with(start) && kind.ends_with(end)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_and_rules_are_free_and_machines_are_not() {
        for kind in [
            "aws_iam_role",
            "google_project_iam_member",
            "google_storage_bucket_iam_binding",
            "null_resource",
        ] {
            assert!(is_free(kind), "{kind}");
        }
        for kind in ["aws_instance", "aws_wafv2_web_acl", "google_sql_database_instance", "random", "aws_iam"]
        {
            assert!(!is_free(kind), "{kind}");
        }
    }

    #[test]
    fn no_type_with_a_price_is_free() {
        assert_eq!(crate::priced_types().filter(|kind| is_free(kind)).count(), 0);
    }
}
