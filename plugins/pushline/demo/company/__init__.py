"""The demo company: a music shop with an app, made from real CDNOW orders and one written seed.

Its tables live in schema `shop`, apart from Pushline's; docs/demo-company.md describes them.
"""

from pushline.demo.company.activity import PastPush, past_pushes, refresh
from pushline.demo.company.load import BLOCK, SEED, grow, is_seeded, seed

__all__ = ["BLOCK", "SEED", "PastPush", "grow", "is_seeded", "past_pushes", "refresh", "seed"]
