"""Benches: every figure beside its reference, in the same run (`make bench ONLY=name`)."""
