"""Where Prometheus comes from, with fake tools on the PATH."""

from pathlib import Path

import pytest

from dev.go_programs.failure import NoBinariesError
from dev.prometheus.binaries import PrometheusBinaries, find_prometheus

APT = """
echo "$*" >> "$CALLS"
case "$*" in
*download*option*) ;;
*download*) [ -n "${HAS_LISTS-}" ] || { echo 'E: Unable to locate package' >&2; exit 100; } ;;
esac
case "$*" in *download*) touch prometheus_1_all.deb ;; esac
"""
DPKG = """
mkdir -p "$3/usr/bin" && touch "$3/usr/bin/prometheus"
"""


class Machine:
    """A home, a PATH with nothing on it but a shell's tools and what is put there."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.said: list[str] = []
        self.calls = folder / "calls"
        self.environment = {
            "HOME": f"{folder / 'home'}",
            "PATH": f"{self.bin}",
            "CALLS": f"{self.calls}",
        }
        for tool in ("mkdir", "touch"):
            (self.bin / tool).symlink_to(f"/bin/{tool}")

    @property
    def cache(self) -> Path:
        return Path(self.environment["HOME"]) / ".cache" / "caster-scene-audio" / "debian"

    def has(self, name: str, script: str = "") -> Path:
        program = self.bin / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return program

    def find(self) -> PrometheusBinaries:
        return find_prometheus(self.environment, say=self.said.append)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def debian(machine: Machine) -> Machine:
    machine.has("apt-get", APT)
    machine.has("dpkg-deb", DPKG)
    return machine


def test_a_named_one_is_taken_with_the_promtool_beside_it(machine: Machine) -> None:
    named, promtool = machine.has("my-prometheus"), machine.has("promtool")
    machine.environment["PROMETHEUS"] = f"{named}"

    assert machine.find() == PrometheusBinaries(named, promtool)


def test_a_named_one_without_promtool_is_refused(machine: Machine) -> None:
    machine.environment["PROMETHEUS"] = f"{machine.has('prometheus')}"

    with pytest.raises(NoBinariesError, match="promtool is no executable file"):
        machine.find()


def test_the_machines_own_is_taken(debian: Machine) -> None:
    own = PrometheusBinaries(debian.has("prometheus"), debian.has("promtool"))

    assert debian.find() == own
    assert not debian.calls.exists()


def test_debians_package_is_unpacked_by_the_lists_that_the_machine_has(debian: Machine) -> None:
    debian.environment["HAS_LISTS"] = "yes"

    found = debian.find()

    assert found.prometheus == debian.cache / "prometheus" / "usr" / "bin" / "prometheus"
    assert found.prometheus.exists()
    assert debian.calls.read_text() == "--quiet=2 download prometheus\n"


def test_without_lists_of_packages_own_ones_are_fetched(debian: Machine) -> None:
    found = debian.find()

    first, update, again = debian.calls.read_text().splitlines()
    assert found.prometheus.exists()
    assert first == "--quiet=2 download prometheus"
    assert update.startswith("--quiet=2 update --option=Dir::State=")
    assert again.startswith("--quiet=2 download prometheus --option=Dir::State=")


def test_it_is_fetched_once_and_nothing_else_is_left(debian: Machine) -> None:
    debian.find()
    debian.calls.unlink()

    debian.find()

    assert not debian.calls.exists()
    assert [each.name for each in debian.cache.iterdir()] == ["prometheus"]


def test_where_there_is_no_debian_it_is_said_what_to_do(machine: Machine) -> None:
    with pytest.raises(NoBinariesError, match=r"no apt-get.*\n.*set PROMETHEUS to its program"):
        machine.find()


def test_what_apt_says_is_passed_on(machine: Machine) -> None:
    machine.has("apt-get", "echo 'E: no network' >&2; exit 100")

    with pytest.raises(NoBinariesError, match="apt-get said: E: no network"):
        machine.find()
    assert list(machine.cache.iterdir()) == []
