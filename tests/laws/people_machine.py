"""The machine's people and policy; and whoever resumes runs and answers for held ones."""

from dataclasses import replace
from datetime import UTC
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import text

from pushline.errors import StopRun
from pushline.people.change import close_installation, erase_person, set_consent, set_weekly_limit
from pushline.plan.waves import refuse_held_run, release_held_run, start_wave_of
from tests.laws import hands, words
from tests.laws.machine import PlanningMachine
from tests.oracle.mirror import save_policy
from tests.oracle.model import User


class PeopleMachine(PlanningMachine):
    """Who changes while planning goes on."""

    def _known(self, data: Any) -> User:
        users = [user for user in self.town.world.users.values() if not user.is_erased]
        return data.draw(st.sampled_from(users))

    @rule(data=st.data(), what=st.sampled_from(["consent", "consent", "limit", "move", "device"]))
    def change_person(self, data: Any, what: str) -> None:
        user = self._known(data)
        if what == "consent":
            purpose = data.draw(st.sampled_from(["marketing", "marketing", "service"]))
            has = purpose in user.consents
            assert set_consent(
                self.conn, user_id=user.user_id, purpose=purpose, is_granted=not has,
                source="app", now=self.now,
            )  # fmt: skip
            user = replace(user, consents=user.consents ^ {purpose})
        elif what == "limit":
            limit = data.draw(st.sampled_from([None, 0, 1, 3]))
            set_weekly_limit(self.conn, user_id=user.user_id, weekly_limit=limit, now=self.now)
            user = replace(user, weekly_limit=limit)
        elif what == "move":
            user = hands.move_home(self.conn, user, data.draw(words.zones), self.now)
        else:
            user = self._lose_device(user)
        self.town.world.users[user.user_id] = user

    def _lose_device(self, user: User) -> User:
        found = text("SELECT installation_id FROM push.installation WHERE user_id = :u")
        for install in self.conn.execute(found, {"u": user.user_id}).scalars().all():
            close_installation(
                self.conn, installation_id=install, reason="unregistered", now=self.now
            )
        return replace(user, is_reachable=False)

    @rule(data=st.data(), sure=words.often(False, True))
    def erase_person(self, data: Any, sure: bool) -> None:
        if sure and len([u for u in self.town.world.users.values() if not u.is_erased]) > 5:
            user = self._known(data)
            erase_person(self.conn, user_id=user.user_id, who="ana", now=self.now)
            self.town.erase(user.user_id)

    @rule(data=st.data())
    def change_policy(self, data: Any) -> None:
        if any(policy.valid_from == self.now for policy in self.town.world.policies):
            return
        policy = data.draw(words.policies_from(self.now.astimezone(UTC)))
        save_policy(self.conn, policy)
        self.town.world.policies.append(policy)

    # ------------------------------------------------------------------ who looks after runs

    @precondition(lambda self: self.company and self.town.runs)
    @rule(data=st.data())
    def resume_by_hand(self, data: Any) -> None:
        one = data.draw(st.sampled_from(self.town.runs))
        may = (
            one.status in ("waiting", "planning", "set_aside")
            and one.due_at <= self.now < one.run.expires_at
        )
        try:
            wave = start_wave_of(self.engine, self._run_id(one), self.now)
        except StopRun:
            assert not may
            return
        assert may
        one.failed_buckets.clear()
        one.status = "planning"
        self.town.waves += 1
        one.wave = self.town.waves
        self._plan(wave, [one], None)

    @precondition(lambda self: self.company and any(r.status == "held" for r in self.town.runs))
    @rule(data=st.data(), agrees=st.booleans())
    def answer_held_run(self, data: Any, agrees: bool) -> None:
        held = [r for r in self.town.runs if r.status == "held"]
        one = data.draw(st.sampled_from(held))
        answer = release_held_run if agrees else refuse_held_run
        assert answer(self.engine, self._run_id(one), "ana", self.now)
        one.status, one.is_reach_approved = ("waiting", True) if agrees else ("cancelled", False)

    @rule(name=st.sampled_from(words.AUDIENCES))
    def break_or_mend_audience(self, name: str) -> None:
        self.broken ^= {name}
