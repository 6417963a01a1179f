//! Addresses and references as Terraform writes them: `module.net["a.b"].aws_subnet.x[0]`, `aws_lb.front[0].arn`.

/// What a reference names first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference<'t> {
    /// a type, `var`, `module`, `each`, `data`, ..
    pub(crate) kind: &'t str,
    pub(crate) name: &'t str,
    /// `[0]`, `["x"]`, or nothing
    pub(crate) index: &'t str,
}

impl<'t> Reference<'t> {
    pub(crate) fn of(text: &'t str) -> Option<Self> {
        let (kind, rest) = text.split_once('.')?;
        let (name, rest) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
        let index = rest.get(..index_length(rest)).unwrap_or_default();
        (!kind.is_empty() && !name.is_empty()).then_some(Self { kind, name, index })
    }
}

/// Names of the modules of a module's address, joined by dots: `module.a["x"].module.b` is `a.b`.
pub(crate) fn module_names(address: &str) -> String {
    modules(address).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(".")
}

/// The address of the module around so many modules from the root: `module.a["x"]` is the first of
/// `module.a["x"].module.b`.
pub(crate) fn ancestor(address: &str, depth: usize) -> &str {
    let end = depth.checked_sub(1).and_then(|last| modules(address).get(last).map(|(_, end)| *end));
    end.and_then(|end| address.get(..end)).unwrap_or_default()
}

/// The modules of an address, each with where it ends.
fn modules(address: &str) -> Vec<(&str, usize)> {
    let (mut found, mut rest) = (Vec::new(), address);
    while let Some(after) = rest.strip_prefix("module.") {
        let (name, behind) = after.split_at(after.find(['.', '[']).unwrap_or(after.len()));
        let behind = behind.get(index_length(behind)..).unwrap_or_default();
        found.push((name, address.len() - behind.len()));
        rest = behind.strip_prefix('.').unwrap_or_default();
    }
    found
}

/// Bytes of the index that `text` begins with: brackets, and whatever is quoted within them.
fn index_length(text: &str) -> usize {
    if !text.starts_with('[') {
        return 0;
    }
    let (mut quoted, mut escaped) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_named_without_their_indexes() {
        assert_eq!(module_names(r#"module.a["x].y\"z"].module.b[0].module.c"#), "a.b.c");
        assert_eq!(module_names("module.a"), "a");
        assert_eq!(module_names(""), "");
        assert_eq!(module_names("module.a[\"open"), "a");
    }

    #[test]
    fn a_module_lies_in_those_before_it() {
        let address = r#"module.a["x].y"].module.b[0]"#;
        assert_eq!(ancestor(address, 0), "");
        assert_eq!(ancestor(address, 1), r#"module.a["x].y"]"#);
        assert_eq!(ancestor(address, 2), address);
        assert_eq!(ancestor(address, 3), "");
    }

    #[test]
    fn a_reference_names_a_resource_and_perhaps_which_one_of_it() {
        let of = |text| Reference::of(text).map(|found| (found.kind, found.name, found.index));
        assert_eq!(of("aws_lb.front[0].arn"), Some(("aws_lb", "front", "[0]")));
        assert_eq!(of(r#"aws_lb.front["a.b"]"#), Some(("aws_lb", "front", r#"["a.b"]"#)));
        assert_eq!(of("var.size"), Some(("var", "size", "")));
        assert_eq!(of("aws_lb.front.arn"), Some(("aws_lb", "front", "")));
        assert_eq!(of("local"), None);
        assert_eq!(of(".x"), None);
    }
}
