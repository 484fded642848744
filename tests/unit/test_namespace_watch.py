"""One namespace under whatever its informers meet, in virtual time."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from caster_scene_audio.adapters.cluster.errors import ClusterRefused, ClusterSilent
from caster_scene_audio.domain.objects import ObjectRef
from caster_scene_audio.health import Watches
from caster_scene_audio.ports import ClusterUnavailable
from caster_scene_audio.watch.namespace_watch import LET_GO_S, NamespaceWatch
from caster_scene_audio.watch.sweep import Sweep
from caster_scene_audio.watch.witness import Ending, Listener
from tests.support.simulation.house import House, scenario
from tests.support.simulation.objects import scene_audio

FORBIDDEN = ClusterRefused("HTTP 403 Forbidden")
ELSEWHERE = replace(
    scene_audio("elsewhere"),
    ref=ObjectRef(namespace="other", name="elsewhere", uid="uid-elsewhere"),
)
Story = Callable[["Tenant"], Awaitable[None]]


@dataclass
class Tenant:
    """A namespace whose checks, informers and lists go as a test says; else they go well."""

    house: House
    namespace: str = "studio"
    silence_s: float = 180
    checks: deque[Exception] = field(default_factory=deque)
    always: Exception | None = None
    """What every check meets, beyond those."""
    endings: deque[Ending | Exception] = field(default_factory=deque)
    """Of informers that end as soon as they watch."""
    lists: deque[ClusterUnavailable] = field(default_factory=deque)
    living: frozenset[str] = frozenset()
    checked_at: list[float] = field(default_factory=list)
    informed: int = 0

    def __post_init__(self) -> None:
        clock = asyncio.get_running_loop().time
        self.watches = Watches((self.namespace, "other"), silence_s=self.silence_s, clock=clock)
        sweep = Sweep(self.namespace, controller=self.house.controller, living=self.list_living)
        self.watch = NamespaceWatch(
            self.namespace,
            check=self.check,
            inform=self.inform,
            deliver=lambda event_type, body: None,
            sweep=sweep,
            watches=self.watches,
            jitter=lambda least, most: most,
        )

    async def check(self) -> None:
        self.checked_at.append(asyncio.get_running_loop().time())
        if self.checks:
            raise self.checks.popleft()
        if self.always:
            raise self.always

    async def inform(self, listener: Listener) -> Ending:
        self.informed += 1
        listener.watching(is_listed=True)
        if not self.endings:
            await asyncio.Event().wait()
        ending = self.endings.popleft()
        if isinstance(ending, Exception):
            raise ending
        return ending

    async def list_living(self) -> frozenset[str]:
        if self.lists:
            raise self.lists.popleft()
        return self.living

    @property
    def trouble(self) -> str | None:
        return self.watches.troubles.get(self.namespace)


def played(story: Story, **facts: Any) -> None:
    async def play(house: House) -> None:
        tenant = Tenant(house, **facts)
        running = asyncio.create_task(tenant.watch.run())
        await story(tenant)
        running.cancel()
        await asyncio.wait({running})
        assert running.cancelled(), running

    scenario(play)


def test_a_refusal_is_told_and_tried_again_at_a_pace_until_it_is_over() -> None:
    async def story(tenant: Tenant) -> None:
        await asyncio.sleep(600)
        refused = tenant.trouble
        tenant.always = None
        await asyncio.sleep(15)

        assert refused == "HTTP 403 Forbidden"
        assert 40 <= len(tenant.checked_at) <= 50
        assert tenant.checked_at[1] - tenant.checked_at[0] <= 1
        assert tenant.trouble is None

    played(story, always=FORBIDDEN)


def test_pauses_between_tries_are_no_silence_however_short_the_patience_is() -> None:
    async def story(tenant: Tenant) -> None:
        tenant.watches.begin()
        looks = []
        for _ in range(600):
            await asyncio.sleep(0.2)
            looks.append(tenant.watches.is_dead)

        assert not any(looks)

    played(story, always=FORBIDDEN, silence_s=6)


def test_a_refusal_of_hours_costs_few_lines_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def story(tenant: Tenant) -> None:
        await asyncio.sleep(3500)
        tenant.always = None
        await asyncio.sleep(15)

        told = [each for each in caplog.records if each.name.endswith("namespace_watch")]
        assert len(told) == 7
        assert told[-1].message == "A namespace is watched again"

    caplog.set_level(logging.INFO)
    played(story, always=FORBIDDEN)


@pytest.mark.parametrize(
    "ending",
    [
        Ending("HTTP 403 Forbidden", status=403),
        Ending("no answer in time", is_silence=True),
        Ending("kopf gave up", cause=ValueError("odd")),
        Ending(None),
        OSError("the token's file is gone"),
        KeyError("clusters"),
    ],
    ids=str,
)
def test_whatever_ends_an_informer_another_follows_within_seconds(
    ending: Ending | Exception,
) -> None:
    async def story(tenant: Tenant) -> None:
        await asyncio.sleep(2)

        assert tenant.informed == 2
        assert tenant.trouble is None

    played(story, endings=deque([ending]))


def test_one_that_ends_again_and_again_is_not_begun_in_a_hurry() -> None:
    async def story(tenant: Tenant) -> None:
        await asyncio.sleep(100)

        assert 8 <= tenant.informed <= 12

    played(story, endings=deque([Ending("ended early")] * 1000))


def test_silence_is_no_sign_of_life_and_a_refusal_is_one() -> None:
    async def story(tenant: Tenant) -> None:
        tenant.watches.begin()
        await asyncio.sleep(100)
        silent_for_s = tenant.watches.silent_for_s
        tenant.always = FORBIDDEN
        await asyncio.sleep(20)

        assert silent_for_s >= 99
        assert tenant.watches.silent_for_s < 16

    played(story, always=ClusterSilent("TimeoutError"))


def test_objects_deleted_while_nobody_watched_are_forgotten_after_a_new_list() -> None:
    async def story(tenant: Tenant) -> None:
        controller = tenant.house.controller
        for name in ("alive", "deleted"):
            controller.see(scene_audio(name))
        controller.see(ELSEWHERE)
        await asyncio.sleep(60)

        assert controller.known == {"uid-alive", "uid-elsewhere"}

    played(
        story,
        living=frozenset({"uid-alive"}),
        endings=deque([Ending("HTTP 503")]),
        lists=deque([ClusterUnavailable("HTTP 503"), FORBIDDEN]),
    )


def test_a_list_that_is_refused_makes_nothing_forgotten() -> None:
    async def story(tenant: Tenant) -> None:
        tenant.house.controller.see(scene_audio("there"))
        await asyncio.sleep(LET_GO_S - 60)

        assert tenant.house.controller.known == {"uid-there"}

    played(story, always=FORBIDDEN)


def test_what_was_refused_for_an_hour_is_let_go_and_nothing_of_another_namespace() -> None:
    async def story(tenant: Tenant) -> None:
        controller = tenant.house.controller
        controller.see(scene_audio("unseen"))
        controller.see(ELSEWHERE)
        await asyncio.sleep(LET_GO_S + 60)

        assert controller.known == {"uid-elsewhere"}

    played(story, always=FORBIDDEN)


def test_an_api_server_that_is_away_for_days_makes_nothing_forgotten() -> None:
    async def story(tenant: Tenant) -> None:
        tenant.house.controller.see(scene_audio("there"))
        await asyncio.sleep(48 * LET_GO_S)

        assert tenant.house.controller.known == {"uid-there"}

    played(story, always=ClusterUnavailable("ClientConnectorError"))


def test_an_hour_of_refusals_is_counted_from_the_last_time_that_it_went_well() -> None:
    async def story(tenant: Tenant) -> None:
        controller = tenant.house.controller
        controller.see(scene_audio("there"))
        await asyncio.sleep(LET_GO_S - 60)
        tenant.endings.append(Ending("HTTP 403 Forbidden"))
        tenant.always = None
        await asyncio.sleep(15)
        tenant.always = FORBIDDEN
        await asyncio.sleep(LET_GO_S - 60)

        assert controller.known == {"uid-there"}

    played(story, always=FORBIDDEN, living=frozenset({"uid-there"}))


def test_a_sweep_that_fails_by_a_defect_ends_the_watch_instead_of_itself_alone() -> None:
    async def play(house: House) -> None:
        async def broken() -> frozenset[str]:
            raise ZeroDivisionError

        tenant = Tenant(house)
        tenant.watch._sweep = Sweep("studio", controller=house.controller, living=broken)
        house.controller.see(scene_audio("there"))

        with pytest.raises(ExceptionGroup) as raised:
            await tenant.watch.run()

        assert raised.group_contains(ZeroDivisionError)

    scenario(play)
