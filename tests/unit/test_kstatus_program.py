"""Where kstatus comes from, with fake tools on the PATH."""

from pathlib import Path

import pytest

from dev.go_programs.failure import NoBinariesError
from dev.kstatus.program import MODULE, find_kstatus
from tests.support.tools.go_machine import NEW_GO, GoMachine


@pytest.fixture
def machine(tmp_path: Path) -> GoMachine:
    return GoMachine(tmp_path)


def find(machine: GoMachine) -> Path:
    return find_kstatus(machine.environment, say=machine.said.append, python=machine.python)


def test_it_is_built_once_from_the_pinned_library(machine: GoMachine) -> None:
    machine.has("go", NEW_GO)

    found = find(machine)
    again = find(machine)

    assert found == again
    assert found.parent.parent == machine.home / ".cache" / "caster-scene-audio" / "kstatus"
    assert len(machine.builds) == 1
    assert "github.com/fluxcd/cli-utils v" in (MODULE / "go.mod").read_text()


def test_a_named_one_comes_before_a_build(machine: GoMachine) -> None:
    named = machine.has("my-kstatus")
    machine.environment["KSTATUS"] = f"{named}"

    assert find(machine) == named
    assert machine.builds == []


def test_a_named_one_that_is_not_there_is_refused(machine: GoMachine) -> None:
    machine.environment["KSTATUS"] = "/nowhere/kstatus"

    with pytest.raises(NoBinariesError, match="KSTATUS is /nowhere/kstatus, but that is no exec"):
        find(machine)
