"""What is done in a quiet world to see at what pace the operator answers: late or early is wrong."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import Drift, FollowMode, Mode, OnAir, SceneAudioSpec
from caster_scene_audio.domain.status import ConditionType
from tests.support.simulation.ending import is_unsigned
from tests.support.simulation.fakes import SILENCE
from tests.support.simulation.house import longest
from tests.support.simulation.law import holder_of, scene_of_object
from tests.support.simulation.objects import failure
from tests.support.simulation.probe import PROMPT_S, Probe
from tests.support.simulation.watched_studio import READ, UPDATE, Trouble
from tests.support.simulation.world import World

LONGEST_INTERVAL_S = 1200.0
"""The longest that a spec of these worlds has."""

ASKED_PAUSE_S = 20.0
"""What a throttled answer asks for in a probe."""


def check_paces(world: World) -> None:
    """Each kind of object is answered in time, not too early, and no oftener than is due."""
    world.calm()
    world.be_fast()
    probes = [*_probes(world)]
    _check_readings(world, probes)
    for each in probes:
        if each.is_managed:
            check_change(each)
            check_same_again(each)
        check_drift(each)
        check_request(each)
        if each.is_managed:
            check_throttled(each)
            check_on_air(each)
            check_drift_that_goes_on_air(each)
            check_refused_over_a_restart(each)
    check_quiet_readings(world, probes)
    check_restart(world, probes)


def _probes(world: World) -> Iterator[Probe]:
    """Of each scene for which calls are made by one object alone."""
    objects = {uid: scene_audio_from(body) for uid, body in world.cluster.bodies.items()}
    called = [uid for uid, seen in objects.items() if _is_called(world, seen, objects)]
    scenes = Counter(scene_of_object(objects[uid]) for uid in called)
    for uid in called:
        is_signed = not is_unsigned(world, objects[uid])
        if is_signed and scenes[scene_of_object(objects[uid])] == 1:
            yield Probe(world, uid)


def _is_called(world: World, seen: SceneAudio, objects: dict[str, SceneAudio]) -> bool:
    """One that only observes needs no hold of its scene, and one with a wrong key still tries."""
    spec = seen.spec
    if not isinstance(spec, SceneAudioSpec) or spec.suspend:
        return False
    holds = holder_of(seen, objects, world.accounts_held()) in (seen, None)
    return holds or spec.mode is Mode.OBSERVE or is_unsigned(world, seen)


def _check_readings(world: World, probes: Iterable[Probe]) -> None:
    """Over six of the longer intervals: as often as a tenth more or less allows."""
    began, span_s = world.loop.time(), 6 * LONGEST_INTERVAL_S
    world.wait(span_s)
    for each in probes:
        updates, reads, lists = each.counts(began)
        fewest = int(span_s / (1.1 * each.interval_s + PROMPT_S)) if each.is_read else 0
        most = int(span_s / (0.9 * each.interval_s)) + 1 if each.is_read else 0
        assert updates == lists == 0, each
        assert fewest <= reads <= most, f"{each}: {reads} readings in {span_s} s"


def check_change(probe: Probe) -> None:
    """One update, at once, and nothing afterwards."""
    began = probe.world.loop.time()
    probe.change()
    probe.world.wait(PROMPT_S)
    probe.check_applied(began)


def check_same_again(probe: Probe) -> None:
    """Just after an update no reading is due, and none is needed."""
    began = probe.world.loop.time()
    probe.world.cluster.say_again(probe.uid)
    probe.world.wait(PROMPT_S)
    generation = probe.world.cluster.bodies[probe.uid]["metadata"]["generation"]
    assert probe.counts(began) == (0, 0, 0), probe
    assert probe.status.observed_generation == generation, probe


def check_drift(probe: Probe) -> None:
    """It is found by the next reading, and then corrected, told or let be, as the spec says."""
    world, spec, began = probe.world, probe.spec, probe.world.loop.time()
    _set_otherwise(probe)
    world.wait(1.3 * probe.interval_s)
    updates, reads, _ = probe.counts(began)
    status, about = probe.status, f"{probe}: {probe.counts(began)} calls, {probe.status}"
    if not probe.is_read:
        assert updates == reads == 0, about
    elif probe.is_managed and spec.drift is Drift.CORRECT:
        assert updates == 1, about
        assert status.reason == Reason.DRIFT_CORRECTED, about
    else:
        assert updates == 0, about
        assert status.reason == (Reason.DRIFTED if probe.is_managed else Reason.OBSERVED), about
        assert status.condition(ConditionType.DRIFTED), about


def _set_otherwise(probe: Probe) -> None:
    """As another writer does."""
    spec, audio = probe.spec, probe.world.studio.audio
    before = audio.get(spec.scene_id, SILENCE)
    if spec.layers is not None:
        audio[spec.scene_id] = replace(before, layers=())
    else:
        other = next(each for each in FollowMode if each is not spec.follow_mode)
        audio[spec.scene_id] = replace(before, follow_mode=other)


def check_request(probe: Probe) -> None:
    """A person asks: one call at once."""
    began = probe.world.loop.time()
    probe.world.cluster.ask(probe.uid, f"at {began}")
    probe.world.wait(PROMPT_S)
    updates, reads, _ = probe.counts(began)
    assert updates == probe.is_managed, probe
    assert reads <= (1 if probe.is_managed else 2), probe  # one of its interval may be due
    assert probe.status.last_handled_reconcile_at == f"at {began}", probe


def check_throttled(probe: Probe) -> None:
    """The next try is no sooner than was asked, and soon afterwards; it is no failed attempt."""
    world, began = probe.world, probe.world.loop.time()
    code, status = world.random.choice([("Throttling.User", 400), ("Odd.Quota", 429)])
    asked = failure(code, status, retry_after_s=ASKED_PAUSE_S)
    world.studio.troubles[UPDATE].append(Trouble(failure=asked))
    probe.change()
    world.wait(ASKED_PAUSE_S / 2)
    assert (probe.status.reason, probe.status.attempts) == (Reason.THROTTLED, 0), probe
    world.wait(120)
    probe.check_applied(began, updates=2)
    first_s, second_s = probe.calls(UPDATE, began)
    assert second_s - first_s >= ASKED_PAUSE_S, probe


def check_on_air(probe: Probe) -> None:
    """Nothing is written while the scene is on air, and it is within seconds afterwards."""
    world, began = probe.world, probe.world.loop.time()
    was = probe.spec.on_air
    world.studio.on_air.add(probe.spec.scene_id)
    probe.change(onAir="Wait")
    world.wait(60)
    updates, _, lists = probe.counts(began)
    assert updates == 0, probe
    assert 5 <= lists <= 8, f"{probe}: {lists} lists in a minute"
    assert probe.status.reason == Reason.ON_AIR, probe
    world.studio.on_air.clear()
    world.wait(11 + PROMPT_S)
    probe.check_applied(began)
    _set_back(probe, was)


def check_drift_that_goes_on_air(probe: Probe) -> None:
    """What is put right at the console while the scene is on air is not corrected afterwards."""
    world, spec = probe.world, probe.spec
    if spec.drift is not Drift.CORRECT:
        return
    probe.change(onAir="Wait")
    world.wait(PROMPT_S)
    began, was = world.loop.time(), world.studio.audio[spec.scene_id]
    _set_otherwise(probe)
    world.studio.on_air.add(spec.scene_id)
    world.wait(1.3 * probe.interval_s)
    assert probe.status.reason == Reason.ON_AIR, f"{probe}: {probe.status}"
    world.studio.audio[spec.scene_id] = was
    world.wait(11 + PROMPT_S)
    assert probe.status.is_ready, f"{probe}: {probe.status}"
    world.studio.on_air.clear()
    world.wait(11 + PROMPT_S)
    assert not probe.calls(UPDATE, began), probe
    _set_back(probe, spec.on_air)


def _set_back(probe: Probe, on_air: OnAir | None) -> None:
    spec = probe.world.cluster.bodies[probe.uid]["spec"] | {"onAir": on_air and str(on_air)}
    probe.world.cluster.change(
        probe.uid, {key: each for key, each in spec.items() if each is not None}
    )
    probe.world.wait(PROMPT_S)


def check_quiet_readings(world: World, probes: Iterable[Probe]) -> None:
    """A reading that fails in passing is made again, and nothing is told of it."""
    before = [(each, each.status) for each in probes if each.status.is_ready]
    troubles, began = world.studio.troubles[READ], world.loop.time()
    troubles.extend([Trouble(failure=failure("InternalError", 500))] * 2)
    told = {each.uid: len(world.cluster.history.get(each.uid, ())) for each, _ in before}
    while troubles and world.loop.time() - began < LONGEST_INTERVAL_S:
        world.wait(60)
    troubles.clear()
    world.wait(60)
    for each, was in before:
        since = world.cluster.history.get(each.uid, [])[told[each.uid] :]
        for body in [*since, world.cluster.bodies[each.uid]]:
            status = scene_audio_from(body).status
            assert status.reason == was.reason, f"{each}: {status}"
            assert status.last_error == was.last_error, f"{each}: {status}"


def check_refused_over_a_restart(probe: Probe) -> None:
    """What was refused is tried each ten minutes, also by an operator that starts in between."""
    world, began = probe.world, probe.world.loop.time()
    code = world.random.choice(["NoPermission", "Odd.Permission"])
    world.studio.lasting[UPDATE] = Trouble(failure=failure(code, 403))
    probe.change()
    world.wait(60)
    assert (probe.status.reason, probe.status.attempts) == (Reason.ACCESS_DENIED, 1), probe
    world.crash()
    world.wait(440)
    assert len(probe.calls(UPDATE, began)) == 1, probe
    world.studio.lasting.clear()
    world.wait(180)
    probe.check_applied(began, updates=2)


def check_restart(world: World, probes: Iterable[Probe]) -> None:
    """A new operator spreads its readings over the interval: here each is as late as may be."""
    world.jitter, began = longest, world.loop.time()
    world.crash()
    world.wait(LONGEST_INTERVAL_S + PROMPT_S)
    for each in probes:
        reads, about = each.calls(READ, began), f"{each}: {each.counts(began)} calls"
        assert not each.calls(UPDATE, began), about
        assert bool(reads) == each.is_read, about
        assert not reads or 0 <= reads[0] - each.interval_s <= PROMPT_S, f"{about}, {reads}"
    world.jitter = world.random.uniform
