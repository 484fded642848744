"""Objects that are made in a quiet world, each for a scene of its own: what their first calls are."""

from typing import Any

from caster_scene_audio.domain.audio import ObservedAudio, audio_as_spec
from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.plan import HOLD_S
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import FollowMode, Layer
from tests.support.simulation.fakes import as_read
from tests.support.simulation.objects import INTERNAL_ERROR, failure
from tests.support.simulation.probe import PROMPT_S, Probe
from tests.support.simulation.watched_studio import READ, Trouble, as_kept
from tests.support.simulation.world import World


def check_newcomers(world: World) -> None:
    """None waits longer than it must, and none is written without need."""
    check_adopted(world)
    check_untold(world, "volume_rate")
    check_untold(world, "layers")
    check_first_write(world)
    check_unrecorded(world)
    check_throttled_readings(world)
    check_late_secret(world)
    check_other_secret(world)
    check_restart_before_the_first_write(world)


def check_adopted(world: World) -> None:
    """A scene that reads as declared is read once, and not written."""
    began = world.loop.time()
    probe = _newcomer(world, is_as_declared=True)
    world.wait(PROMPT_S)
    assert probe.counts(began) == (0, 1, 0), f"{probe}: {probe.counts(began)} calls"
    assert probe.status.reason == Reason.IN_SYNC, probe


def check_untold(world: World, field: str) -> None:
    """What isn't told is not taken for as declared."""
    began = world.loop.time()
    world.studio.untold.add(field)
    probe = _newcomer(world, is_as_declared=True)
    world.wait(PROMPT_S)
    probe.check_applied(began)
    world.studio.untold.clear()


def check_first_write(world: World) -> None:
    """One reading, one update, and what was replaced is told."""
    began = world.loop.time()
    probe = _newcomer(world)
    had = audio_as_spec(as_kept(world.studio.audio[probe.spec.scene_id]))
    world.wait(PROMPT_S)
    assert probe.counts(began) == (1, 1, 0), f"{probe}: {probe.counts(began)} calls"
    assert probe.status.replaced == had, probe
    probe.check_applied(began)


def check_unrecorded(world: World) -> None:
    """A status that isn't taken holds the first write up, but not for longer than was promised."""
    began = world.loop.time()
    probe = _newcomer(world)
    world.cluster.refused.add(probe.uid)
    world.wait(HOLD_S - PROMPT_S)
    assert probe.counts(began) == (0, 1, 0), f"{probe}: {probe.counts(began)} calls"
    world.wait(2 * PROMPT_S)
    assert probe.counts(began) == (1, 1, 0), f"{probe}: {probe.counts(began)} calls"
    world.cluster.refused.clear()
    world.wait(600)
    probe.check_applied(began)


def check_throttled_readings(world: World) -> None:
    """Nor do readings that rest, those of another object either."""
    began = world.loop.time()
    asked = failure("Throttling.User", 400, retry_after_s=60)
    world.studio.lasting[READ] = Trouble(failure=asked)
    first = _newcomer(world)
    world.wait(1)
    second = _newcomer(world)
    world.wait(HOLD_S + PROMPT_S)
    for each in (first, second):
        each.check_applied(began)
    world.studio.lasting.clear()
    world.wait(120)


def check_late_secret(world: World) -> None:
    """An object goes on at once when its Secret comes."""
    began = world.loop.time()
    probe = _newcomer(world, credentialsSecretRef={"name": "late"})
    world.wait(PROMPT_S)
    assert probe.status.reason == Reason.CREDENTIALS_UNAVAILABLE, probe
    _write_secret(world, "late")
    world.wait(PROMPT_S)
    probe.check_applied(began)


def check_other_secret(world: World) -> None:
    """Another Secret is named while the account of the first is still asked for."""
    began = world.loop.time()
    _write_secret(world, "one")
    _write_secret(world, "other")
    world.accounts.latency_s = 3
    probe = _newcomer(world, credentialsSecretRef={"name": "one"})
    world.wait(1)
    world.be_fast()
    probe.change(credentialsSecretRef={"name": "other"})
    world.wait(PROMPT_S)
    probe.check_applied(began)


def check_restart_before_the_first_write(world: World) -> None:
    """What wasn't read yet isn't taken for as declared by the next operator."""
    began = world.loop.time()
    world.studio.lasting[READ] = Trouble(failure=INTERNAL_ERROR)
    probe = _newcomer(world, drift="Report")
    world.wait(PROMPT_S / 2)
    world.crash()
    world.wait(PROMPT_S / 2)
    world.studio.lasting.clear()
    world.wait(HOLD_S + PROMPT_S)
    probe.check_applied(began)


def _newcomer(world: World, *, is_as_declared: bool = False, **fields: Any) -> Probe:
    volume = world.new_volume()
    scene, uid, layer = f"scene-{volume}", f"new-{volume}", Layer(locationId="A")
    layer = layer.model_copy(update={"volume_rate": volume})
    world.studio.audio[scene] = ObservedAudio(
        request_id="READ",
        follow_mode=FollowMode.AUDIO_MIXING,
        layers=as_read((layer if is_as_declared else Layer(locationId="B"),)),
    )
    sound = {"followMode": "AudioMixing", "layers": [{"locationId": "A", "volumeRate": volume}]}
    world.cluster.create(
        namespace="studio",
        uid=uid,
        created=world.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        spec={"casterId": "caster-1", "sceneId": scene, **sound, **fields},
    )
    return Probe(world, uid)


def _write_secret(world: World, name: str) -> None:
    world.write_secret(SecretRef(namespace="studio", name=name), is_good=True)
