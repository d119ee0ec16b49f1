"""How much work something is, without a clock."""

import sys
from collections.abc import Callable


def count_calls(act: Callable[[], object]) -> int:
    """How many functions are called meanwhile, of Python's and of C's."""
    calls, before = 0, sys.getprofile()

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return calls
