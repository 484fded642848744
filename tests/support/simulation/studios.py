"""Whatever users, other writers, failures and crashes do in whatever order: a state machine."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

from caster_scene_audio.domain.audio import ObservedAudio
from caster_scene_audio.domain.credentials import SecretRef
from tests.support.simulation import strategies as draw
from tests.support.simulation.ending import AN_HOUR_S, check_end
from tests.support.simulation.fakes import SILENCE
from tests.support.simulation.newcomers import check_newcomers
from tests.support.simulation.objects import INTERNAL_ERROR
from tests.support.simulation.probes import check_paces
from tests.support.simulation.watched_cluster import Body
from tests.support.simulation.watched_studio import Trouble
from tests.support.simulation.world import World

HOURS_TO_CONVERGE = 30
"""A correction of contended drift waits 16 intervals, and a clock that was set back two hours."""


class CalmStudio(RuleBasedStateMachine):
    """One object that always has a way, no crash, and longer pauses: it gets far."""

    most_objects = 1

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.made = 0

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

    def make(self, scene: str, namespace: str, spec: Body, lot: int) -> None:
        self.made += 1
        self.world.cluster.create(
            namespace=namespace,
            uid=f"{lot}-{self.made}",
            created=self.world.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            spec={"casterId": "caster-1", "sceneId": scene, **spec},
        )

    @initialize(
        seed=st.integers(0, 2**32),
        answer_s=draw.latencies,
        sounds=st.tuples(draw.sounds, draw.sounds),
        way=draw.calm_ways,
        audio=draw.drifted_audio,
        pause=draw.pauses,
    )
    def begin(  # noqa: PLR0913 (all that a world begins with)
        self,
        *,
        seed: int,
        answer_s: float,
        sounds: tuple[Body, Body],
        way: Body,
        audio: ObservedAudio,
        pause: float,
    ) -> None:
        """With two for one scene, where there may be: only then is there anything to mix up."""
        self.world.random.setstate(Random(seed).getstate())  # noqa: S311 (the same each time)
        self.world.studio.audio["scene-1"] = audio
        self.be_slow_or_fast(answer_s, 0, 0.02)
        for sound in sounds[: self.most_objects]:
            self.make("scene-1", "studio", sound | way, lot=5)
            self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=draw.numbers, sound=draw.sounds, pause=draw.pauses)
    def change_sound(self, number: int, sound: Body, pause: float) -> None:
        self.change_spec(number, **({"followMode": None, "layers": None} | sound))
        self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=draw.numbers, way=draw.calm_ways, pause=draw.pauses)
    def change_what_is_not_sent(self, number: int, way: Body, pause: float) -> None:
        self.change_spec(number, **way)
        self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=draw.numbers, pause=draw.pauses)
    def say_the_same_again(self, number: int, pause: float) -> None:
        self.world.cluster.say_again(self.one_of(number))
        self.world.wait(pause)

    @precondition(can_be_changed)
    @rule(number=draw.numbers, value=st.sampled_from(["1", "2"]), pause=draw.pauses)
    def request_a_reconcile(self, number: int, value: str, pause: float) -> None:
        self.world.cluster.ask(self.one_of(number), value)
        self.world.wait(pause)

    @rule(
        scene=draw.scenes,
        audio=draw.drifted_audio,
        part=st.sampled_from([None, "follow_mode", "layers"]),
        times=st.sampled_from([1, 1, 20]),
    )
    def drift(self, scene: str, audio: ObservedAudio, part: str | None, times: int) -> None:
        """Somebody sets the scene, or a part of it; perhaps again and again."""
        if part is not None:
            before = self.world.studio.audio.get(scene, SILENCE)
            audio = replace(before, **{part: getattr(audio, part)})
        self.world.fight(scene, audio, every_s=300, times=times)

    @rule(scene=draw.scenes)
    def go_on_or_off_air(self, scene: str) -> None:
        self.world.studio.on_air ^= {scene}

    @rule(scene=draw.scenes, point=draw.points)
    def go_on_or_off_air_in_between(self, scene: str, point: str) -> None:
        def flip() -> None:
            self.world.studio.on_air ^= {scene}

        self.world.at[point].append(flip)

    @rule(action=draw.actions, failed=draw.failures, applied=st.booleans(), times=st.integers(1, 6))
    def fail(self, action: str, failed: Any, applied: bool, times: int) -> None:
        trouble = Trouble(failure=failed, applied=applied and failed is INTERNAL_ERROR)
        self.world.studio.troubles[action].extend([trouble] * times)

    @rule(action=draw.actions, failed=st.none() | draw.failures, span=draw.intervals)
    def fail_for_long(self, action: str, failed: Any, span: float) -> None:
        """None ends it."""
        self.world.studio.lasting.pop(action, None)
        if failed is not None:
            self.world.studio.lasting[action] = Trouble(failure=failed)
        self.world.wait(span)

    @rule(span=draw.intervals)
    def let_intervals_pass(self, span: float) -> None:
        self.world.wait(span)

    @rule(fields=draw.untold)
    def leave_members_out_of_answers(self, fields: set[str]) -> None:
        self.world.studio.untold = fields

    @rule(
        answer_s=draw.latencies,
        account_s=draw.latencies,
        lag_s=st.sampled_from([0.001, 0.02, 0.5]),
    )
    def be_slow_or_fast(self, answer_s: float, account_s: float, lag_s: float) -> None:
        self.world.studio.latency_s = answer_s
        self.world.accounts.latency_s = account_s
        self.world.cluster.lag_s = lag_s

    @rule(span=draw.spans)
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
                self.world.calm()
                self.world.wait(HOURS_TO_CONVERGE * AN_HOUR_S)
                self.nothing_is_wrong()
                check_end(self.world)
                check_paces(self.world)
                check_newcomers(self.world)
                self.nothing_is_wrong()
        finally:
            self.world.close()


class Studios(CalmStudio):
    """Two scenes, a few objects for them, and everything that can come between."""

    most_objects = 6

    @precondition(lambda self: not self.world.cluster.is_down and self.made < self.most_objects)
    @rule(
        scene=draw.scenes,
        namespace=st.sampled_from(draw.NAMESPACES),
        sound=draw.sounds,
        way=draw.ways,
        lot=st.integers(0, 9),
        pause=draw.pauses,
    )
    def create(  # noqa: PLR0913 (all that an object is)
        self, *, scene: str, namespace: str, sound: Body, way: Body, lot: int, pause: float
    ) -> None:
        self.make(scene, namespace, sound | way, lot)
        self.world.wait(pause)

    @precondition(CalmStudio.can_be_changed)
    @rule(number=draw.numbers, way=draw.ways, pause=draw.pauses)
    def change_way(self, number: int, way: Body, pause: float) -> None:
        self.change_spec(number, **way)
        self.world.wait(pause)

    @precondition(CalmStudio.can_be_changed)
    @rule(number=draw.numbers, suspend=st.none() | st.booleans(), pause=draw.pauses)
    def suspend_or_resume(self, number: int, suspend: bool | None, pause: float) -> None:
        self.change_spec(number, suspend=suspend)
        self.world.wait(pause)

    @precondition(CalmStudio.can_be_changed)
    @rule(number=draw.numbers, future=st.none() | st.just("field"), pause=draw.pauses)
    def use_what_a_later_version_knows(self, number: int, future: str | None, pause: float) -> None:
        self.change_spec(number, future=future)
        self.world.wait(pause)

    @precondition(CalmStudio.can_be_changed)
    @rule(number=draw.numbers, pause=draw.pauses)
    def delete(self, number: int, pause: float) -> None:
        self.world.cluster.delete(self.one_of(number))
        self.world.wait(pause)

    @precondition(lambda self: not self.world.cluster.is_down)
    @rule(
        namespace=st.sampled_from(draw.NAMESPACES),
        name=st.sampled_from(draw.SECRETS),
        is_good=st.sampled_from([True, True, False, None]),
        pause=draw.pauses,
    )
    def write_secret(self, namespace: str, name: str, is_good: bool | None, pause: float) -> None:
        self.world.write_secret(SecretRef(namespace=namespace, name=name), is_good=is_good)
        self.world.wait(pause)

    @rule(is_down=st.booleans(), loses_answers=st.booleans())
    def lose_or_find_the_api_server(self, is_down: bool, loses_answers: bool) -> None:
        self.world.cluster.is_down = is_down
        self.world.cluster.loses_answers = loses_answers

    @precondition(CalmStudio.can_be_changed)
    @rule(number=draw.numbers, loses_answers=st.booleans())
    def refuse_or_take_an_objects_status(self, number: int, loses_answers: bool) -> None:
        self.world.cluster.refused ^= {self.one_of(number)}
        self.world.cluster.loses_answers = loses_answers

    @precondition(CalmStudio.can_be_changed)
    @rule(number=draw.numbers, back=st.integers(0, 3), pause=draw.pauses)
    def overwrite_a_status(self, number: int, back: int, pause: float) -> None:
        """Another writer wipes it, or puts an old one in its place."""
        uid = self.one_of(number)
        before = self.world.cluster.history[uid]
        old = before[-back].get("status") if 0 < back <= len(before) else None
        self.world.cluster.overwrite(uid, old)
        self.world.wait(pause)

    @rule(pause=draw.pauses)
    def crash(self, pause: float) -> None:
        self.world.crash()
        self.world.wait(pause)

    @rule(steps=st.integers(0, 40), pause=draw.pauses)
    def crash_in_a_while(self, steps: int, pause: float) -> None:
        self.world.crash_after(steps)
        self.world.wait(pause)

    @rule(point=draw.points)
    def crash_in_between(self, point: str) -> None:
        self.world.at[point].append(self.world.fatal.set)

    @rule(point=draw.points, number=draw.numbers, sound=draw.sounds)
    def change_sound_in_between(self, point: str, number: int, sound: Body) -> None:
        def change() -> None:
            if self.can_be_changed():
                self.change_spec(number, **({"followMode": None, "layers": None} | sound))

        self.world.at[point].append(change)

    @rule(minutes=st.sampled_from([-120, -1, 1, 120]))
    def set_the_clock(self, minutes: int) -> None:
        self.world.clock_offset += timedelta(minutes=minutes)
