"""Whatever users, other writers, failures and crashes do in whatever order: what must hold, holds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

from caster_scene_audio.domain.audio import (
    ObservedAudio,
    ObservedLayer,
    audio_as_spec,
)
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.comparison import differences
from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.reasons import SETTLED, Reason
from caster_scene_audio.domain.spec import Channel, Drift, FollowMode, Mode, SceneAudioSpec
from caster_scene_audio.domain.status import ConditionType
from tests.support.simulation.fakes import SILENCE
from tests.support.simulation.objects import (
    IN_CHANNEL,
    INTERNAL_ERROR,
    MALFORMED,
    THROTTLED,
    failure,
)
from tests.support.simulation.watched_cluster import Body
from tests.support.simulation.watched_studio import LIST, READ, UPDATE, Trouble, as_kept
from tests.support.simulation.world import World, holder_of

SCENES = ["scene-1", "scene-2"]
NAMESPACES = ["studio", "radio"]
SECRETS = ["key-a", "key-b"]
FAILURES = [
    IN_CHANNEL,
    INTERNAL_ERROR,
    MALFORMED,
    THROTTLED,
    failure("InvalidScene.NotFound", 404),
    failure("IncorrectSceneStatus", 400),
    failure("NoPermission", 403),
    failure("SignatureNonceUsed", 400),
    failure("InvalidSecurityToken.Expired", 403),
]
AN_HOUR_S = 3600
HOURS_TO_CONVERGE = 30
"""A correction of contended drift waits 16 intervals, and a clock that was set back two hours."""

pauses = st.sampled_from([0, 0.001, 0.05, 0.15, 0.4, 2])
latencies = st.sampled_from([0, 0.05, 0.3, 3])
spans = st.sampled_from([1, 15, 130, 700, 1500])
scenes = st.sampled_from(SCENES)

VOLUMES = st.sampled_from([0, 0.9, 1, 10])
CHANNELS = st.sampled_from(list(Channel))
DELAYS = st.sampled_from([0, 5000])
FILTERS = st.sampled_from([{}, {"automaticGainControl": True}])
LOCATIONS = st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=3, unique=True)


def _layer(location: str) -> st.SearchStrategy[Body]:
    return st.fixed_dictionaries(
        {"locationId": st.just(location)},
        optional={
            "volumeRate": VOLUMES,
            "validChannel": CHANNELS.map(str),
            "fixedDelayMilliseconds": DELAYS,
            "filter": FILTERS,
        },
    )


def _observed_layer(location: str) -> st.SearchStrategy[ObservedLayer]:
    return st.builds(
        ObservedLayer,
        location_id=st.just(location),
        volume_rate=VOLUMES,
        valid_channel=CHANNELS,
        fixed_delay_milliseconds=DELAYS,
    )


layers = LOCATIONS.flatmap(lambda names: st.tuples(*map(_layer, names)).map(list))
follow_modes = st.sampled_from(list(FollowMode))
sounds = st.fixed_dictionaries({"followMode": follow_modes.map(str)}) | st.fixed_dictionaries(
    {"layers": layers}, optional={"followMode": follow_modes.map(str)}
)
ways: st.SearchStrategy[Body] = st.builds(dict) | st.fixed_dictionaries(
    {},
    optional={
        "credentialsSecretRef": st.fixed_dictionaries({"name": st.sampled_from(SECRETS)}),
        "mode": st.sampled_from([*Mode]).map(str),
        "drift": st.sampled_from([*Drift]).map(str),
        "onAir": st.sampled_from(["Apply", "Wait"]),
        "interval": st.sampled_from(["10m", "20m"]),
        "suspend": st.booleans(),
    },
)
drifted_audio = st.builds(
    ObservedAudio,
    request_id=st.just("READ"),
    follow_mode=st.none() | follow_modes,
    layers=LOCATIONS.flatmap(lambda names: st.tuples(*map(_observed_layer, names))),
)


class Studios(RuleBasedStateMachine):
    """Two scenes, a few objects for them, and everything that can come between."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.made = 0

    def objects(self) -> dict[str, SceneAudio]:
        return {uid: scene_audio_from(body) for uid, body in self.world.cluster.bodies.items()}

    def one_of(self, number: int) -> str:
        """The uid of an object that there is."""
        uids = sorted(self.world.cluster.bodies)
        return uids[number % len(uids)]

    def can_be_changed(self) -> bool:
        return bool(self.world.cluster.bodies) and not self.world.cluster.is_down

    def change_spec(self, number: int, **fields: Any) -> None:
        """None takes a field away."""
        uid = self.one_of(number)
        spec = self.world.cluster.bodies[uid]["spec"] | fields
        self.world.cluster.change(
            uid, {name: value for name, value in spec.items() if value is not None}
        )

    @initialize(answer_s=latencies, account_s=latencies, older=sounds, younger=sounds, pause=pauses)
    def begin(
        self, *, answer_s: float, account_s: float, older: Body, younger: Body, pause: float
    ) -> None:
        """With two for one scene: only then is there anything to mix up."""
        self.be_slow_or_fast(answer_s, account_s, 0.02)
        for sound in (older, younger):
            self.create(
                scene="scene-1", namespace="studio", sound=sound, way={}, lot=5, pause=pause
            )

    @precondition(lambda self: not self.world.cluster.is_down and self.made < 6)
    @rule(
        scene=scenes,
        namespace=st.sampled_from(NAMESPACES),
        sound=sounds,
        way=ways,
        lot=st.integers(0, 9),
        pause=pauses,
    )
    def create(  # noqa: PLR0913 (all that an object is)
        self, *, scene: str, namespace: str, sound: Body, way: Body, lot: int, pause: float
    ) -> None:
        self.made += 1
        self.world.cluster.create(
            namespace=namespace,
            uid=f"{lot}-{self.made}",
            created=self.world.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            spec={"casterId": "caster-1", "sceneId": scene, **sound, **way},
        )
        self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=st.integers(0, 4), sound=sounds, pause=pauses)
    def change_sound(self, number: int, sound: Body, pause: float) -> None:
        self.change_spec(number, **({"followMode": None, "layers": None} | sound))
        self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=st.integers(0, 4), way=ways, pause=pauses)
    def change_way(self, number: int, way: Body, pause: float) -> None:
        self.change_spec(number, **way)
        self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=st.integers(0, 4), suspend=st.none() | st.booleans(), pause=pauses)
    def suspend_or_resume(self, number: int, suspend: bool | None, pause: float) -> None:
        self.change_spec(number, suspend=suspend)
        self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=st.integers(0, 4), future=st.none() | st.just("field"), pause=pauses)
    def use_what_a_later_version_knows(self, number: int, future: str | None, pause: float) -> None:
        self.change_spec(number, future=future)
        self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=st.integers(0, 4), value=st.sampled_from(["1", "2"]), pause=pauses)
    def request_a_reconcile(self, number: int, value: str, pause: float) -> None:
        self.world.cluster.ask(self.one_of(number), value)
        self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=st.integers(0, 4), pause=pauses)
    def delete(self, number: int, pause: float) -> None:
        self.world.cluster.delete(self.one_of(number))
        self.world.wait(pause)

    @precondition(lambda self: not self.world.cluster.is_down)
    @rule(
        namespace=st.sampled_from(NAMESPACES),
        name=st.sampled_from(SECRETS),
        is_good=st.sampled_from([True, True, False, None]),
        pause=pauses,
    )
    def write_secret(self, namespace: str, name: str, is_good: bool | None, pause: float) -> None:
        self.world.write_secret(SecretRef(namespace=namespace, name=name), is_good=is_good)
        self.world.wait(pause)

    @rule(scene=scenes, audio=drifted_audio, part=st.sampled_from([None, "follow_mode", "layers"]))
    def drift(self, scene: str, audio: ObservedAudio, part: str | None) -> None:
        """Somebody sets the scene, or a part of it."""
        if part is not None:
            before = self.world.studio.audio.get(scene, SILENCE)
            audio = replace(before, **{part: getattr(audio, part)})
        self.world.studio.audio[scene] = audio

    @rule(scene=scenes)
    def go_on_or_off_air(self, scene: str) -> None:
        self.world.studio.on_air ^= {scene}

    @rule(
        action=st.sampled_from([UPDATE, UPDATE, READ, LIST]),
        failed=st.sampled_from(FAILURES),
        applied=st.booleans(),
        times=st.integers(1, 6),
    )
    def fail(self, action: str, failed: Any, applied: bool, times: int) -> None:
        trouble = Trouble(failure=failed, applied=applied and failed is INTERNAL_ERROR)
        self.world.studio.troubles[action].extend([trouble] * times)

    @rule(answer_s=latencies, account_s=latencies, lag_s=st.sampled_from([0.001, 0.02, 0.5]))
    def be_slow_or_fast(self, answer_s: float, account_s: float, lag_s: float) -> None:
        self.world.studio.latency_s = answer_s
        self.world.accounts.latency_s = account_s
        self.world.cluster.lag_s = lag_s

    @rule(is_down=st.booleans(), loses_answers=st.booleans())
    def lose_or_find_the_api_server(self, is_down: bool, loses_answers: bool) -> None:
        self.world.cluster.is_down = is_down
        self.world.cluster.loses_answers = loses_answers

    @rule(pause=pauses)
    def crash(self, pause: float) -> None:
        self.world.crash()
        self.world.wait(pause)

    @rule(minutes=st.sampled_from([-120, -1, 1, 120]))
    def set_the_clock(self, minutes: int) -> None:
        self.world.clock_offset += timedelta(minutes=minutes)

    @rule(span=spans)
    def let_time_pass(self, span: float) -> None:
        self.world.wait(span)

    @invariant()
    def nothing_is_wrong(self) -> None:
        wrong = self.world.wrong
        assert not wrong, wrong

    @override
    def teardown(self) -> None:
        try:
            if not self.world.wrong:
                self.let_all_settle()
                for uid, seen in self.objects().items():
                    self.check_end(uid, seen)
                self.check_steady()
        finally:
            self.world.close()

    def let_all_settle(self) -> None:
        """No more failures, drift or outage, and nothing on air: until the end is reached."""
        for troubles in self.world.studio.troubles.values():
            troubles.clear()
        self.world.studio.on_air.clear()
        self.world.cluster.is_down = False
        self.world.wait(HOURS_TO_CONVERGE * AN_HOUR_S)
        self.nothing_is_wrong()

    def check_end(self, uid: str, seen: SceneAudio) -> None:
        status = seen.status
        about = f"{uid}: {seen} beside {self.world.studio.audio}"
        assert status.observed_generation == seen.generation, about
        assert not seen.is_asked_for, about
        if self.check_uncalled(seen, about):
            return
        assert isinstance(seen.spec, SceneAudioSpec)
        if self.is_unsigned(seen):
            rests = seen.spec.mode is Mode.MANAGE and seen.spec.drift is Drift.IGNORE
            told = status.reason == Reason.CREDENTIALS_UNAVAILABLE
            assert told or (rests and status.reason in SETTLED), about
            return
        audio = as_kept(self.world.studio.audio.get(seen.spec.scene_id, SILENCE))
        self.check_read_back(seen, seen.spec, audio, about)
        if seen.spec.mode is Mode.MANAGE and status.applied is not None:
            assert not seen.spec.says_otherwise_than(status.applied), about

    def check_uncalled(self, seen: SceneAudio, about: str) -> bool:
        """Whether it is an object for which nothing may be called; it says why."""
        reason, expected = seen.status.reason, None
        if not isinstance(seen.spec, SceneAudioSpec):
            expected = Reason.INVALID_SPEC
        elif holder_of(seen.spec.scene_id, self.objects()) != seen:
            expected = Reason.CONFLICT
        elif seen.spec.suspend:
            expected = Reason.SUSPENDED
        if expected is None:
            return False
        stands = ConditionType.SUSPENDED if expected is Reason.SUSPENDED else ConditionType.STALLED
        assert reason == expected, about
        assert {each.type for each in seen.status.conditions} == {ConditionType.READY, stands}
        return True

    def is_unsigned(self, seen: SceneAudio) -> bool:
        held = self.world.secrets.held
        return seen.secret is not None and (
            seen.secret not in held or "bad" in held[seen.secret].access_key_id
        )

    def check_read_back(
        self, seen: SceneAudio, spec: SceneAudioSpec, audio: ObservedAudio, about: str
    ) -> None:
        found, status = differences(spec, audio), seen.status
        drifted = status.condition(ConditionType.DRIFTED)
        if spec.mode is Mode.OBSERVE:
            assert status.is_ready, about
            assert status.reason == Reason.OBSERVED, about
            assert status.observed == audio_as_spec(audio), about
            assert bool(drifted) == bool(found), about
        elif spec.drift is Drift.REPORT:
            assert status.is_ready != bool(found), about
            assert bool(drifted) == bool(found), about
        else:
            assert status.is_ready, about
            assert drifted is None, about
            assert not found or spec.drift is Drift.IGNORE, about

    def check_steady(self) -> None:
        """From now on nothing is written, where all can be signed."""
        if any(self.is_unsigned(each) for each in self.objects().values()):
            return
        before = (self.world.cluster.writes, len(self.world.studio.updates))
        self.world.wait(AN_HOUR_S)
        assert (self.world.cluster.writes, len(self.world.studio.updates)) == before


TestStudios = Studios.TestCase
TestStudios.settings = settings(
    max_examples=150,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a failure stands as found: to shrink it takes minutes
    suppress_health_check=list(HealthCheck),
)
