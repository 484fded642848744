"""How tools that wait see an object in each state that the operator can tell of.

The objects are live ones: an operator brought them into these states, and each body that they had
on the way is judged. CAPTURE_TESTDATA=1 writes the objects and cases beside Argo CD's script
anew.
"""

import os
from collections.abc import Iterator

import pytest
from kubernetes import config

from caster_scene_audio.domain.reasons import Reason
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import ROOT
from tests.support.cluster.documented_reasons import documented_conditions, documented_reasons
from tests.support.cluster.scene_audios import Body, SceneAudios, conditions_of, present_reason_of
from tests.support.gitops.argo_health import health_of
from tests.support.gitops.health_testdata import CASES, Case, as_testdata, capture, shape_of
from tests.support.gitops.waiting_tools import Kstatus, flux
from tests.support.running.answered import ONLY_KNOWN_SCENES
from tests.support.running.every_state import every_state
from tests.support.running.stage import set_stage

pytestmark = pytest.mark.control_plane

CAPTURE = "CAPTURE_TESTDATA"
KSTATUS = {
    "Healthy": "Current",
    "Degraded": "Failed",
    "Progressing": "InProgress",
    "Suspended": "InProgress",
}
FLUX = {**KSTATUS, "Suspended": "Current"}
"""By the expressions of our Kustomization: what is suspended in Git is so on purpose."""

DOCUMENTED = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in (ROOT / "docs" / "gitops.md").read_text().splitlines()
    if line.startswith("| ") and line.split("|")[2].strip() in KSTATUS
]
"""The rows of its table: what the object is, then how each tool sees it."""

HEALTHS = {
    reason: {row[1] for row in DOCUMENTED if row[0] in documented_conditions(reason)}
    for reason in Reason
}
"""What the documentation says of each reason; where it says two, a person must act in the end."""


@pytest.fixture(scope="module")
def histories(
    crds: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[Body]]]:
    directory = tmp_path_factory.mktemp("states")
    with set_stage(crds, directory, emulator=ONLY_KNOWN_SCENES) as stage:
        found = every_state(stage)
        if CAPTURE in os.environ:
            capture(found)
        yield found


@pytest.fixture(scope="module")
def bodies(histories: dict[str, list[Body]]) -> list[Body]:
    return [body for history in histories.values() for body in history]


def told_of(reason: Reason, bodies: list[Body]) -> list[Body]:
    """Those whose status gives this reason, and speaks of their present generation."""
    return [body for body in bodies if present_reason_of(body) == reason]


@pytest.mark.parametrize("reason", Reason)
def test_argo_cd_shows_the_health_that_follows_from_the_reason_and_its_message(
    reason: Reason, bodies: list[Body]
) -> None:
    met = told_of(reason, bodies)

    found = [health_of(body) for body in met]

    assert {each.status for each in found} == HEALTHS[reason]
    for body, each in zip(met, found, strict=True):
        assert each.message.startswith(conditions_of(body["status"])["Ready"]["message"])


def test_what_the_operator_has_not_answered_to_is_never_done_yet(
    kstatus: Kstatus, bodies: list[Body]
) -> None:
    unanswered = [body for body in bodies if present_reason_of(body) is None]

    new = [body for body in unanswered if body["status"] == {"observedGeneration": -1}]
    changed = [body for body in unanswered if body["metadata"]["generation"] > 1]
    assert new
    assert changed
    assert {health_of(body).status for body in unanswered} == {"Progressing"}
    assert set(kstatus.statuses(unanswered)) == {"InProgress"}


@pytest.mark.parametrize("reason", Reason)
def test_kstatus_concludes_what_argo_cd_does(
    kstatus: Kstatus, reason: Reason, bodies: list[Body]
) -> None:
    met = told_of(reason, bodies)

    assert kstatus.statuses(met) == [KSTATUS[health_of(body).status] for body in met]


def test_the_documentation_tells_of_each_reason_and_no_other() -> None:
    assert documented_reasons() == set(Reason)


def test_the_documentation_says_what_a_tool_that_waits_concludes_from_each_health() -> None:
    words = {"Current": "current", "Failed": "failed", "InProgress": "in progress"}

    assert {tuple(row[1:4]) for row in DOCUMENTED} == {
        (health, words[KSTATUS[health]], words[FLUX[health]]) for health in KSTATUS
    }


def test_flux_concludes_the_same_but_takes_a_suspended_object_for_done(
    crds: ControlPlane, namespace: str, bodies: list[Body]
) -> None:
    with (
        config.new_client_from_config(f"{crds.kubeconfig}") as client,
        flux(SceneAudios(client, namespace)) as asked,
    ):
        found = {
            reason: {asked.status(body) for body in told_of(reason, bodies)} for reason in Reason
        }

    assert found == {
        reason: {FLUX[health] for health in healths} for reason, healths in HEALTHS.items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_the_objects_beside_the_script_are_as_the_operator_still_has_them(
    case: Case, histories: dict[str, list[Body]]
) -> None:
    live = case.among(histories)

    assert shape_of(case.written) == shape_of(as_testdata(live))
    assert health_of(case.written).status == health_of(live).status
