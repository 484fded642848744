"""One object in a quiet world: what is done to it, and what was called for it."""

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.plan import Rhythm
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import Drift, Mode, SceneAudioSpec
from caster_scene_audio.domain.status import Status
from tests.support.simulation.watched_studio import LIST, READ, UPDATE
from tests.support.simulation.world import World

PROMPT_S = 8.0
"""Enough for a list, a reading and an update, each with its token, at one call a second."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One object that holds its scene, and may be called for."""

    world: World
    uid: str

    @property
    def spec(self) -> SceneAudioSpec:
        spec = scene_audio_from(self.world.cluster.bodies[self.uid]).spec
        assert isinstance(spec, SceneAudioSpec)
        return spec

    @property
    def status(self) -> Status:
        return scene_audio_from(self.world.cluster.bodies[self.uid]).status

    @property
    def interval_s(self) -> float:
        return Rhythm().interval_s(self.spec)

    @property
    def is_managed(self) -> bool:
        return self.spec.mode is Mode.MANAGE

    @property
    def is_read(self) -> bool:
        return not self.is_managed or self.spec.drift is not Drift.IGNORE

    def change(self, **fields: Any) -> None:
        """Give the scene a sound that it never had before."""
        changed = self.world.cluster.bodies[self.uid]["spec"] | fields
        changed["layers"] = [{"locationId": "A", "volumeRate": self.world.new_volume()}]
        self.world.cluster.change(self.uid, changed)

    def calls(self, action: str, since_s: float) -> list[float]:
        """How many seconds after that moment each call of the scene left."""
        made, wanted = self.world.studio.made, (action, self.spec.scene_id)
        late = takewhile(lambda each: each.at_s >= since_s, reversed(made))
        return [each.at_s - since_s for each in late if (each.action, each.scene_id) == wanted][
            ::-1
        ]

    def counts(self, since_s: float) -> tuple[int, int, int]:
        """Updates, readings and lists."""
        updates, reads, lists = (len(self.calls(each, since_s)) for each in (UPDATE, READ, LIST))
        return updates, reads, lists

    def check_applied(self, since_s: float, *, updates: int = 1) -> None:
        """Its spec was sent, by so many updates, and that is told without a word of failures."""
        about = f"{self.uid}: {self.counts(since_s)} calls, {self.status}"
        assert len(self.calls(UPDATE, since_s)) == updates, about
        assert self.status.reason == Reason.APPLIED, about
        assert self.status.applied == self.spec.audio, about
        assert (self.status.attempts, self.status.last_error) == (0, None), about
