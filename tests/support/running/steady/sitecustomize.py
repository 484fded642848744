"""Python runs this at the start of a process that finds it on PYTHONPATH: see `steady_loop`."""

from tests.support.tools.steady_loop import LoopGuard

LoopGuard().activate()
