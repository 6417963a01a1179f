//! Content kept by digest, compressed: lz4 blocks, with the length beside them.

/// The most bytes that one piece of content may have. A row that claims more is damaged.
pub(crate) const MAX_CONTENT: usize = 64 << 20;

pub(crate) fn compress(bytes: &[u8]) -> Vec<u8> {
    lz4_flex::block::compress(bytes)
}

/// None if it is damaged.
pub(crate) fn decompress(bytes: &[u8], size: u64) -> Option<Vec<u8>> {
    let size = usize::try_from(size).ok().filter(|size| *size <= MAX_CONTENT)?;
    lz4_flex::block::decompress(bytes, size).ok().filter(|plain| plain.len() == size)
}
