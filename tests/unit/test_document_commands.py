"""Each command of the documents is run by a test, or is known for what it is."""

import re
import shlex

import pytest

from caster_scene_audio.cli import parse
from caster_scene_audio.commands.catalogue import COMMANDS
from tests.support.cluster.cluster import ROOT
from tests.support.documents.commands import PAGES, Block, blocks_of
from tests.support.documents.ways import Way, proof_of, way_of

ALL = [
    (block, command) for page in PAGES for block in blocks_of(page) for command in block.commands
]


def of(way: Way) -> list[tuple[str, str]]:
    return [(block.place, command) for block, command in ALL if way_of(block, command) is way]


def test_there_are_commands_of_every_way() -> None:
    assert {way_of(block, command) for block, command in ALL} == set(Way)
    assert len(ALL) > 100


@pytest.mark.parametrize(("place", "command"), of(Way.MAKE))
def test_a_target_is_there(place: str, command: str) -> None:
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert command.split()[1] in targets, place


@pytest.mark.parametrize(("place", "command"), of(Way.MODULE))
def test_a_module_and_its_files_are_there(place: str, command: str) -> None:
    module, *arguments = command.partition(" -m ")[2].split()
    files = [each for each in arguments if "/" in each]
    path = ROOT / module.replace(".", "/")

    assert module == "pytest" or path.with_suffix(".py").exists() or path.is_dir(), place
    assert all((ROOT / each).exists() for each in files), place


@pytest.mark.parametrize(("place", "command"), of(Way.FLAGS))
def test_flags_are_taken(place: str, command: str) -> None:
    assert parse(["run", *shlex.split(command)], {}).model_fields_set, place


@pytest.mark.parametrize(("place", "command"), of(Way.SYNOPSIS))
def test_what_has_a_synopsis_is_there(place: str, command: str) -> None:
    assert command.split()[1] in COMMANDS, place


@pytest.mark.parametrize(("block", "command"), ALL)
def test_what_is_run_elsewhere_is_run_by_what_is_there(block: Block, command: str) -> None:
    proof = proof_of(block, command)

    assert proof is None or proof.exists()
