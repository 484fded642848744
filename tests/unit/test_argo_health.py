"""The health script for Argo CD, over the cases that stand beside it and odd ones."""

import copy
from typing import Any

import pytest
import yaml
from lupa import lua51

from tests.support.gitops.argo_health import (
    ACTIONS,
    CUSTOMIZATION,
    SCRIPT,
    TESTDATA,
    bare_lua,
    health_of,
)

KEY = "resource.customizations.health.live.alibabacloud.com_CasterSceneAudio"
ACTIONS_KEY = KEY.replace(".health.", ".actions.")
CASES = yaml.safe_load((CUSTOMIZATION / "health_test.yaml").read_text())["tests"]
READY = {
    "type": "Ready",
    "status": "True",
    "reason": "Applied",
    "message": "The scene's audio is as declared.",
    "observedGeneration": 2,
}
STALLED = {**READY, "type": "Stalled", "message": "Name a Secret."}


def body(status: dict[str, Any] | None, *, generation: int = 2) -> dict[str, Any]:
    made: dict[str, Any] = {"metadata": {"name": "show", "generation": generation}}
    return made if status is None else {**made, "status": status}


def reported(*conditions: dict[str, Any], generation: int = 2) -> dict[str, Any]:
    return body({"observedGeneration": 2, "conditions": list(conditions)}, generation=generation)


@pytest.mark.parametrize("case", CASES, ids=[case["inputPath"] for case in CASES])
def test_a_case_beside_the_script_is_as_it_says(case: dict[str, Any]) -> None:
    given = yaml.safe_load((CUSTOMIZATION / case["inputPath"]).read_text())

    found = health_of(given)

    assert {"status": found.status, "message": found.message} == case["healthStatus"]


def test_each_object_beside_the_script_has_its_case_and_each_health_that_it_gives_is_met() -> None:
    paths = [case["inputPath"] for case in CASES]
    healths = {case["healthStatus"]["status"] for case in CASES}

    assert sorted(paths) == sorted(f"testdata/{each.name}" for each in TESTDATA.iterdir())
    assert healths == {"Healthy", "Progressing", "Degraded", "Suspended"}


def test_the_config_map_for_argo_cd_holds_just_the_scripts() -> None:
    manifest = yaml.safe_load((CUSTOMIZATION.parents[2] / "argocd-cm.yaml").read_text())

    assert manifest["kind"] == "ConfigMap"
    assert manifest["metadata"]["name"] == "argocd-cm"
    actions = yaml.safe_load(manifest["data"].pop(ACTIONS_KEY))
    assert manifest["data"] == {KEY: SCRIPT.read_text()}
    assert actions["discovery.lua"] == (ACTIONS / "discovery.lua").read_text()
    assert {each["name"]: each["action.lua"] for each in actions["definitions"]} == {
        each.parent.name: each.read_text() for each in ACTIONS.glob("*/action.lua")
    }


@pytest.mark.parametrize(
    "new",
    [
        body(None),
        body({}),
        body({"observedGeneration": -1}),
        body({"observedGeneration": -1, "conditions": [READY]}),
        body({"conditions": [READY]}),
        body({"observedGeneration": None, "conditions": None}),
        reported(READY, generation=3),
        reported({**READY, "observedGeneration": 1}),
        reported({key: value for key, value in READY.items() if key != "observedGeneration"}),
        reported(),
        {"metadata": {"name": "show"}, "status": {"conditions": [READY]}},
    ],
)
def test_what_is_not_told_of_this_generation_makes_nothing_healthy(new: dict[str, Any]) -> None:
    assert health_of(new).status == "Progressing"


def test_an_old_condition_does_not_stand_in_the_way_of_a_new_one() -> None:
    old = {**STALLED, "observedGeneration": 1}

    assert health_of(reported(old, READY)).status == "Healthy"


@pytest.mark.parametrize("message", [None, "", 7, 0.5, True, {"a": "table"}, ["a list"]])
@pytest.mark.parametrize("type_", ["Ready", "Reconciling", "Stalled", "Suspended", "Drifted"])
@pytest.mark.parametrize("status", ["True", "False", "Unknown"])
def test_a_message_is_a_string_whatever_stands_in_the_condition(
    type_: str, status: str, message: Any
) -> None:
    odd = {**READY, "type": type_, "status": status, "message": message}

    found = health_of(reported(READY, odd))

    assert found.message


@pytest.mark.parametrize("status", ["False", "Unknown"])
@pytest.mark.parametrize("type_", ["Reconciling", "Stalled", "Suspended"])
def test_a_condition_that_is_not_true_says_nothing(type_: str, status: str) -> None:
    untrue = {**READY, "type": type_, "status": status}

    assert health_of(reported(READY, untrue)).status == "Healthy"


@pytest.mark.parametrize("status", ["False", "Unknown"])
def test_what_is_not_ready_and_nothing_else_is_in_progress(status: str) -> None:
    found = health_of(reported({**READY, "status": status}))

    assert (found.status, found.message) == ("Progressing", READY["message"])


def test_the_script_leaves_the_object_and_the_globals_alone() -> None:
    given = reported(READY)
    lua = bare_lua()
    lua.globals()["obj"] = lua.table_from(copy.deepcopy(given), recursive=True)
    before = set(lua.globals())

    lua.execute(SCRIPT.read_text())

    assert set(lua.globals()) == before


@pytest.mark.parametrize(
    "line",
    [
        "return ('x'):upper()",
        "return string.format('x')",
        "return math.floor(1)",
        "return os.time()",
        "return io.stdout",
        "return debug.getinfo(1)",
        "return require('string')",
        "return python.eval('1')",
    ],
)
def test_what_argo_cd_does_not_give_a_script_is_not_there_in_these_tests(line: str) -> None:
    with pytest.raises(lua51.LuaError):
        bare_lua().execute(line)


def test_the_interpreter_is_lua_5_1_with_base_and_table() -> None:
    lua = bare_lua()

    assert lua.execute("return _VERSION") == "Lua 5.1"
    assert lua.execute("return table.concat({type(1), tostring(2)}, ' ')") == "number 2"
