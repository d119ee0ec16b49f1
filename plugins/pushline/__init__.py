"""Pushline: push campaigns from a marketer's sheet to the send queue."""
