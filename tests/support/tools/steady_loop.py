"""A call that blocks an event loop raises BlockingError, and its traceback names the caller.

No clock is asked: however busy the machine is, no call is taken for one that blocks, and none that
does goes unseen.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from blockbuster import BlockBuster, BlockBusterFunction

ROOT = Path(__file__).parents[3]
AT_EACH_START = ROOT / "tests" / "support" / "running" / "steady"

WRITTEN_IN_PYTHON = ("time.sleep", "os.", "socket.socket.", "ssl.SSLSocket.")
"""What of blockbuster's own list is watched. It also swaps methods of types that are built in, such
as those of files and locks, and a process in which it did so crashes at its end."""

IN_THEIR_PLACE = (
    "builtins.open",
    "io.open",
    "threading.Condition.wait",
    "threading.Thread.join",
)

MAY_BLOCK = (
    # Once, at the start: the project's own version.
    ("importlib/metadata/__init__.py", {"version"}),
    # Small files on the same machine: a kubeconfig, what it names, and the token that the kubelet
    # writes. They are read when they have changed, and only looked at before a request.
    ("caster_scene_audio/adapters/cluster/connection.py", {"load_connection", "_of_the_pod"}),
    ("caster_scene_audio/adapters/cluster/kubeconfig.py", {"_document", "_paths"}),
    ("caster_scene_audio/adapters/cluster/kubeconfig_sections.py", {"contents", "state_of"}),
    ("caster_scene_audio/adapters/cluster/identity.py", {"_read"}),
    ("caster_scene_audio/adapters/cluster/client_certificate.py", {"_load"}),
    # A plugin is started once for as long as what it gives lasts.
    ("caster_scene_audio/adapters/cluster/plugin.py", {"_output"}),
    # What the kernel tells of the process: it looks like a file, and never waits for a disk.
    ("prometheus_client/process_collector.py", {"_boot_time", "collect"}),
    # How a loop hands work to threads: no longer than a thread takes to begin, or to be gone.
    ("threading.py", {"start"}),
    ("concurrent/futures/thread.py", {"submit"}),
    ("asyncio/base_events.py", {"shutdown_default_executor"}),
    # The lines of a traceback, where one is logged.
    ("linecache.py", {"checkcache", "updatecache"}),
)


class LoopGuard:
    """With packages only calls count that these make, or what they call makes."""

    def __init__(self, *packages: str) -> None:
        self._watched = [*_watched(packages)]
        for function in self._watched:
            for module, callers in MAY_BLOCK:
                function.can_block_in(module, callers)

    def activate(self) -> None:
        for function in self._watched:
            function.activate()

    def deactivate(self) -> None:
        for function in self._watched:
            function.deactivate()


def _watched(packages: tuple[str, ...]) -> Iterator[BlockBusterFunction]:
    scanned = packages or None
    for name, function in BlockBuster(scanned).functions.items():
        if name.startswith(WRITTEN_IN_PYTHON) and name != "os.scandir":
            yield function
    for name in IN_THEIR_PLACE:
        yield BlockBusterFunction(None, name, scanned_modules=scanned)


def guarded(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process of Python in which every package is guarded."""
    paths = [f"{AT_EACH_START}", f"{ROOT}", environ.get("PYTHONPATH", "")]
    return {**environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
