"""The reconciler with fakes around it, in a loop whose clock jumps."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from typing_extensions import override

from caster_scene_audio.domain.access import AccessPolicy
from caster_scene_audio.domain.backoff import Jitter
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.objects import ObjectRef, SceneAudio
from caster_scene_audio.domain.plan import Rhythm
from caster_scene_audio.domain.retry import POLICIES
from caster_scene_audio.domain.spec import OnAir
from caster_scene_audio.ports import (
    Cluster,
    Live,
    Measures,
    NoTraces,
    Recorded,
    SecretCredentials,
    Traces,
)
from caster_scene_audio.reconciler.controller import Controller, Pace
from caster_scene_audio.reconciler.keyring import Keyring
from caster_scene_audio.reconciler.reconciler import Clocks, Reconciler
from caster_scene_audio.reconciler.reporter import Reporter
from tests.support.simulation.defects import Defects
from tests.support.simulation.fakes import (
    FakeAccounts,
    FakeCluster,
    FakeLive,
    FakeOwnCredentials,
    FakeSecrets,
    NoMeasures,
)
from tests.support.simulation.objects import NOON
from tests.support.simulation.virtual_time import run_in_virtual_time

C = TypeVar("C", bound=Controller)

WATCH_LAG_S = 0.02


class House:
    """Everything that the controller is composed of, each part at hand."""

    def __init__(
        self,
        *,
        max_in_flight: int = 32,
        update_qps: float = 10,
        access: AccessPolicy | None = None,
        on_air: OnAir = OnAir.APPLY,
        measures: Measures | None = None,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.live = FakeLive()
        self.cluster = FakeCluster()
        self.own = FakeOwnCredentials()
        self.secrets = FakeSecrets()
        self.accounts = FakeAccounts()
        self.measures = measures or NoMeasures()
        self.controller = controller_of(
            live=self.live,
            cluster=self.cluster,
            keyring=Keyring(own=self.own, secrets=self.secrets, accounts=self.accounts),
            secrets=self.secrets,
            access=access or AccessPolicy(),
            pace=Pace(
                update_qps=update_qps,
                read_qps=15,
                max_in_flight=max_in_flight,
                used_until=-10,
            ),
            now=self.now,
            monotonic=self.loop.time,
            jitter=longest,
            on_air=on_air,
            measures=self.measures,
            made=WatchedController,
        )
        self.cluster.stored = self._comes_back

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.loop.time())

    def write_secret(self, ref: SecretRef, credentials: Credentials | None) -> None:
        """As a person does, and the watch tells."""
        if credentials is None:
            self.secrets.held.pop(ref, None)
        else:
            self.secrets.held[ref] = credentials
        self.controller.secret_changed(ref)

    def _comes_back(self, ref: ObjectRef, recorded: Recorded) -> None:
        """The watch shows what was written a little later."""
        self.loop.call_later(WATCH_LAG_S, self.controller.show_again, ref, recorded)


class WatchedController(Controller):
    """Remembers what it was shown, so that the watch can show it again with another status."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._shown: dict[str, SceneAudio] = {}

    @override
    def see(self, seen: SceneAudio) -> None:
        self._shown[seen.ref.uid] = seen
        super().see(seen)

    def show_again(self, ref: ObjectRef, recorded: Recorded) -> None:
        """As the watch does after a status was written."""
        shown = self._shown.get(ref.uid)
        if shown is not None and ref.uid in self.known:
            super().see(replace(shown, status=recorded.status, version=recorded.version))


def longest(low: float, high: float) -> float:
    """The jitter that waits as long as it may."""
    return high


def controller_of(  # noqa: PLR0913 (all that it is composed of)
    *,
    live: Live,
    cluster: Cluster,
    keyring: Keyring,
    secrets: SecretCredentials,
    access: AccessPolicy,
    pace: Pace,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
    jitter: Jitter,
    on_air: OnAir = OnAir.APPLY,
    measures: Measures | None = None,
    traces: Traces | None = None,
    made: type[C],
) -> C:
    """As the operator composes it, but for what a test puts in its place."""
    measures = measures or NoMeasures()
    clocks = Clocks(now=now, monotonic=monotonic)
    return made(
        reconciler=Reconciler(
            policies=POLICIES,
            rhythm=Rhythm(),
            on_air=on_air,
            clocks=clocks,
            jitter=jitter,
            measures=measures,
        ),
        live=live,
        keyring=keyring,
        secrets=secrets,
        reporter=Reporter(cluster=cluster, jitter=jitter, clock=monotonic),
        access=access,
        pace=pace,
        clocks=clocks,
        measures=measures,
        traces=traces or NoTraces(),
    )


def scenario(  # noqa: PLR0913 (all that a house is made of)
    story: Callable[[House], Awaitable[None]],
    *,
    max_in_flight: int = 32,
    update_qps: float = 10,
    access: AccessPolicy | None = None,
    on_air: OnAir = OnAir.APPLY,
    measures: Callable[[], Measures] | None = None,
    stumbles: bool = False,
) -> None:
    """Tell a story in virtual time beside the running controller.

    An ERROR in the log fails it, but where the operator is to stumble.
    """

    async def told() -> None:
        house = House(
            max_in_flight=max_in_flight,
            update_qps=update_qps,
            access=access,
            on_air=on_air,
            measures=measures() if measures else None,
        )
        running = asyncio.create_task(house.controller.run())
        await story(house)
        assert not running.done(), "the controller came to its end"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    defects = Defects()
    defects.listen()
    try:
        run_in_virtual_time(told())
    finally:
        defects.leave()
    assert bool(defects.found) == stumbles, defects.found
