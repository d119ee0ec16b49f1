"""What the oracle knows: people, policies, runs and planned pushes. Values, no database."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

# The order of judging. The numbers are those of push.reason, copied by hand.
EXCLUDED, OVER_MAX_USERS, UNKNOWN_USER, ERASED, NO_CONSENT, UNREACHABLE = 1, 2, 3, 4, 5, 6
CONTROL_GLOBAL, NO_TEXT, THROTTLED, LOCAL_TIME_PASSED = 7, 8, 9, 10
QUIET_HOURS, MINIMUM_GAP, OWN_LIMIT, CAPPED, COOL_DOWN, CONTROL_CAMPAIGN = 11, 12, 13, 14, 15, 16


@dataclass(frozen=True)
class User:
    """One user that Pushline knows; no zone means the project's, no locale is allowed too."""

    user_id: int
    zone: str | None = None
    locale: str | None = None
    consents: frozenset[str] = frozenset({"marketing", "service"})
    is_reachable: bool = True
    is_control: bool = False
    is_erased: bool = False
    weekly_limit: int | None = None


@dataclass(frozen=True)
class Rule:
    """A cap rule: at most `maximum` in a rolling window or a calendar unit."""

    number: int
    maximum: int
    kind: str = "rolling"
    window: timedelta | None = None
    unit: str | None = None
    week_start: int = 1
    reserve: int = 0
    push_class: str | None = None
    tag: str | None = None


@dataclass(frozen=True)
class Policy:
    """What limits pushes from a moment on."""

    valid_from: datetime
    quiet: tuple[time, time] | None = None
    gap: timedelta | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Run:
    """One occasion; `blocks` are the buckets of its snapshot, users in their order."""

    number: int
    source: str
    occasion: datetime
    expires_at: datetime
    blocks: dict[int, tuple[int, ...]]
    excluded: dict[int, tuple[int, ...]] = field(default_factory=dict)
    over_max: dict[int, tuple[int, ...]] = field(default_factory=dict)
    push_class: str = "marketing"
    tags: tuple[str, ...] = ()
    is_counted: bool = True
    is_deferring: bool = False
    local_time: datetime | None = None
    throttle: int | None = None
    cool_down: timedelta | None = None
    languages: tuple[str, ...] = ("ru",)
    salt: int = 7
    variant_shares: tuple[int, ...] = (10_000,)
    control_share: int = 0


@dataclass(frozen=True)
class Push:
    """One user's push, planned; what it counts for was frozen with it."""

    user_id: int
    run: int
    at: datetime
    push_class: str
    tags: tuple[str, ...]
    is_counted: bool


@dataclass(frozen=True)
class LeftOut:
    """Why a user gets nothing; the cap rule's number when a cap is the reason."""

    reason: int
    rule: int = 0


@dataclass(frozen=True)
class Enqueued:
    """What a user gets, and when."""

    variant: int
    language: str
    not_before: datetime


Decision = LeftOut | Enqueued


@dataclass
class World:
    """Everything that decisions depend on; `ledger` holds the pushes whose slots are taken."""

    users: dict[int, User]
    policies: list[Policy]
    ledger: list[Push] = field(default_factory=list)
    project_zone: str = "Asia/Almaty"
    default_language: str = "ru"
    bucket_count: int = 64
    late_by: timedelta = timedelta(minutes=60)
    step: timedelta = timedelta(minutes=15)

    def zone_of(self, user: User) -> str:
        """The user's zone, or the project's when it is missing."""
        return user.zone or self.project_zone

    def policy_at(self, moment: datetime) -> Policy:
        """The policy in force: the latest that began not after the moment."""
        begun = [policy for policy in self.policies if policy.valid_from <= moment]
        return max(begun, key=lambda policy: policy.valid_from, default=Policy(moment))

    def give_back(self, run: int) -> None:
        """Free the slots of a run whose batches were all cancelled before any claim."""
        self.ledger = [push for push in self.ledger if push.run != run]
