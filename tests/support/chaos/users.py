"""People at work, whatever the weather: they create, edit, delete, suspend; others change the studio."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from threading import Event, Thread

from tests.support.chaos.patience import TROUBLE, insisted
from tests.support.chaos.studio import NAMES, Studio
from tests.support.running.emulator_thread import CASTER, LiveService

REQUESTED = "live.alibabacloud.com/reconcile-requested-at"
PAUSE_S = (0.05, 0.25)
ODD_VOLUME = 3.37
"""Which no spec asks for: drift that can be told from every wish."""


@dataclass(frozen=True)
class Users:
    studios: Sequence[Studio]
    live: LiveService
    chance: Random

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Until the context ends. What the API server doesn't take is not done."""
        over = Event()
        trouble: list[Exception] = []

        def work() -> None:
            while not over.wait(self.chance.uniform(*PAUSE_S)):
                try:
                    with contextlib.suppress(*TROUBLE):
                        self._act()
                except Exception as error:  # noqa: BLE001 (it is raised where somebody sees it)
                    trouble.append(error)
                    return

        thread = Thread(target=work, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
        for error in trouble:
            raise error

    def settle(self) -> None:
        """Every object is there and at work, so that there is something to be looked at."""
        for studio in self.studios:
            for name in NAMES:
                insisted(partial(self._resume_or_create, studio, name))

    def _act(self) -> None:
        studio, name = self.chance.choice(self.studios), self.chance.choice(NAMES)
        acts: dict[Callable[[Studio, str], None], int] = {
            self._edit: 8,
            self._resume_or_create: 4,
            self._drift: 4,
            self._delete: 2,
            self._suspend: 1,
            self._request: 2,
            self._rush: 1,
        }
        (act,) = self.chance.choices([*acts], [*acts.values()])
        act(studio, name)

    def _edit(self, studio: Studio, name: str) -> None:
        studio.objects.patch(name, {"spec": _whole(studio.spec(name, self.chance))})

    def _rush(self, studio: Studio, _: str) -> None:
        """As when a show begins: everything at once."""
        specs = {name: _whole(studio.spec(name, self.chance)) for name in NAMES}
        with ThreadPoolExecutor(len(specs)) as hands:
            list(hands.map(lambda name: _try(studio, name, specs[name]), specs))

    def _resume_or_create(self, studio: Studio, name: str) -> None:
        body = studio.objects.read(name)
        if body is None:
            studio.objects.create(name, **studio.spec(name, self.chance))
        elif body["spec"].get("suspend"):
            studio.objects.change(name, suspend=None)

    def _suspend(self, studio: Studio, name: str) -> None:
        studio.objects.change(name, suspend=True)

    def _delete(self, studio: Studio, name: str) -> None:
        studio.objects.delete(name)

    def _request(self, studio: Studio, name: str) -> None:
        at = {"metadata": {"annotations": {REQUESTED: f"{time.time():.3f}"}}}
        studio.objects.patch(name, at)

    def _drift(self, studio: Studio, name: str) -> None:
        """A second writer, in the console. It changes no filter, which nobody could read back."""
        scene = f"{studio.namespace}-{name}"
        found = self.live.scenes(CASTER).get(scene)
        if found is None:
            return
        audio = found["audio"]
        layers = [{**each, "volumeRate": ODD_VOLUME} for each in audio["layers"]]
        change = {"layers": layers} if layers else {"followEnable": 1 - audio["followEnable"]}
        self.live.patch_scene(scene, audio=change)


def _whole(spec: dict[str, object]) -> dict[str, object]:
    """For a merge patch: what the wish leaves out is taken away."""
    return {"followMode": None, "layers": None, **spec}


def _try(studio: Studio, name: str, spec: dict[str, object]) -> None:
    with contextlib.suppress(*TROUBLE):
        studio.objects.patch(name, {"spec": spec})
