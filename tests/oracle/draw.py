"""Who falls where by chance: Postgres' hash of a bigint and our splits, written out anew.

A hash that changes would give everybody another arm in the middle of a campaign, so both the
function and the turned salts are frozen; tests/experiment compares them with the database.
"""

CONTROL_TURN = 7_046_029_254_386_353_131
CUT_TURN = 5_577_006_791_947_779_410
_WORD = 2**32
_START = 0x9E3779B9 + 4 + 3_923_095


def share_of(user_id: int, salt: int) -> int:
    """Where a user falls in 0..9999: the hash without its sign, modulo the basis points."""
    return (hash_bigint(user_id, salt) % 2**63) % 10_000


def is_held_out(user_id: int, salt: int, control_share: int) -> bool:
    """Whether a user is in the control group of one campaign: a draw apart from the variant's."""
    return share_of(user_id, salt ^ CONTROL_TURN) < control_share


def cut_order(user_id: int, salt: int) -> int:
    """The place of a user in the order by which max_users is cut; the lowest stay."""
    return hash_bigint(user_id, salt ^ CUT_TURN)


def hash_bigint(value: int, seed: int) -> int:
    """hashint8extended: Bob Jenkins' lookup3 over a bigint folded into 32 bits; signed."""
    low, high = value % _WORD, (value >> 32) % _WORD
    a = b = c = _START % _WORD
    if seed:
        a, b, c = _mix(a + (seed >> 32) % _WORD, b + seed % _WORD, c)
    b, c = _finish(a + (low ^ (high if value >= 0 else high ^ (_WORD - 1))), b, c)
    found = b << 32 | c
    return found - 2**64 if found >= 2**63 else found


def _turn(word: int, by: int) -> int:
    return (word << by | word >> 32 - by) % _WORD


def _mix(a: int, b: int, c: int) -> tuple[int, int, int]:
    a, b, c = a % _WORD, b % _WORD, c % _WORD
    for by in (4, 6, 8, 16, 19, 4):
        a, c = (a - c) % _WORD ^ _turn(c, by), (c + b) % _WORD
        a, b, c = b, c, a
    return a, b, c


def _finish(a: int, b: int, c: int) -> tuple[int, int]:
    a, b, c = a % _WORD, b % _WORD, c % _WORD
    for by in (14, 11, 25, 16, 4, 14, 24):
        c = ((c ^ b) - _turn(b, by)) % _WORD
        a, b, c = b, c, a
    return a, b
