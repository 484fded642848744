"""The actions for Argo CD, run by Lua as Argo CD runs them: with the date besides."""

import re
from typing import Any

import pytest

from tests.support.gitops.argo_health import ACTIONS, bare_lua

REQUEST = "live.alibabacloud.com/reconcile-requested-at"


def run(script: str, body: dict[str, Any]) -> Any:
    lua = bare_lua()
    lua.execute(
        'os = {date = function(form) assert(form == "!%Y-%m-%dT%H:%M:%SZ") return "NOW" end}'
    )
    lua.globals()["obj"] = lua.table_from(body, recursive=True)
    return _plain(lua.execute((ACTIONS / script).read_text()))


def _plain(value: Any) -> Any:
    return {key: _plain(value[key]) for key in value} if hasattr(value, "keys") else value


def body(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": "show"}, "spec": {"casterId": "caster", **spec}}


@pytest.mark.parametrize(("suspend", "offered"), [(None, False), (False, False), (True, True)])
def test_an_object_is_resumed_only_if_it_is_suspended(
    *, suspend: bool | None, offered: bool
) -> None:
    spec = {} if suspend is None else {"suspend": suspend}

    found = run("discovery.lua", body(**spec))

    assert {name: not action["disabled"] for name, action in found.items()} == {
        "reconcile": not offered,
        "suspend": not offered,
        "resume": offered,
    }


def test_every_action_that_is_offered_is_there() -> None:
    found = run("discovery.lua", body())

    assert {*found} == {each.parent.name for each in ACTIONS.glob("*/action.lua")}


@pytest.mark.parametrize("annotations", [None, {"team": "audio"}])
def test_reconcile_sets_the_annotation_and_nothing_else(
    annotations: dict[str, str] | None,
) -> None:
    before = body()
    if annotations is not None:
        before["metadata"]["annotations"] = annotations

    after = run("reconcile/action.lua", before)

    assert after["metadata"].pop("annotations") == {**(annotations or {}), REQUEST: "NOW"}
    assert after == body()


def test_suspend_and_resume_set_the_field_and_take_it_away() -> None:
    suspended = run("suspend/action.lua", body())

    assert suspended == body(suspend=True)
    assert run("resume/action.lua", suspended) == body()


def test_the_time_is_as_argo_cd_can_tell_it() -> None:
    [form] = re.findall('os.date[(]"(.*)"[)]', (ACTIONS / "reconcile/action.lua").read_text())

    assert form == "!%Y-%m-%dT%H:%M:%SZ"
