"""The reconcile loop: what is seen is decided upon, lined up, called in its turn, and reported."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from typing_extensions import override

from caster_scene_audio.domain.access import AccessPolicy
from caster_scene_audio.domain.body import status_body
from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.decision import (
    Acknowledge,
    Apply,
    Holder,
    Priority,
    Read,
    Refuse,
    Rest,
    Step,
    may_call,
    may_write,
    next_step,
)
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.outcome import refused
from caster_scene_audio.domain.plan import HOLD_S
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import Live, Measures, Recorded, SecretCredentials, Traces
from caster_scene_audio.reconciler.accounts import SourceAccounts
from caster_scene_audio.reconciler.claims import FIRST, Claim, Claims
from caster_scene_audio.reconciler.delays import Delays
from caster_scene_audio.reconciler.followed import Followed
from caster_scene_audio.reconciler.in_flight import InFlight
from caster_scene_audio.reconciler.keyring import Keyring, Source
from caster_scene_audio.reconciler.lanes import LaneKey, Lanes, lane_key
from caster_scene_audio.reconciler.queue import scene_key
from caster_scene_audio.reconciler.rate_limiter import Slot
from caster_scene_audio.reconciler.reconciler import Clocks, Reconciler, Result
from caster_scene_audio.reconciler.reporter import Reporter
from caster_scene_audio.reconciler.roster import Roster
from caster_scene_audio.reconciler.snapshot import Snapshot, snapshot_of
from caster_scene_audio.reconciler.turns import Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast one account may be called: calls a second, and calls under way at once."""

    update_qps: float
    read_qps: float
    max_in_flight: int
    used_until: float
    """By the monotonic clock: until then another process may have made calls."""


class Controller:
    """Keeps every studio as its object says. All methods belong to one event loop."""

    def __init__(  # noqa: PLR0913 (all that it is composed of)
        self,
        *,
        reconciler: Reconciler,
        live: Live,
        keyring: Keyring,
        secrets: SecretCredentials,
        reporter: Reporter,
        access: AccessPolicy,
        pace: Pace,
        clocks: Clocks,
        measures: Measures,
        traces: Traces,
    ) -> None:
        self._reconciler = reconciler
        self._roster = Roster()
        self._claims = Claims()
        self._whose: dict[str, str | None] = {}
        """Of each object the account that was last found for it; None: it had no credentials."""
        self._reporter = reporter
        reporter.subscribe(recorded=self._recorded, gone=self.forget)
        self._access = access
        self._clocks = clocks
        self._measures = measures
        self._traces = traces
        self._lanes = Lanes(
            update_qps=pace.update_qps,
            read_qps=pace.read_qps,
            max_in_flight=pace.max_in_flight,
            used_until=pace.used_until,
            start=self._turn_of,
            in_use=lambda: self._accounts.in_use,
            clock=clocks.monotonic,
        )
        self._accounts = SourceAccounts(keyring, self._resolved, is_used=self._is_used)
        self._followed = Followed(secrets, changed=self.secret_changed, left=self._accounts.forget)
        self._delays = Delays(self._decide_due)
        self._turns = Turns(
            live=live,
            keyring=keyring,
            reconciler=reconciler,
            lanes=self._lanes,
            accounts=self._accounts,
            measures=measures,
        )
        self._woken: set[str] = set()
        self._in_flight = InFlight(ended=self._decide)

    @override
    def __repr__(self) -> str:
        return f"Controller({len(self._roster)} objects, {len(self._in_flight)} under way)"

    @property
    def known(self) -> frozenset[str]:
        """The uids of all objects that are remembered."""
        return self._roster.uids

    def known_in(self, namespace: str | None) -> frozenset[str]:
        """As `known`, but of one namespace; None: of all."""
        return self._roster.uids_in(namespace)

    def snapshot(self) -> Snapshot:
        """How things stand now, for who looks from outside."""
        return snapshot_of(self._roster, self._lanes, self._delays)

    def see(self, seen: SceneAudio) -> None:
        """Take in an object as the watch or a list shows it."""
        uid = seen.ref.uid
        known = self._roster.get(uid)
        if known is not None and known.generation != seen.generation:
            self._measures.change_waits(uid)
            self._traces.change_seen(seen)
        if known is None:
            self._take_over(seen)
        else:
            self._compare(known, seen)
            self._roster.take_in(seen)
        self._followed.use(uid, seen.secret if may_call(seen, self._access) else None)
        concerned = self._claim(uid)
        self._decide(uid)
        self._decide_all(concerned - {uid})

    def forget(self, uid: str) -> None:
        """The object is deleted: no more calls. One in flight is not torn off."""
        self._leave(uid)
        self._traces.forget(uid)
        self._reporter.forget(uid)
        self._woken.discard(uid)
        self._whose.pop(uid, None)
        known = self._roster.get(uid)
        self._roster.remove(uid)
        self._followed.use(uid, None)
        if known is not None:
            self._decide_all(self._claims.put(known.seniority, None))

    def secret_changed(self, secret: SecretRef) -> None:
        """What the Secret holds has changed: those who wait on it go at once."""
        users = self._roster.users_of(secret)
        if users:
            self._accounts.renew(secret)
        self._woken.update(users)
        self._decide_all(users)

    async def run(self) -> None:
        """Dispatch calls, each account at its own pace, until cancelled."""
        try:
            await self._lanes.run()
        finally:
            self._delays.close()
            await self._accounts.close()

    async def drain(self) -> None:
        """Let what is in flight end and be reported; `run` is to be cancelled before."""
        await self._in_flight.drain()
        await self._reporter.drain()

    def _decide_all(self, uids: Iterable[str]) -> None:
        for uid in uids:
            self._decide(uid)

    def _decide_due(self, uid: str) -> None:
        if self._lanes.is_throttled(uid):
            self._give_up_reading(uid)
        self._decide(uid, is_due=True)

    def _give_up_reading(self, uid: str) -> None:
        """Readings of its account rest, as they are throttled: its first write waits no longer."""
        seen = self._roster.get(uid)
        if seen is not None and uid not in self._in_flight:
            result = self._reconciler.gave_up_reading(seen)
            self._roster.conclude(uid, result.status, result.plan)

    def _decide(self, uid: str, *, is_due: bool = False) -> None:
        """Line the object up for whatever its state calls for; one in flight is decided on after.

        `is_due`: its time has come, whatever the wall clock says by now.
        """
        if uid in self._in_flight:
            return
        if uid in self._woken:
            self._woken.discard(uid)
            self._roster.wake(uid)
        seen = self._roster.get(uid)
        if seen is None:
            return
        match self._step(seen):
            case Rest() as step:
                self._rest(uid, step.until)
            case Refuse() as step:
                self._conclude(seen, self._refused(seen, step))
                self._leave(uid)
            case Acknowledge() as step:
                self._conclude(seen, self._reconciler.acknowledge(seen, step.spec))
                self._leave(uid)
                self._decide(uid)
            case Apply() | Read() as step:
                self._measure(seen, step)
                delay_s = 0.0 if is_due or not step.not_before else self._until(step.not_before)
                self._line_up(seen, step, delay_s=delay_s)
            case unreachable:
                assert_never(unreachable)

    def _line_up(self, seen: SceneAudio, step: Apply | Read, *, delay_s: float) -> None:
        """Its time first, then its account, then its account's lane."""
        uid = seen.ref.uid
        self._delays.drop(uid)
        self._accounts.leave(uid)
        account = self._accounts.get(seen.secret)
        if delay_s > 0 or account is None:
            self._lanes.drop(uid)
        if delay_s > 0:
            self._delays.put(uid, step.priority, delay_s)
        elif account is None:
            self._accounts.wait(uid, seen.secret)
        else:
            key = lane_key(account, step)
            self._lanes.put(uid, key, step, namespace=seen.ref.namespace)
            if isinstance(step, Read) and step.adopts:
                self._delays.put(uid, step.priority, HOLD_S)

    def _claim(self, uid: str) -> frozenset[str]:
        """Let the object claim what it may; give the uids of those whom that concerns."""
        seen = self._roster.get(uid)
        if seen is None:
            return frozenset()
        return self._claims.put(seen.seniority, self._claim_of(seen))

    def _claim_of(self, seen: SceneAudio) -> Claim | None:
        """Only what may write claims a scene: nobody squats on one that it could never change.

        Others wait for the account of an object once. From then on it claims with the account that
        was last found for it, or it could hold up a scene by naming ever new credentials.
        """
        uid = seen.ref.uid
        if not may_write(seen, self._access) or not isinstance(seen.spec, SceneAudioSpec):
            return None
        if self._accounts.was_asked(seen.secret):
            self._whose[uid] = self._accounts.last(seen.secret)
        else:
            self._accounts.ask(seen.secret)
        account = self._whose.get(uid)
        claims_nothing = account is None and uid in self._whose
        return None if claims_nothing else Claim(account, scene_key(seen.spec))

    def _is_used(self, source: Source) -> bool:
        return source is None or self._followed.has(source)

    def _resolved(self, source: Source, uids: Collection[str], refusal: CallFailed | None) -> None:
        """The account of the source is known now, or, with `refusal`, can't be; `uids` waited."""
        users = self._roster.users_of(source)
        concerned = frozenset[str]().union(*map(self._claim, users))
        self._decide_waiting(uids, refusal)
        self._decide_all(concerned.difference(uids))

    def _decide_waiting(self, uids: Collection[str], refusal: CallFailed | None) -> None:
        for uid in uids:
            seen = self._roster.get(uid)
            if refusal is None or seen is None:
                self._decide_due(uid)
            elif uid not in self._in_flight:
                self._fail(seen, refusal)

    def _measure(self, seen: SceneAudio, step: Apply | Read) -> None:
        if isinstance(step, Read) and not step.adopts:  # nothing is to be written
            self._measures.change_dropped(seen.ref.uid)
        elif seen.is_changed:
            self._measures.change_waits(seen.ref.uid)
            self._traces.change_seen(seen)

    def _rest(self, uid: str, until: float | None) -> None:
        if until is None:
            self._leave(uid)
        else:  # what a person changed still waits for its call
            self._wait_no_more(uid)
            self._delays.put(uid, Priority.CHANGED, self._until(until))

    def _leave(self, uid: str) -> None:
        self._wait_no_more(uid)
        self._measures.change_dropped(uid)
        self._traces.change_dropped(uid)

    def _wait_no_more(self, uid: str) -> None:
        self._delays.drop(uid)
        self._accounts.leave(uid)
        self._lanes.drop(uid)

    def _step(self, seen: SceneAudio) -> Step:
        before = self._claims.precedence(seen.ref.uid)
        known = self._roster.get(before.holder) if before.holder else None
        holder = None if known is None else _holder(known, is_near=before.is_near)
        now = self._clocks.monotonic()
        return next_step(seen, self._access, holder, is_open=before.is_open, now=now)

    def _until(self, moment: float) -> float:
        return max(0.0, moment - self._clocks.monotonic())

    def _turn_of(self, key: LaneKey, uid: str, slot: Slot) -> None:
        """The object's turn has come: what it calls for is settled only now."""
        self._delays.drop(uid)
        seen = self._roster.get(uid)
        step = self._step(seen) if seen else Rest()
        if seen is None or not isinstance(step, Apply | Read):  # it would have left the line
            raise AssertionError(f"{uid} has no turn to wait for")
        if isinstance(step, Apply):
            self._overwrite_others(key.account, seen)
        self._in_flight.start(uid, self._take_turn(key, slot, seen, step))

    def _overwrite_others(self, account: str, writer: SceneAudio) -> None:
        """What was sent for an object that has let go of the scene stands no longer."""
        for uid in self._roster.written_by(writer):
            seen = self._roster.get(uid)
            theirs = None if seen is None else self._accounts.last(seen.secret)
            if seen is not None and theirs in {None, account}:
                self._overwritten(seen)

    def _overwritten(self, seen: SceneAudio) -> None:
        plan = replace(seen.plan.in_sync().on_hold(), cause=None)
        after = replace(seen.status, applied=None)
        if (after, plan) != (seen.status, seen.plan):
            self._conclude(seen, Result(after, plan))
            self._decide(seen.ref.uid)

    async def _take_turn(
        self, key: LaneKey, slot: Slot, seen: SceneAudio, step: Apply | Read
    ) -> None:
        with self._traces.turn(seen):
            result = await self._turns.take(key, slot, seen, step, is_current=self._is_current)
        if result is None:
            self._woken.add(seen.ref.uid)
        else:
            self._conclude(seen, result)

    def _fail(self, seen: SceneAudio, refusal: CallFailed) -> None:
        """There is nothing to sign the object's calls with."""
        step = self._step(seen)
        if isinstance(step, Apply | Read):
            result = self._reconciler.failed(seen, refusal.failure, step)
            self._conclude(seen, result)
        self._decide(seen.ref.uid)

    def _is_current(self, seen: SceneAudio) -> bool:
        """Whether it is as it was, and no older object for its scene has come."""
        known = self._roster.get(seen.ref.uid)
        return known == seen and self._claims.precedence(seen.ref.uid) == FIRST

    def _refused(self, seen: SceneAudio, step: Refuse) -> Result:
        status = refused(seen, reason=step.reason, message=step.message, now=self._clocks.now())
        plan = replace(seen.plan.in_sync().on_hold(), cause=None)
        return Result(status, plan)

    def _conclude(self, seen: SceneAudio, result: Result) -> None:
        uid = seen.ref.uid
        if self._roster.get(uid) is not None:
            self._traces.concluded(uid, result.status)
            self._roster.conclude(uid, result.status, result.plan)
            self._reporter.report(seen.ref, before=seen.status, after=result.status)

    def _recorded(self, uid: str, recorded: Recorded) -> None:
        """The API server has this status: whoever waited for that goes on."""
        if self._roster.get(uid) is not None:
            self._roster.record(uid, recorded)
            self._decide(uid)

    def _take_over(self, shown: SceneAudio) -> None:
        """Remember an object that is seen for the first time, as far as its status can be so."""
        seen = replace(shown, status=shown.status.as_concluded())
        if isinstance(seen.spec, SceneAudioSpec):
            seen = replace(seen, plan=self._reconciler.first_plan(seen, seen.spec))
        self._roster.take_in(seen)
        if seen.status != shown.status:
            self._roster.record(seen.ref.uid, Recorded(shown.status, shown.version))
            self._reporter.restore(seen.ref, seen.status)

    def _compare(self, known: SceneAudio, shown: SceneAudio) -> None:
        """Restore a status that another writer has overwritten, as the watch shows.

        The watch lags behind: what it shows counts from the version on that our last write gave.
        """
        uid, recorded = known.ref.uid, known.recorded
        is_late = not shown.version or shown.version < known.version
        if is_late or recorded is None or known.status.reason is None:
            return
        if self._reporter.is_pending(uid) or _is_same(shown.status, recorded):
            return
        self._roster.record(uid, Recorded(shown.status, shown.version))
        self._reporter.restore(known.ref, known.status)


def _holder(known: SceneAudio, *, is_near: bool) -> Holder:
    return Holder(namespace=known.ref.namespace, name=known.ref.name if is_near else None)


def _is_same(one: Status, other: Status) -> bool:
    """As they are written: times to the second."""
    return one == other or status_body(one) == status_body(other)
