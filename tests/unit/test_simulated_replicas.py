"""Two replicas in virtual time, with pauses, crashes, cut ways and clocks that jump apart."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.comparison import differences
from caster_scene_audio.domain.spec import SceneAudioSpec
from live_emulator.tally import busiest_second
from tests.support.simulation.objects import INTERNAL_ERROR, THROTTLED
from tests.support.simulation.pair import Pair
from tests.support.simulation.replica import QUOTA, SimulatedReplica
from tests.support.simulation.watched_studio import UPDATE, Trouble, as_kept

SCENES = 6
STEPS = 40
IN_THE_END_S = 700
"""Longer than any failure of the service is waited for."""


@pytest.fixture
def pair(seed: int) -> Iterator[Pair]:
    made = Pair(seed)
    made.studio.latency_s = 0.5
    try:
        yield made
    finally:
        made.close()


def spec(pair: Pair, number: int) -> dict[str, object]:
    volume = round(pair.random.uniform(0, 10), 1)
    return {
        "casterId": "caster",
        "sceneId": f"scene-{number}",
        "layers": [{"locationId": "RV01", "volumeRate": volume}],
    }


def edit(pair: Pair, _: SimulatedReplica) -> None:
    for number in pair.random.sample(range(SCENES), pair.random.randint(1, SCENES)):
        pair.cluster.change(f"{number}", spec(pair, number))


def pause_amid_work(pair: Pair, replica: SimulatedReplica) -> None:
    """For longer than its Lease lasts; what it has to do waits in it."""
    for number in range(SCENES):
        pair.cluster.change(f"{number}", spec(pair, number))
    pair.wait(pair.random.uniform(0.1, 0.8))
    replica.is_paused = True
    pair.wait(20)
    replica.is_paused = False


def pause_or_wake(_: Pair, replica: SimulatedReplica) -> None:
    replica.is_paused = not replica.is_paused


def kill(_: Pair, replica: SimulatedReplica) -> None:
    replica.kill()


def stop(_: Pair, replica: SimulatedReplica) -> None:
    replica.stop()


def cut_off_or_mend(_: Pair, replica: SimulatedReplica) -> None:
    replica.cut_off(is_cut_off=not replica.is_cut_off)


def set_the_clock(pair: Pair, replica: SimulatedReplica) -> None:
    replica.clock_offset = timedelta(hours=pair.random.choice((-48, -1, 0, 1, 48)))


def fail(pair: Pair, _: SimulatedReplica) -> None:
    trouble = pair.random.choice((INTERNAL_ERROR, THROTTLED))
    pair.studio.troubles[UPDATE].append(
        Trouble(failure=trouble, applied=pair.random.random() < 0.5)
    )


def lose_or_find_the_api_server(pair: Pair, _: SimulatedReplica) -> None:
    pair.cluster.is_down = not pair.cluster.is_down


ACTS: tuple[Callable[[Pair, SimulatedReplica], None], ...] = (
    edit,
    edit,
    pause_amid_work,
    pause_amid_work,
    pause_or_wake,
    kill,
    stop,
    cut_off_or_mend,
    set_the_clock,
    fail,
    lose_or_find_the_api_server,
)


def rage(pair: Pair) -> None:
    for number in range(SCENES):
        pair.cluster.create(
            namespace="studio",
            uid=f"{number}",
            created="2026-01-01T00:00:00Z",
            spec=spec(pair, number),
        )
    for _ in range(STEPS):
        pair.random.choice(ACTS)(pair, pair.random.choice(pair.replicas))
        pair.wait(pair.random.choice((0.3, 2.0, 12.0)))


def grow_calm(pair: Pair) -> None:
    """The clocks stay as wrong as they are."""
    for each in pair.replicas:
        each.is_paused = False
        each.cut_off(is_cut_off=False)
    pair.cluster.is_down = False
    pair.studio.troubles[UPDATE].clear()
    pair.wait(IN_THE_END_S)


@pytest.mark.parametrize("seed", [0, 2, 6])  # with these a lead that is not heeded is seen
def test_only_who_holds_the_lease_calls_and_in_the_end_all_is_well(pair: Pair) -> None:
    rage(pair)
    grow_calm(pair)

    assert pair.wrong == []
    assert busiest_second(pair.studio.times_s) <= QUOTA
    assert pair.lease.holder in {each.name for each in pair.replicas}
    for body in pair.cluster.bodies.values():
        seen = scene_audio_from(body)
        assert isinstance(seen.spec, SceneAudioSpec)
        assert seen.status.observed_generation == seen.generation, seen
        assert seen.status.is_ready, seen
        assert not differences(seen.spec, as_kept(pair.studio.audio[seen.spec.scene_id])), seen
