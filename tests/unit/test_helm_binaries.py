"""Where Helm 3 and Helm 4 come from, with fake tools on the PATH."""

from pathlib import Path

import pytest

from dev.go_programs.failure import NoBinariesError
from dev.helm.binaries import HelmBinary, find_helm
from dev.helm.go_modules import MAJORS, helm_version
from tests.support.tools.go_machine import NEW_GO, GoMachine

majors = pytest.mark.parametrize("major", MAJORS, ids=["Helm 3", "Helm 4"])


@pytest.fixture
def machine(tmp_path: Path) -> GoMachine:
    return GoMachine(tmp_path)


def find(major: int, machine: GoMachine) -> HelmBinary:
    return find_helm(major, machine.environment, say=machine.said.append, python=machine.python)


@majors
def test_each_is_built_from_helms_own_command_at_the_pinned_version(
    machine: GoMachine, major: int
) -> None:
    machine.has("go", NEW_GO)

    helm = find(major, machine)

    cache = machine.home / ".cache" / "caster-scene-audio"
    assert helm.path.parent.parent == cache / f"helm{major}"
    assert helm.version == helm_version(major)
    assert machine.builds[0].endswith(f" helm.sh/helm/v{major}/cmd/helm")
    assert f"/internal/version.version={helm.version}" in machine.builds[0]


@majors
def test_a_named_one_comes_before_a_build(machine: GoMachine, major: int) -> None:
    machine.has("go", NEW_GO)
    named = machine.has("my-helm", f"echo v{major}.9.1")
    machine.environment[f"HELM{major}"] = f"{named}"

    helm = find(major, machine)

    assert helm == HelmBinary(named, f"v{major}.9.1")
    assert machine.builds == []


def test_a_named_one_that_is_not_there_is_refused(machine: GoMachine) -> None:
    machine.environment["HELM4"] = "/nowhere/helm"

    with pytest.raises(NoBinariesError, match="HELM4 is /nowhere/helm, but that is no executable"):
        find(4, machine)


def test_a_named_one_of_another_major_version_is_refused(machine: GoMachine) -> None:
    machine.environment["HELM4"] = f"{machine.has('helm', 'echo v3.22.0')}"

    with pytest.raises(NoBinariesError, match=r"that is Helm v3\.22\.0\. Name another, or unset"):
        find(4, machine)


def test_a_named_one_that_does_not_run_is_refused(machine: GoMachine) -> None:
    machine.environment["HELM3"] = f"{machine.has('helm', 'echo no such loader >&2; exit 1')}"

    with pytest.raises(NoBinariesError, match="does not run: no such loader"):
        find(3, machine)
