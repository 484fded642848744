"""Waits until the operator has answered to a reconcile request."""

import asyncio
from collections.abc import Collection

from caster_scene_audio.commands.cluster.cluster import Cluster, Trouble
from caster_scene_audio.commands.terminal import Terminal
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.status import ConditionType

AGAIN_S = 0.5


class Answers:
    """To one request, of all objects that it was put to."""

    def __init__(self, *, token: str, within_s: float, terminal: Terminal) -> None:
        self._token = token
        self._within_s = within_s
        self._terminal = terminal

    async def awaited(self, cluster: Cluster, names: Collection[str]) -> list[str]:
        """Those that are Ready, or only observed or suspended, once they have answered."""
        waiting, done = [*names], list[str]()
        deadline = asyncio.get_running_loop().time() + self._within_s
        with self._terminal.progress("Answers") as progress:
            progress.total = len(waiting)
            while waiting and asyncio.get_running_loop().time() < deadline:
                for name in [*waiting]:
                    seen = await self._answered(cluster, name)
                    if seen is not None:
                        waiting.remove(name)
                        progress.advance()
                        done += [name] if self._tell(seen) else []
                await asyncio.sleep(AGAIN_S if waiting else 0)
        for name in waiting:
            self._terminal.say(
                f"{cluster.namespace}/{name} has not answered in {self._within_s:g} s:"
                " is the operator running, and does it serve this namespace?"
            )
        return done

    async def _answered(self, cluster: Cluster, name: str) -> SceneAudio | None:
        """The object, once it has answered. One that is gone meanwhile is trouble."""
        try:
            seen = scene_audio_from(await cluster.object(name))
        except Trouble as trouble:
            self._terminal.say(f"{trouble}")
            return None
        return seen if seen.status.last_handled_reconcile_at == self._token else None

    def _tell(self, seen: SceneAudio) -> bool:
        """Whether it is as it should be."""
        status = seen.status
        is_well = status.is_ready or status.condition(ConditionType.SUSPENDED) is not None
        ready = status.condition(ConditionType.READY)
        told = f"{seen.ref} {status.reason}"
        if is_well or ready is None:
            self._terminal.put(told)
        else:
            self._terminal.put(f"{told}: {ready.message}")
        return is_well
