"""What happened: append-only facts, the sequencer, Merkle checkpoints, offline proof."""
