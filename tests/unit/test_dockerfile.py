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


def last_stage() -> list[str]:
    """What the image itself is made of."""
    start = max(n for n, line in enumerate(INSTRUCTIONS) if line.startswith("FROM "))
    return [line for line in INSTRUCTIONS[start:] if line.strip()]


def labels() -> dict[str, str]:
    [words] = instructions("LABEL")
    return {name: value for name, _, value in (word.partition("=") for word in words)}


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


def test_the_base_is_an_argument_of_each_stage() -> None:
    arguments = {words[0].partition("=")[0] for words in instructions("ARG")}
    bases = [words[0] for words in instructions("FROM")]

    assert bases == ["${BUILD_BASE}", "${BASE}"]
    assert {"BASE", "BUILD_BASE"} <= arguments


def test_the_last_stage_runs_nothing_so_that_its_base_needs_no_shell() -> None:
    assert not any(line.startswith(("RUN", "SHELL", "ADD")) for line in last_stage())
    assert all(line.split(maxsplit=1)[1].startswith("[") for line in last_stage()[-2:])


@pytest.mark.parametrize("dependencies", ["runtime.txt", "tracing.txt"])
def test_no_tool_of_the_developers_is_locked_for_it(dependencies: str) -> None:
    assert f"requirements/{dependencies}" in COPIED
    locked = (ROOT / "requirements" / dependencies).read_text()
    tools = {re.split(r"[^\w-]", each)[0] for each in PROJECT["dependency-groups"]["dev"]}
    tools.remove("pyyaml")  # the operator's libraries need it as well

    assert tools > {"pytest", "mypy", "ruff"}
    assert not [name for name in tools if re.search(rf"^{name}==", locked, re.MULTILINE)]


@pytest.mark.parametrize(
    "name", ["title", "description", "version", "revision", "licenses", "base.name"]
)
def test_the_image_is_labelled_by_the_convention_of_the_oci(name: str) -> None:
    assert labels()[f"org.opencontainers.image.{name}"]


def test_the_labels_say_what_the_project_says() -> None:
    of_project = PROJECT["project"]

    assert labels()["org.opencontainers.image.title"] == of_project["name"]
    assert labels()["org.opencontainers.image.description"] == of_project["description"]
    assert labels()["org.opencontainers.image.licenses"] == of_project["license"]


def test_the_byte_code_needs_no_times_of_files() -> None:
    compiles = [line for line in INSTRUCTIONS if "compileall" in line]

    assert len(compiles) == 1
    assert "--invalidation-mode unchecked-hash" in compiles[0]


def test_the_version_of_the_image_is_that_of_the_project() -> None:
    assert [f"VERSION={PROJECT['project']['version']}"] in instructions("ARG")


def test_the_tools_that_build_the_wheel_are_locked() -> None:
    locked = (ROOT / "requirements" / "build.txt").read_text()
    names = [re.split(r"[^\w-]", tool)[0] for tool in PROJECT["build-system"]["requires"]]

    assert names
    assert all(re.search(rf"^{name}==", locked, re.MULTILINE) for name in names)


def test_only_an_image_that_is_asked_for_traces_has_opentelemetry() -> None:
    assert ["REQUIREMENTS=runtime"] in instructions("ARG")
    for dependencies, has in (("runtime.txt", False), ("tracing.txt", True)):
        locked = (ROOT / "requirements" / dependencies).read_text()
        assert bool(re.search(r"^opentelemetry-sdk==", locked, re.MULTILINE)) is has
