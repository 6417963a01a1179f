//! What was decided, as bytes: entry, tree, tile, checkpoint, proof
