"""What became of it all: funnels that add up, why a user got a push or not, checks of promises.

Reads only; two exceptions keep what was read: `checks` its results, `totals` the funnels of old
runs.
"""
