"""Answers questions that take long: the same one once at a time, one of a kind in an installation.

Whoever asks what is being worked out already joins. Who asks anew gives up what they asked for
before, and if nobody else waits for that, its SQL is ended. Nobody is kept waiting for long: the
work goes on behind, and whoever asks again finds it further on, or done.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Engine

from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import RetryLater
from pushline.plan.reach_watch import Watch
from pushline.sentence import Sentence, Wordings

WAIT_FOR_TURN = Query("plan/wait_for_turn")

# Somebody looks at the page meanwhile.
PATIENCE = 6.0
KEPT_SECONDS = 900.0
MOST_KEPT = 100
# Of a kind, in a process; they wait in threads, without connections.
MOST_WAITING = 8
# So long a question waits for those of other processes.
LONGEST_TURN = "60s"

Answer = dict[str, Any]
Work = Callable[[Watch], Answer]
log = structlog.get_logger(__name__)

SENTENCES: dict[str, Wordings] = {
    "going_on": (
        "This takes longer than usual and goes on: look again in a moment.",
        "Это дольше обычного, подсчёт идёт: посмотрите ещё раз чуть позже.",
        "Бұл әдеттегіден ұзаққа созылды, есеп жүріп жатыр: сәлден соң қайта қараңыз.",
    ),
    "too_many": (
        "Many ask this at once: try again in a minute.",
        "Слишком много таких запросов сразу: попробуйте через минуту.",
        "Мұндай сұрау бірден тым көп түсті: бір минуттан соң қайталаңыз.",
    ),
}


class NotAnsweredYet(RetryLater):
    """The question is worked on, or others are before it; ask again."""

    def __init__(self, key: str) -> None:
        super().__init__(sentence=Sentence.say(SENTENCES, key))


@dataclass(eq=False, slots=True)
class _Question:
    kind: str
    key: tuple[str, ...]
    people: set[str]
    watch: Watch = field(default_factory=Watch)
    is_done: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None
    error: Exception | None = None


class Questions:
    """The questions of one process, and the answers of the last quarter of an hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._open: list[_Question] = []
        self._threads: set[threading.Thread] = set()
        self._kept: dict[tuple[str, ...], tuple[float, Answer]] = {}

    def ask(
        self,
        engine: Engine,
        kind: str,
        about: tuple[str, ...],
        work: Work,
        *,
        by: str,
        patience: float = PATIENCE,
    ) -> Answer:
        """Return the answer; a kept one, one that others wait for, or one worked out now.

        engine: where the turn is taken. work: told of a watch that its sessions are shown to, so
        that they can be ended. Raises NotAnsweredYet after `patience` seconds, or what work did.
        """
        key = (kind, *about)
        with self._lock:
            kept = self._kept.get(key)
            if kept and self._clock() - kept[0] < KEPT_SECONDS:
                return kept[1]
            unwanted = self._leave_others(kind, key, by)
            question = next((one for one in self._open if one.key == key), None)
            is_full = sum(one.kind == kind for one in self._open) >= MOST_WAITING
            if question is not None:
                question.people.add(by)
            elif not is_full:
                question = self._begin(engine, _Question(kind, key, {by}), work)
        for other in unwanted:
            other.watch.stop()
        if question is None:
            raise NotAnsweredYet("too_many")
        if not question.is_done.wait(patience):
            raise NotAnsweredYet("going_on")
        if question.answer is None:
            raise question.error or NotAnsweredYet("going_on")
        return question.answer

    def forget(self) -> None:
        """Answer anew what is asked next."""
        with self._lock:
            self._kept.clear()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is being answered; False when time ran out."""
        ends_at = time.monotonic() + seconds
        for thread in list(self._threads):
            thread.join(max(0.0, ends_at - time.monotonic()))
        return not self._threads

    def _leave_others(self, kind: str, key: tuple[str, ...], by: str) -> list[_Question]:
        """Take somebody out of what they asked before; returns what nobody waits for any more."""
        unwanted = []
        for one in [one for one in self._open if one.kind == kind and one.key != key]:
            one.people.discard(by)
            if not one.people:
                self._open.remove(one)
                unwanted.append(one)
        return unwanted

    def _begin(self, engine: Engine, question: _Question, work: Work) -> _Question:
        self._open.append(question)
        turn = self._turns.setdefault(question.kind, threading.Lock())
        thread = threading.Thread(
            target=self._answer, args=(engine, question, turn, work), name="question", daemon=True
        )
        self._threads.add(thread)
        thread.start()
        return question

    def _answer(
        self, engine: Engine, question: _Question, turn: threading.Lock, work: Work
    ) -> None:
        try:
            with turn, transaction(engine) as conn:
                question.watch.refuse_stopped()
                WAIT_FOR_TURN.one(conn, kind=question.kind, longest=LONGEST_TURN)
                question.watch.refuse_stopped()
                question.answer = work(question.watch)
        except Exception as error:  # noqa: BLE001 - it is raised again where it was asked
            question.error = error
            if not question.watch.is_stopped:
                log.warning("question_not_answered", kind=question.kind, error=type(error).__name__)
        with self._lock:
            if question.answer is not None:
                self._keep(question.key, question.answer)
            if question in self._open:
                self._open.remove(question)
            self._threads.discard(threading.current_thread())
        question.is_done.set()

    def _keep(self, key: tuple[str, ...], answer: Answer) -> None:
        while len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = (self._clock(), answer)


# Those of the page: of one process.
QUESTIONS = Questions()
