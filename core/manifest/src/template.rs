//! Files that only become manifests when something renders them.

/// Whether `bytes` hold a template marker (`{{`) outside of comments: Helm, Go templates, Jinja.
#[must_use]
pub fn looks_like_template(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| *byte == b'\n')
        .any(|line| !line.trim_ascii_start().starts_with(b"#") && line.windows(2).any(|pair| pair == b"{{"))
}
