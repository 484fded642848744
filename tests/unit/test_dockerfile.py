"""What can be known of the image without building it."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTRUCTIONS = re.sub(
    r"\\\n", " ", re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
).splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def instructions(name: str) -> list[list[str]]:
    """The words of each instruction of this name."""
    return [shlex.split(line)[1:] for line in INSTRUCTIONS if line.startswith(f"{name} ")]


COPIED = [
    source for words in instructions("COPY") for source in words[:-1] if "--from" not in words[0]
]


@pytest.mark.parametrize("source", COPIED)
def test_what_is_copied_is_there_and_is_sent_to_the_builder(source: str) -> None:
    sent = (ROOT / ".dockerignore").read_text().splitlines()

    assert (ROOT / source).exists()
    assert f"!{source}" in sent


def test_the_builder_is_sent_nothing_but_what_is_copied() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    assert "*" in lines
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == set(COPIED)


def test_the_image_runs_a_command_that_the_project_installs() -> None:
    [[entry_point]] = instructions("ENTRYPOINT")

    assert entry_point.strip("[]") in PROJECT["project"]["scripts"]


def test_the_user_is_not_root_and_has_a_line_in_passwd() -> None:
    [[user]] = instructions("USER")
    uid, _, gid = user.partition(":")

    assert int(uid) > 0
    assert any(f"operator:x:{uid}:{gid}:" in line for line in INSTRUCTIONS)


def test_the_version_of_the_image_is_that_of_the_project() -> None:
    assert [f"VERSION={PROJECT['project']['version']}"] in instructions("ARG")


def test_the_tools_that_build_the_wheel_are_locked() -> None:
    locked = (ROOT / "requirements" / "build.txt").read_text()
    names = [re.split(r"[^\w-]", tool)[0] for tool in PROJECT["build-system"]["requires"]]

    assert names
    assert all(re.search(rf"^{name}==", locked, re.MULTILINE) for name in names)
