"""The verdict on the operator's rights, over audit logs that were made up to be found wanting."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml

from tests.support.cluster.cluster import RBAC, ROOT
from tests.support.cluster.rights import (
    Request,
    Right,
    Span,
    refused,
    requests_in,
    rights_in,
    unused,
)
from tests.support.cluster.rights_verdict import WHOLE, is_whole

OPERATOR = "system:serviceaccount:studio:caster-scene-audio-operator"
SCENES = {
    "resource": "castersceneaudios",
    "apiGroup": "live.alibabacloud.com",
    "namespace": "studio",
    "name": "show",
}
LEASE = {"resource": "leases", "apiGroup": "coordination.k8s.io", "namespace": "studio"}
ROLE = {
    "kind": "Role",
    "rules": [
        {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["create"]},
        {
            "apiGroups": ["coordination.k8s.io"],
            "resources": ["leases"],
            "resourceNames": ["ours"],
            "verbs": ["get", "update"],
        },
    ],
}


def entry(
    verb: str,
    target: dict[str, str],
    *,
    forbidden: bool = False,
    code: int = 200,
    user: str = OPERATOR,
) -> str:
    decision = "forbid" if forbidden else "allow"
    said = {
        "verb": verb,
        "user": {"username": user},
        "objectRef": target,
        "responseStatus": {"code": 403 if forbidden else code},
        "annotations": {"authorization.k8s.io/decision": decision},
        "requestReceivedTimestamp": "2026-08-15T12:00:00.500000Z",
    }
    return json.dumps(said) + "\n"


def found(*lines: str) -> list[Request]:
    return list(requests_in(lines))


def test_a_request_that_ended_before_it_was_known_whose_it_is_is_nobodys() -> None:
    unknown = json.loads(entry("get", LEASE | {"name": "caster-scene-audio-operator"}, code=500))
    unknown["user"] = {}

    assert found(f"{json.dumps(unknown)}\n", entry("get", LEASE)) == found(entry("get", LEASE))


def test_a_refused_request_is_found_and_named() -> None:
    denied = entry("patch", {**SCENES, "subresource": "status"}, forbidden=True)

    (request,) = refused(found(entry("list", SCENES), denied, denied))

    assert f"{request}" == "patch castersceneaudios/status.live.alibabacloud.com studio/show"


@pytest.mark.parametrize("code", [200, 404, 409, 422, 403])
def test_what_was_allowed_and_still_went_wrong_is_no_refusal(code: int) -> None:
    """A namespace that is being deleted takes no new Event, and answers 403."""
    assert refused(found(entry("list", SCENES, code=code))) == []


@pytest.mark.parametrize(("began", "refusals"), [(0, 0), (1, 1)])
def test_a_refusal_while_the_api_server_was_starting_is_none(began: int, refusals: int) -> None:
    line = json.dumps(
        {"from": f"2026-08-15 12:00:0{began}+00:00", "until": "2026-08-15 12:00:04+00:00"}
    )
    lines = [entry("list", SCENES, forbidden=True), entry("watch", SCENES)]

    judged = list(requests_in(lines, starts=[Span.parse(line)]))

    assert len(refused(judged)) == refusals
    assert len(judged) == 1 + refusals


def test_others_are_not_judged_nor_is_a_line_that_was_torn_off() -> None:
    lines = (
        entry("delete", SCENES, forbidden=True, user="system:serviceaccount:studio:guest"),
        entry("delete", SCENES, forbidden=True).rstrip(),
    )

    assert found(*lines) == []


def test_a_right_that_nobody_used_is_found() -> None:
    used = found(entry("create", LEASE), entry("get", {**LEASE, "name": "ours"}))

    assert unused(rights_in([ROLE]), used) == [
        Right("update", "coordination.k8s.io", "leases", "ours")
    ]


@pytest.mark.parametrize(
    "near",
    [
        entry("update", {**LEASE, "name": "theirs"}),
        entry("update", {**LEASE, "name": "ours", "subresource": "status"}),
        entry("update", {**LEASE, "name": "ours", "apiGroup": "other.k8s.io"}),
        entry("update", {**LEASE, "name": "ours"}, forbidden=True),
        entry("patch", {**LEASE, "name": "ours"}),
        entry("update", {**LEASE, "name": "ours"}, user="admin"),
    ],
)
def test_only_the_request_itself_uses_a_right(near: str) -> None:
    wanted = Right("update", "coordination.k8s.io", "leases", "ours")

    assert wanted in unused(rights_in([ROLE]), found(near))


def test_a_right_to_everything_is_used_by_nothing() -> None:
    anything = {
        "kind": "ClusterRole",
        "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
    }

    assert unused(rights_in([anything]), found(entry("list", SCENES))) == [Right("*", "*", "*")]


def test_the_rights_that_are_judged_are_those_that_are_installed() -> None:
    granted = rights_in(yaml.safe_load_all(RBAC.read_text()))

    assert Right("patch", "live.alibabacloud.com", "castersceneaudios/status") in granted
    assert Right("get", "", "secrets") in granted


@pytest.mark.parametrize(
    ("args", "narrowed", "whole"),
    [
        (["tests/e2e"], {}, True),
        (["tests/chart", "tests/e2e"], {}, True),
        (["tests"], {}, True),
        ([f"{WHOLE}"], {}, True),
        (["tests/unit"], {}, False),
        (["tests/e2e/test_secrets.py"], {}, False),
        (["tests/e2e"], {"keyword": "secret"}, False),
        (["tests/e2e"], {"markexpr": "control_plane"}, False),
        (["tests/e2e"], {"lf": True}, False),
        (["tests/e2e"], {"ignore": ["tests/e2e/test_secrets.py"]}, False),
    ],
)
def test_whether_a_run_is_whole(args: list[str], narrowed: dict[str, Any], *, whole: bool) -> None:
    assert is_whole(asked_for(args, **narrowed)) is whole


def test_a_run_without_pytest_s_cache_is_whole_as_any_other() -> None:
    config = asked_for(["tests/e2e"])
    del config.option.lf

    assert is_whole(config)


def asked_for(args: list[str], **narrowed: Any) -> pytest.Config:
    usual = {"keyword": "", "markexpr": "", "deselect": None, "lf": False, "ignore": None}
    config = SimpleNamespace(
        args=args,
        option=SimpleNamespace(**(usual | narrowed)),
        invocation_params=SimpleNamespace(dir=ROOT),
    )
    return cast("pytest.Config", config)


LEAVES_A_LOG = """
import os
from pathlib import Path

import pytest

{}
def test_that_passes():
    Path(os.environ["CONTROL_PLANE_AUDIT_LOGS"], "plane.log").write_text({!r})
"""


PROVOKES = """
@pytest.mark.provokes_refusal("list castersceneaudios.live.alibabacloud.com */show")
"""


@pytest.mark.parametrize(
    ("workers", "forbidden", "marks", "exit_code"),
    [
        ("1", False, "", 0),
        ("1", True, "", 1),
        ("0", True, "", 1),
        ("1", True, PROVOKES, 0),
        ("0", False, PROVOKES, 1),
    ],
    ids=["allowed", "refused", "refused in one process", "provoked", "provoked in vain"],
)
def test_a_refused_request_fails_a_run_in_which_every_test_passed(
    tmp_path: Path, workers: str, marks: str, exit_code: int, *, forbidden: bool
) -> None:
    (tmp_path / "pytest.ini").touch()
    log = entry("list", SCENES, forbidden=forbidden)
    (tmp_path / "test_it.py").write_text(LEAVES_A_LOG.format(marks, log))

    run = subprocess.run(  # noqa: S603 (pytest, on a test of our own)
        [
            *(sys.executable, "-m", "pytest", "-c", f"{tmp_path / 'pytest.ini'}"),
            *(
                "-p",
                "tests.support.cluster.rights_verdict",
                "--numprocesses",
                workers,
                f"{tmp_path}",
            ),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'operator'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == exit_code, run.stdout + run.stderr
    assert "1 passed" in run.stdout
    assert ("refused: list castersceneaudios" in run.stdout) is bool(exit_code)
