"""People who go on creating objects, whatever happens to the operator meanwhile."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tests.support.cluster.scene_audios import SceneAudios

PAUSE_S = 0.3
AT_MOST = 300


@contextmanager
def created_all_along(objects: SceneAudios) -> Iterator[list[str]]:
    """The names of what was created so far; it ends with the block, and raises what went wrong."""
    over = Event()
    names: list[str] = []
    trouble: list[Exception] = []

    def create() -> None:
        for number in itertools.count(1):
            if over.wait(PAUSE_S) or number > AT_MOST:
                return
            objects.create(f"load-{number}")
            names.append(f"load-{number}")

    def work() -> None:
        try:
            create()
        except Exception as error:  # noqa: BLE001 (it is raised where somebody sees it)
            trouble.append(error)

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        yield names
    finally:
        over.set()
        thread.join()
    for error in trouble:
        raise error
