"""Who holds which scene: of all that claim it the oldest, known without looking at the others."""

from bisect import bisect_left, insort
from dataclasses import dataclass

from caster_scene_audio.reconciler.queue import SceneKey

NAMED = 5
"""So many behind the holder are told who that is; the line may be long, and its head changes."""

Place = tuple[str, str]
"""An object's seniority: when it was made, and its uid. The lesser goes first."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A scene of an account; None: whose credentials the object has isn't known yet."""

    account: str | None
    scene: SceneKey


@dataclass(frozen=True, slots=True)
class Precedence:
    """Who goes before an object: `holder` by its uid.

    `is_open`: an older one may, once its account is known.
    """

    holder: str | None = None
    is_near: bool = False
    is_open: bool = False


FIRST = Precedence()


class Claims:
    """A line for each claim, the oldest first. A change costs the same however long the line is."""

    def __init__(self) -> None:
        self._lines: dict[Claim, list[Place]] = {}
        self._claims: dict[str, tuple[Place, Claim]] = {}
        self._heads: dict[SceneKey, list[Place]] = {}
        """Of each scene the oldest of every account that is known, the oldest of them first."""

    def put(self, place: Place, claim: Claim | None) -> frozenset[str]:
        """The object claims this from now on, and nothing else.

        Gives the uids of those for whom that changes something.
        """
        uid = place[1]
        before = self._claims.pop(uid, None)
        if claim is not None:
            self._claims[uid] = place, claim
        if claim == (before and before[1]):
            return frozenset()
        left = self._change(before[1], place, joins=False) if before else frozenset()
        joined = self._change(claim, place, joins=True) if claim else frozenset()
        return left | joined | {uid}

    def precedence(self, uid: str) -> Precedence:
        """Who goes before the object. One that claims nothing is before nobody and behind nobody."""
        if uid not in self._claims:
            return FIRST
        place, claim = self._claims[uid]
        line = self._lines[claim]
        if claim.account is not None and line[0] != place:
            return Precedence(line[0][1], is_near=bisect_left(line, place) <= NAMED)
        unknown = self._lines.get(Claim(None, claim.scene))
        return Precedence(is_open=True) if unknown and unknown[0] < place else FIRST

    def _change(self, claim: Claim, place: Place, *, joins: bool) -> frozenset[str]:
        line = self._lines.setdefault(claim, [])
        before = line[:1]
        if joins:
            insort(line, place)
        else:
            del line[bisect_left(line, place)]
        if not line:
            del self._lines[claim]
        if claim.account is None:
            return self._overtaken(claim.scene, before, line[:1])
        told = line[NAMED : NAMED + 2]
        if before != line[:1]:
            self._lead(claim.scene, before, line[:1])
            told = [*before, *line[: NAMED + 2]]
        return frozenset(uid for _, uid in told)

    def _lead(self, scene: SceneKey, before: list[Place], after: list[Place]) -> None:
        heads = self._heads.setdefault(scene, [])
        for place in before:
            del heads[bisect_left(heads, place)]
        for place in after:
            insort(heads, place)
        if not heads:
            del self._heads[scene]

    def _overtaken(
        self, scene: SceneKey, before: list[Place], after: list[Place]
    ) -> frozenset[str]:
        """Those who wait for the oldest unknown one, or do no longer."""
        heads = self._heads.get(scene, [])
        ends = [bisect_left(heads, each[0]) if each else len(heads) for each in (before, after)]
        return frozenset(uid for _, uid in heads[min(ends) : max(ends)])
