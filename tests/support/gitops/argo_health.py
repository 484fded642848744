"""Argo CD's view of an object: its health script, run by Lua 5.1 with as little as Argo CD gives."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupa import lua51

from tests.support.cluster.cluster import ROOT

CUSTOMIZATION = (
    ROOT / "gitops/argocd/resource_customizations/live.alibabacloud.com/CasterSceneAudio"
)
SCRIPT = CUSTOMIZATION / "health.lua"
TESTDATA = CUSTOMIZATION / "testdata"
ACTIONS = CUSTOMIZATION / "actions"
STATUSES = {"Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown"}
"""All that Argo CD knows."""

_TAKEN_AWAY = [
    "coroutine",
    "debug",
    "dofile",
    "io",
    "loadfile",
    "math",
    "module",
    "newproxy",
    "os",
    "package",
    "python",
    "require",
    "string",
]


@dataclass(frozen=True, slots=True)
class Health:
    status: str
    message: str


def health_of(body: dict[str, Any], script: Path = SCRIPT) -> Health:
    """Raises what Lua raises; and AssertionError where Argo CD could not take the answer."""
    lua = bare_lua()
    lua.globals()["obj"] = lua.table_from(body, recursive=True)
    answer = lua.execute(script.read_text())
    assert set(answer.keys()) == {"status", "message"}
    assert answer["status"] in STATUSES
    assert isinstance(answer["message"], str)
    return Health(answer["status"], answer["message"])


def bare_lua() -> Any:
    """With the base and table libraries, and strings that have no methods."""
    lua = lua51.LuaRuntime(register_eval=False, register_builtins=False)
    lua.execute('getmetatable("").__index = nil')
    for name in _TAKEN_AWAY:
        lua.globals()[name] = None
    return lua
