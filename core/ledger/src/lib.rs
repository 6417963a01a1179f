//! What was decided, as bytes: the formats of the tamper-evident log. Knows no domain.
//!
//! ```text
//! effects, body ──salts──> entry (66 bytes) ──SHA-256──> leaf ──> tree ──> root ──> checkpoint ──Ed25519──> note
//!                             │                            └────> tile (256 hashes)      receipt ──Ed25519──> note
//!                             └─────────────────────────────────> bundle (256 entries)
//! ```
//!
//! Everything here is frozen: what one release wrote, all later ones read. `corpus/ledger` holds the vectors.
//!
//! - Hashing is RFC 6962: leaf `SHA-256(0x00 ‖ entry)`, node `SHA-256(0x01 ‖ left ‖ right)`.
//! - Tiles are C2SP tlog-tiles, checkpoints C2SP tlog-checkpoint, signatures C2SP signed-note with Ed25519.
//! - What is read is refused unless writing it again gives the same bytes.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable
    )
)]

mod checkpoint;
mod entry;
mod note;
mod origin;
mod receipt;
mod tile;
mod tombstone;
mod tree;

pub use checkpoint::{Checkpoint, ParseCheckpointError};
pub use ed25519_dalek::SigningKey;
pub use entry::{DecodeEntryError, ENTRY_LENGTH, Entry, Kind, Salt, Sealed, UnknownKind};
pub use note::{Note, NoteSignature, ParseKeyError, ParseNoteError, VerifierKey, VerifyNoteError};
pub use origin::{Origin, ParseOriginError};
pub use receipt::{ParseReceiptError, Receipt};
pub use tile::{Bundle, DecodeBundleError, TILE_HEIGHT, TILE_WIDTH, Tile, TileError, Tiles};
pub use tombstone::{DecodeTombstoneError, Tombstone};
pub use tree::{
    DecodeFrontierError, Frontier, Node, ProofError, VerifyProofError, consistency_proof, empty_root,
    inclusion_proof, leaf_hash, node_hash, root_at, verify_consistency, verify_inclusion,
};
