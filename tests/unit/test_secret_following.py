"""Secrets are followed in virtual time, over a watch that does what a test says."""

import asyncio
import gc
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from caster_scene_audio.adapters.cluster.secret_contents import Absent, Reading, missing
from caster_scene_audio.adapters.cluster.secret_share import MOST
from caster_scene_audio.adapters.cluster.secret_watch import NotAllowed, Tell, WatchFailed
from caster_scene_audio.adapters.cluster.secrets import KubernetesSecrets
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.failure import CredentialsUnavailable
from tests.support.simulation.virtual_time import run_in_virtual_time

REF = SecretRef(namespace="studio", name="key")
MISSING = missing(REF)
FOR_EVER_S = 1e6


def key(name: str) -> Credentials:
    return Credentials(access_key_id=name, access_key_secret=f"topvalue-of-{name}")


@dataclass(frozen=True)
class Round:
    """One run of the watch: what it tells, how long it lasts and how it ends."""

    tells: tuple[Reading, ...] = ()
    lasts_s: float = 0.0
    raises: Exception | None = None


def stays(*tells: Reading) -> Round:
    return Round(tells, lasts_s=FOR_EVER_S)


def fails(error: Exception) -> Round:
    return Round(raises=error)


@dataclass
class FakeWatch:
    """Goes through its rounds; the last one is repeated."""

    rounds: deque[Round]
    began_at: list[float] = field(default_factory=list)
    running: int = 0
    tell: Tell | None = None

    async def run(self, ref: SecretRef, tell: Tell) -> None:
        self.began_at.append(asyncio.get_running_loop().time())
        this = self.rounds.popleft() if len(self.rounds) > 1 else self.rounds[0]
        self.running += 1
        self.tell = tell
        try:
            for reading in this.tells:
                tell(reading)
            await asyncio.sleep(this.lasts_s)
        finally:
            self.running -= 1
        if this.raises:
            raise this.raises

    def says(self, reading: Reading) -> None:
        assert self.tell
        self.tell(reading)

    @property
    def pauses_s(self) -> list[float]:
        """Between rounds, which take no time where they fail at once."""
        return [after - before for before, after in pairwise(self.began_at)]


@dataclass
class Stage:
    watch: FakeWatch
    secrets: KubernetesSecrets
    changed: list[SecretRef]

    async def reason(self) -> str:
        with pytest.raises(CredentialsUnavailable) as unavailable:
            await self.secrets.credentials(REF)
        return f"{unavailable.value}"


@asynccontextmanager
async def stage(*rounds: Round) -> AsyncIterator[Stage]:
    """The longest pauses: jitter gives its upper bound."""
    changed: list[SecretRef] = []
    watch = FakeWatch(deque(rounds))
    secrets = KubernetesSecrets(watch, jitter=lambda _, most: most)
    async with secrets:
        secrets.follow(REF, changed.append)
        yield Stage(watch, secrets, changed)
    assert watch.running == 0


def test_the_first_reading_wakes_who_waits_and_is_no_change() -> None:
    async def run() -> None:
        async with stage(stays(key("one"))) as on:
            assert await on.secrets.credentials(REF) == key("one")
            assert on.changed == []

    run_in_virtual_time(run())


def test_following_twice_watches_once() -> None:
    async def run() -> None:
        async with stage(stays(key("one"))) as on:
            on.secrets.follow(REF, on.changed.append)
            on.secrets.follow(REF, on.changed.append)
            await asyncio.gather(*(on.secrets.credentials(REF) for _ in range(3)))
            assert len(on.watch.began_at) == 1

    run_in_virtual_time(run())


def test_a_change_is_told_and_answered_at_once() -> None:
    async def run() -> None:
        async with stage(stays(MISSING)) as on:
            assert await on.reason() == MISSING.reason

            on.watch.says(key("one"))
            assert await on.secrets.credentials(REF) == key("one")
            on.watch.says(MISSING)
            assert await on.reason() == MISSING.reason

            assert on.changed == [REF, REF]

    run_in_virtual_time(run())


def test_the_same_again_is_no_change() -> None:
    async def run() -> None:
        async with stage(stays(key("one"))) as on:
            await on.secrets.credentials(REF)

            on.watch.says(key("one"))

            assert on.changed == []

    run_in_virtual_time(run())


def test_a_new_reason_is_a_change() -> None:
    async def run() -> None:
        async with stage(stays(MISSING)) as on:
            await on.reason()

            on.watch.says(Absent("Secret studio/key: access-key-id is empty"))

            assert on.changed == [REF]

    run_in_virtual_time(run())


def test_an_api_server_that_does_not_answer_is_told_after_a_while_and_the_answer_then_wakes() -> (
    None
):
    async def run() -> None:
        async with stage(Round(lasts_s=20), stays(key("one"))) as on:
            reason = await on.reason()
            waited_s = asyncio.get_running_loop().time()
            credentials = await on.secrets.credentials(REF)

            assert waited_s == pytest.approx(15)
            assert "Secret studio/key could not be read within 15 s" in reason
            assert credentials == key("one")
            assert on.changed == [REF]

    run_in_virtual_time(run())


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (WatchFailed("HTTP 500"), "HTTP 500"),
        (OSError("topvalue"), "OSError"),
        (ValueError("topvalue"), "ValueError"),
    ],
    ids=["status", "connection", "content"],
)
def test_what_went_wrong_is_told_and_not_what_was_read(
    error: Exception, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        async with stage(fails(error)) as on:
            assert (await on.reason()).endswith(f": {told}")

    run_in_virtual_time(run())

    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [(record.msg, vars(record)["error"]) for record in warnings] == [
        ("Secret not read", told)
    ]
    assert "topvalue" not in str([vars(record) for record in caplog.records])


def test_the_last_credentials_outlast_an_outage() -> None:
    async def run() -> None:
        lost = Round((key("one"),), lasts_s=60, raises=OSError())
        async with stage(lost, fails(OSError())) as on:
            await on.secrets.credentials(REF)
            await asyncio.sleep(3600)

            assert await on.secrets.credentials(REF) == key("one")
            assert on.changed == []

    run_in_virtual_time(run())


def test_failures_are_retried_ever_later_and_at_least_twice_a_minute() -> None:
    async def run() -> None:
        async with stage(fails(OSError())) as on:
            on.secrets.follow(REF, on.changed.append)
            await asyncio.sleep(200)

            assert on.watch.pauses_s[:8] == pytest.approx([1, 2, 4, 8, 16, 30, 30, 30])

    run_in_virtual_time(run())


def test_a_watch_that_was_well_is_renewed_at_once_and_one_that_ends_early_is_not() -> None:
    async def run() -> None:
        long, short = Round((key("one"),), lasts_s=300), Round((key("one"),), lasts_s=1)
        async with stage(short, short, long, long, short, stays(key("one"))) as on:
            on.secrets.follow(REF, on.changed.append)
            await asyncio.sleep(3600)

            assert on.watch.pauses_s == pytest.approx([1 + 1, 1 + 2, 300, 300, 1 + 1])
            assert on.changed == []

    run_in_virtual_time(run())


def test_a_refusal_is_believed_when_it_is_repeated_and_asked_again_twice_a_minute() -> None:
    async def run() -> None:
        refused = fails(NotAllowed("get"))
        async with stage(*[refused] * 9, stays(key("one"))) as on:
            reason = await on.reason()
            waited_s = asyncio.get_running_loop().time()
            await asyncio.sleep(200)

            assert "grant its ServiceAccount the verbs get and watch" in reason
            assert waited_s == pytest.approx(3)
            assert max(on.watch.pauses_s) == pytest.approx(30)
            assert await on.secrets.credentials(REF) == key("one")
            assert on.changed == [REF]

    run_in_virtual_time(run())


def test_a_passing_refusal_takes_no_credentials_away() -> None:
    async def run() -> None:
        refused = fails(NotAllowed("get"))
        well = Round((key("one"),), lasts_s=60)
        async with stage(well, refused, refused, well, refused, refused, stays(key("one"))) as on:
            await on.secrets.credentials(REF)
            await asyncio.sleep(300)

            assert len(on.watch.began_at) == 7
            assert on.changed == []

    run_in_virtual_time(run())


def test_rights_that_were_taken_away_take_the_credentials_away() -> None:
    async def run() -> None:
        well = Round((key("one"),), lasts_s=60)
        async with stage(well, fails(NotAllowed("get"))) as on:
            await on.secrets.credentials(REF)
            await asyncio.sleep(120)

            assert "may not read Secret studio/key" in await on.reason()
            assert on.changed == [REF]

    run_in_virtual_time(run())


def test_without_the_right_to_watch_a_secret_is_read_twice_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def run() -> None:
        unwatched = Round((key("one"),), raises=NotAllowed("watch"))
        async with stage(unwatched) as on:
            assert await on.secrets.credentials(REF) == key("one")
            await asyncio.sleep(300)

            assert on.watch.pauses_s[-1] == pytest.approx(30)
            assert on.changed == []

    run_in_virtual_time(run())

    assert [vars(record)["error"] for record in caplog.records] == ["not allowed to watch it"]


def test_a_name_that_no_secret_can_have_is_never_asked_for() -> None:
    async def run() -> None:
        watch = FakeWatch(deque([stays(key("one"))]))
        async with KubernetesSecrets(watch, jitter=max) as secrets:
            impossible = SecretRef(namespace="studio", name="../other/key")
            secrets.follow(impossible, lambda _: None)
            with pytest.raises(CredentialsUnavailable, match="can't be the name of a Secret"):
                await secrets.credentials(impossible)

            assert watch.began_at == []

    run_in_virtual_time(run())


def test_leaving_ends_the_watch_and_again_is_fine() -> None:
    async def run() -> None:
        async with stage(stays(key("one"))) as on:
            await on.secrets.credentials(REF)

            on.secrets.leave(REF)
            on.secrets.leave(REF)
            await asyncio.sleep(1)

            assert on.watch.running == 0
            assert on.changed == []

    run_in_virtual_time(run())


def test_no_credentials_stay_in_memory_of_a_secret_that_was_left_or_deleted() -> None:
    async def run() -> None:
        async with stage(stays()) as on:
            on.secrets.follow(REF, on.changed.append)
            await asyncio.sleep(1)
            on.watch.says(key("deleted"))
            on.watch.says(MISSING)
            assert held("deleted") == 0

            on.watch.says(key("left"))
            assert held("left") == 1
            on.secrets.leave(REF)
            assert held("left") == 0

    run_in_virtual_time(run())


def held(name: str) -> int:
    gc.collect()
    return sum(
        type(thing) is Credentials and thing.access_key_id == name for thing in gc.get_objects()
    )


def test_who_waits_for_a_secret_that_is_left_is_told() -> None:
    async def run() -> None:
        async with stage(stays()) as on:
            waiting = asyncio.create_task(on.reason())
            await asyncio.sleep(1)

            on.secrets.leave(REF)

            assert await waiting == "Secret studio/key is no longer followed"

    run_in_virtual_time(run())


def test_a_secret_that_was_left_can_be_followed_again() -> None:
    async def run() -> None:
        async with stage(stays(key("one")), stays(key("two"))) as on:
            await on.secrets.credentials(REF)
            on.secrets.leave(REF)
            assert "no longer followed" in await on.reason()

            on.secrets.follow(REF, on.changed.append)
            assert await on.secrets.credentials(REF) == key("two")
            assert on.changed == []

    run_in_virtual_time(run())


def named(number: int, namespace: str = "crowded") -> SecretRef:
    return SecretRef(namespace=namespace, name=f"key-{number}")


def test_a_namespace_has_a_share_and_who_is_beyond_it_is_told_and_follows_on() -> None:
    async def run() -> None:
        async with stage(stays(key("one"))) as on:
            for number in range(MOST + 2):
                on.secrets.follow(named(number), on.changed.append)
            with pytest.raises(CredentialsUnavailable, match=f"more than {MOST} Secrets"):
                await on.secrets.credentials(named(MOST))
            assert await on.secrets.credentials(named(MOST - 1)) == key("one")
            assert await on.secrets.credentials(REF) == key("one")
            assert on.watch.running == MOST + 1

            on.secrets.leave(named(MOST + 1))
            on.secrets.leave(named(0))

            assert on.changed == [named(MOST)]
            assert await on.secrets.credentials(named(MOST)) == key("one")
            assert on.watch.running == MOST + 1

    run_in_virtual_time(run())


def test_a_missing_secret_is_asked_for_ever_later_and_at_least_twice_a_minute() -> None:
    async def run() -> None:
        async with stage(Round((MISSING,))) as on:
            assert await on.reason() == MISSING.reason
            await asyncio.sleep(600)

            assert on.watch.pauses_s[:6] == [1, 2, 4, 8, 16, 30]
            assert max(on.watch.pauses_s) == 30

    run_in_virtual_time(run())


def test_who_is_told_of_a_change_may_leave() -> None:
    async def run() -> None:
        watch = FakeWatch(deque([stays(MISSING, key("one"), key("two"))]))
        changed: list[SecretRef] = []

        def leave(ref: SecretRef) -> None:
            changed.append(ref)
            secrets.leave(ref)

        async with KubernetesSecrets(watch, jitter=max) as secrets:
            secrets.follow(REF, leave)
            await asyncio.sleep(1)

            assert changed == [REF]
            assert watch.running == 0

    run_in_virtual_time(run())


def test_nothing_is_followed_after_the_end() -> None:
    async def run() -> None:
        async with stage(stays(key("one"))) as on:
            await on.secrets.credentials(REF)

        with pytest.raises(RuntimeError, match="closed"):
            on.secrets.follow(REF, on.changed.append)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run_in_virtual_time(run())
