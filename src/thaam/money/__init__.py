"""Paise, references, lots, hops, shares, partitions and hold-book arithmetic. Pure: stdlib only, no clock, no I/O."""
