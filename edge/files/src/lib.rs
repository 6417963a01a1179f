//! The estate's files: walking, reading, watching
