"""A real control plane for the tests that ask for one: one for the whole session."""

import secrets
from collections.abc import Iterator

import pytest

from dev.control_plane.binaries import Binaries, find_binaries
from dev.control_plane.plane import ControlPlane
from dev.go_programs.failure import NoBinariesError
from tests.support.aloud import aloud

BINARIES = pytest.StashKey[Binaries]()


@pytest.fixture(scope="session")
def control_plane_binaries(pytestconfig: pytest.Config) -> Binaries:
    return _binaries(pytestconfig)


@pytest.fixture(scope="session")
def control_plane(control_plane_binaries: Binaries) -> Iterator[ControlPlane]:
    with ControlPlane(control_plane_binaries) as plane:
        yield plane


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    """A namespace of the test's own; nobody waits for its deletion."""
    name = f"test-{secrets.token_hex(4)}"
    control_plane.kubectl("create", "namespace", name)
    yield name
    control_plane.kubectl("delete", "namespace", name, "--wait=false")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Get the binaries before the first test runs: to build them takes longer than a test may."""
    if session.config.option.collectonly:
        return
    if any("control_plane_binaries" in getattr(item, "fixturenames", ()) for item in session.items):
        try:
            _binaries(session.config)
        except NoBinariesError as error:
            pytest.exit(f"{error}", returncode=pytest.ExitCode.USAGE_ERROR)


def _binaries(config: pytest.Config) -> Binaries:
    """Found once."""
    if BINARIES not in config.stash:
        config.stash[BINARIES] = find_binaries(say=aloud(config))
    return config.stash[BINARIES]
