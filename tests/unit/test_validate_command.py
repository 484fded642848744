"""`validate` as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.running.commands import ROOT, command

MISTAKES = ROOT / "tests" / "support" / "mistakes"
WRONG = MISTAKES / "01-volume-percent.yaml"


def test_the_examples_have_nothing_wrong() -> None:
    done = command("validate", "examples")

    assert (done.code, done.data) == (0, "")
    assert done.words == "Objects: 2, files: 2, mistakes: 0.\n"


def test_a_mistake_is_told_with_file_line_and_column() -> None:
    done = command("validate", WRONG)

    assert done.code == 1
    assert done.data.startswith(f"{WRONG}:10:7: error: spec.layers[0].volumeRate: must be")
    assert "    write volumeRate: 1.5\n" in done.data
    assert "\x1b" not in done.data


def test_standard_input_is_read() -> None:
    done = command("validate", "-", given=WRONG.read_bytes())

    assert done.data.startswith("<stdin>:10:7:")


def test_a_file_that_is_not_there_is_told_of() -> None:
    done = command("validate", "not-there.yaml")

    assert (done.code, done.data) == (2, "")
    assert "not-there.yaml can't be read" in done.words


def test_json_has_every_mistake() -> None:
    done = command("validate", "-o", "json", WRONG)

    told = json.loads(done.data)
    assert (told["files"], told["objects"]) == (1, 1)
    [found] = told["findings"]
    assert (found["file"], found["line"], found["column"]) == (f"{WRONG}", 10, 7)
    assert (found["rule"], found["write"]) == ("type", "volumeRate: 1.5")


def test_sarif_has_every_mistake() -> None:
    done = command("validate", "-o", "sarif", MISTAKES)

    report = json.loads(done.data)
    [run] = report["runs"]
    assert report["version"] == "2.1.0"
    assert len(run["results"]) > 34
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == rules


def test_help_has_examples_and_exit_codes() -> None:
    done = command("validate", "--help")

    assert done.code == 0
    assert "exit codes:" in done.data
    assert "kustomize build . | caster-scene-audio validate -" in done.data


def test_the_command_is_in_the_help_of_the_program() -> None:
    assert "validate" in command("--help").data


def test_a_closed_pipe_ends_it_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "caster_scene_audio", "validate", f"{MISTAKES}"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(writing)

    assert done.returncode == 141
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("environ", [{}, {"NO_COLOR": "1"}])
def test_colours_are_for_a_terminal_without_no_color(environ: dict[str, str]) -> None:
    main, other = os.openpty()

    subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "caster_scene_audio", "validate", f"{WRONG}"],
        stdout=other,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environ},
        check=False,
        timeout=60,
    )
    os.close(other)
    shown = os.read(main, 65536)
    os.close(main)

    assert (b"\x1b[31m" in shown) == (not environ)


def test_it_loads_neither_the_operator_nor_its_libraries(tmp_path: Path) -> None:
    done = command("validate", tmp_path, environ={"PYTHONPROFILEIMPORTTIME": "1"})

    loaded = {line.rpartition("|")[2].strip() for line in done.words.splitlines()}
    assert "caster_scene_audio.commands.validate.inspection" in loaded
    assert not loaded & {"aiohttp", "kopf", "kubernetes", "prometheus_client", "pydantic"}
