"""People who go on creating objects, whatever happens to the operator meanwhile."""

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tests.support.cluster.scene_audios import SceneAudios

PAUSE_S = 0.3
AT_MOST = 300


@contextmanager
def created_all_along(objects: SceneAudios) -> Iterator[list[str]]:
    """The names of what was created so far; it ends with the block, and raises what went wrong.

    They are new each time: a scene that was written before would be found as declared.
    """
    begin, over = secrets.token_hex(2), Event()
    names: list[str] = []
    trouble: list[Exception] = []

    def create() -> None:
        for number in itertools.count(1):
            if over.wait(PAUSE_S) or number > AT_MOST:
                return
            objects.create(f"load-{begin}-{number}")
            names.append(f"load-{begin}-{number}")

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
