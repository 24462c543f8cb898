"""Pages of the registry: look up, watch, block, hear, answer reports; rings, tricks, warnings."""
