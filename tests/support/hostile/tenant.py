"""The tenant who does the worst that the schema, and the rights of a namespace, admit."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from threading import Event
from typing import Any

from tests.support.cluster.key_secrets import KeySecrets
from tests.support.cluster.scene_audios import SceneAudios, scene_of

MOST_LAYERS, MOST_CHARACTERS = 64, 64
ANNOTATION = {"note": "n" * 255 * 1024}
"""As much as the API server takes of them, but for what our own tools add."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How many objects of each kind."""

    claims: int = 400
    """Of one scene, with nothing but what the schema asks for."""
    missing: int = 300
    """Each names a Secret of its own that isn't there."""
    suspended: int = 200
    """Likewise, and are suspended."""
    copies: int = 60
    """Have the key ID of somebody else beside a wrong secret."""
    large: int = 0
    """Have as many layers as there may be, with the longest names."""
    annotated: int = 0
    """Have the largest annotations."""

    @property
    def objects(self) -> int:
        return sum(
            (self.claims, self.missing, self.suspended, self.copies, self.large, self.annotated)
        )

    @classmethod
    def of(cls, objects: int) -> "Scale":
        """So many of all kinds together; the large ones few, for etcd holds 2 GB."""
        tenth = objects // 10
        return cls(
            claims=objects - 7 * tenth - 100,
            missing=2 * tenth,
            suspended=tenth,
            copies=tenth,
            large=3 * tenth,
            annotated=100,
        )


def squat(hostile: SceneAudios, name: str) -> None:
    """Before the able object comes: claims by what could never write its scene."""
    scene: dict[str, Any] = {"sceneId": scene_of(name)}
    hostile.create("squats-suspended", **scene, suspend=True)
    hostile.create("squats-observing", **scene, mode="Observe")
    hostile.create("squats-keyless", **scene, credentialsSecretRef={"name": "none"})


def do_the_worst(hostile: SceneAudios, secrets: KeySecrets, *, guest: str, scale: Scale) -> None:
    """Claims of one scene, Secrets without number, the key ID `guest` of somebody else."""
    secrets.create("copy", guest, "not-the-secret-of-the-guest")
    hostile.create_all([f"claim-{n}" for n in range(scale.claims)], sceneId="one-for-all")
    hostile.create_all(
        [f"copy-{n}" for n in range(scale.copies)], credentialsSecretRef={"name": "copy"}
    )
    hostile.create_all([f"large-{n}" for n in range(scale.large)], layers=_most_layers())
    _many(scale.annotated, lambda n: hostile.create(f"note-{n}", metadata=_noted()))
    _many(scale.missing, lambda n: _name_a_missing_secret(hostile, n))
    _many(
        scale.suspended,
        lambda n: _name_a_missing_secret(hostile, scale.missing + n, suspend=True),
    )


def _most_layers() -> list[dict[str, Any]]:
    """All that a layer can hold."""
    filters = {"automaticGainControl": True, "noiseReduction": "Music"}
    return [
        {
            "locationId": f"{number}".rjust(MOST_CHARACTERS, "R"),
            "volumeRate": 9.87654321,
            "validChannel": "RightChannel",
            "fixedDelayMilliseconds": 5000,
            "filter": {**filters, "voiceBeautification": "MagneticMale"},
        }
        for number in range(MOST_LAYERS)
    ]


def _noted() -> dict[str, Any]:
    return {"annotations": ANNOTATION}


def _many(number: int, create: Callable[[int], object]) -> None:
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(create, range(number)))


def _name_a_missing_secret(hostile: SceneAudios, number: int, **rest: Any) -> None:
    hostile.create(f"missing-{number}", credentialsSecretRef={"name": f"missing-{number}"}, **rest)


@contextmanager
def restless(hostile: SceneAudios, scale: Scale) -> Iterator[None]:
    """Its claims are changed again and again meanwhile."""
    over = Event()

    def change() -> None:
        for number in count():
            if over.is_set():
                return
            layer = {"locationId": "RV01", "volumeRate": number % 10}
            hostile.change(f"claim-{number % scale.claims}", layers=[layer])

    with ThreadPoolExecutor(1) as hands:
        working = hands.submit(change)
        try:
            yield
        finally:
            over.set()
        working.result()
