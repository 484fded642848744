"""What holds in the end, when nothing fails any more and time enough has passed."""

from caster_scene_audio.domain.audio import ObservedAudio, audio_as_spec
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.reasons import SETTLED, Reason
from caster_scene_audio.domain.spec import Drift, Mode, SceneAudioSpec
from caster_scene_audio.domain.status import ConditionType
from tests.support.simulation.fakes import SILENCE
from tests.support.simulation.law import holder_of
from tests.support.simulation.likeness import is_unlike
from tests.support.simulation.watched_studio import as_kept
from tests.support.simulation.world import World

AN_HOUR_S = 3600


def check_end(world: World) -> None:
    """No object is stuck, each says what is so, and from now on nothing is written."""
    objects = {uid: scene_audio_from(body) for uid, body in world.cluster.bodies.items()}
    for uid, seen in objects.items():
        about = f"{uid}: {seen} beside {world.studio.audio}"
        assert seen.status.observed_generation == seen.generation, about
        assert not seen.is_asked_for, about
        if not _check_uncalled(world, seen, objects, about):
            _check_called(world, seen, about)
    if not any(is_unsigned(world, each) for each in objects.values()):
        _check_steady(world)


def _check_uncalled(
    world: World, seen: SceneAudio, objects: dict[str, SceneAudio], about: str
) -> bool:
    """Whether it is an object for which nothing may be called; it says why."""
    reason, expected = seen.status.reason, None
    if not isinstance(seen.spec, SceneAudioSpec):
        expected = Reason.INVALID_SPEC
    elif seen.spec.suspend:
        expected = Reason.SUSPENDED
    elif seen.spec.mode is Mode.MANAGE and (
        holder_of(seen, objects, world.accounts_held()) not in (seen, None)
    ):
        expected = Reason.CONFLICT
    if expected is None:
        return False
    stands = ConditionType.SUSPENDED if expected is Reason.SUSPENDED else ConditionType.STALLED
    assert reason == expected, about
    assert {each.type for each in seen.status.conditions} == {ConditionType.READY, stands}, about
    return True


def _check_called(world: World, seen: SceneAudio, about: str) -> None:
    spec, status = seen.spec, seen.status
    assert isinstance(spec, SceneAudioSpec)
    if is_unsigned(world, seen):
        rests = spec.mode is Mode.MANAGE and spec.drift is Drift.IGNORE
        told = status.reason == Reason.CREDENTIALS_UNAVAILABLE
        assert told or (rests and status.reason in SETTLED), about
        return
    audio = as_kept(world.studio.audio.get(spec.scene_id, SILENCE))
    _check_read_back(seen, spec, audio, about)
    if spec.mode is Mode.MANAGE:
        found = [audio for uid, audio in world.law.ever_proved if uid == seen.ref.uid]
        known = found if status.applied is None else [status.applied]
        assert any(not spec.says_otherwise_than(each) for each in known), about


def is_unsigned(world: World, seen: SceneAudio) -> bool:
    """Whether there is nothing good to sign its calls with."""
    held = world.secrets.held
    return seen.secret is not None and (
        seen.secret not in held or "bad" in held[seen.secret].access_key_id
    )


def _check_read_back(
    seen: SceneAudio, spec: SceneAudioSpec, audio: ObservedAudio, about: str
) -> None:
    found, status = is_unlike(spec, audio), seen.status
    drifted = status.condition(ConditionType.DRIFTED)
    if spec.mode is Mode.OBSERVE:
        assert status.is_ready, about
        assert status.reason == Reason.OBSERVED, about
        assert status.observed == audio_as_spec(audio), about
        assert bool(drifted) == found, about
    elif spec.drift is Drift.REPORT:
        assert status.is_ready != found, about
        assert bool(drifted) == found, about
    else:
        assert status.is_ready, about
        assert drifted is None, about
        assert not found or spec.drift is Drift.IGNORE, about


def _check_steady(world: World) -> None:
    before = (world.cluster.writes, len(world.studio.updates))
    world.wait(AN_HOUR_S)
    assert (world.cluster.writes, len(world.studio.updates)) == before
