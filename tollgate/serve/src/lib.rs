//! The gate's doors: admission, status page, metrics
