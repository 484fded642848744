"""What a shell and kubectl are offered, by the program as a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from caster_scene_audio.commands.catalogue import COMMANDS

BIN = Path(sys.executable).parent
KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: studio-a
contexts:
  - {name: studio-a, context: {cluster: nowhere}}
  - {name: studio-b, context: {cluster: nowhere}}
clusters:
  - {name: nowhere, cluster: {server: "https://127.0.0.1:1"}}
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kubeconfig = tmp_path / "config"
    kubeconfig.write_text(KUBECONFIG)
    path = f"{BIN}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": f"{tmp_path}", "KUBECONFIG": f"{kubeconfig}"}


def offered(environment: dict[str, str], line: str) -> list[str]:
    """As the script for bash asks, by a descriptor of its own."""
    asking = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        "COMP_LINE": line,
        "COMP_POINT": f"{len(line)}",
    }
    ended = subprocess.run(
        ["/bin/bash", "-c", "caster-scene-audio 8>&1 9>&2 1>/dev/null 2>&1"],
        env=environment | asking,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [each.strip() for each in ended.stdout.splitlines()]


def asked_by_kubectl(environment: dict[str, str], *words: str) -> list[str]:
    ended = subprocess.run(  # noqa: S603 (our own program)
        [BIN / "kubectl_complete-caster_audio", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ended.stderr == ""
    return ended.stdout.splitlines()


def test_a_shell_is_offered_the_commands_and_their_flags(environment: dict[str, str]) -> None:
    assert {*COMMANDS, "run"} <= {*offered(environment, "caster-scene-audio ")}
    assert offered(environment, "caster-scene-audio stat") == ["status"]
    assert offered(environment, "caster-scene-audio status --all") == ["--all-namespaces"]
    assert offered(environment, "caster-scene-audio plan -o ") == ["text", "json", "markdown"]
    assert "--update-qps" in offered(environment, "caster-scene-audio run --up")


def test_contexts_are_those_of_the_kubeconfig(environment: dict[str, str]) -> None:
    assert offered(environment, "caster-scene-audio status --context s") == ["studio-a", "studio-b"]


def test_a_cluster_that_is_away_has_no_names_to_offer(environment: dict[str, str]) -> None:
    flags = {each for each in offered(environment, "caster-scene-audio suspend ") if each}

    assert all(each.startswith("--") for each in flags)


def test_kubectl_is_offered_the_same_with_a_directive_at_the_end(
    environment: dict[str, str],
) -> None:
    *offers, directive = asked_by_kubectl(environment, "stat")
    assert [each.split("\t")[0] for each in offers if each] == ["status"]
    assert directive == ":0"

    *offers, directive = asked_by_kubectl(environment, "plan", "--output", "")
    assert [each.split("\t")[0] for each in offers if each] == ["text", "json", "markdown"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_names_the_program(environment: dict[str, str], shell: str) -> None:
    ended = subprocess.run(  # noqa: S603 (our own program)
        [BIN / "caster-scene-audio", "completion", shell],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert "caster-scene-audio" in ended.stdout
    assert ended.stderr == ""


def test_bash_completes_by_the_script(environment: dict[str, str]) -> None:
    asked = """
        source <(caster-scene-audio completion bash)
        COMP_LINE="caster-scene-audio rec"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
        COMP_WORDS=(caster-scene-audio rec); COMP_CWORD=1
        _python_argcomplete caster-scene-audio
        echo "${COMPREPLY[@]}"
    """
    ended = subprocess.run(  # noqa: S603 (our own words)
        ["/bin/bash", "-c", asked],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert ended.stdout.strip() == "reconcile"
