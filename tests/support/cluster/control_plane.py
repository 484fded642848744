"""A real control plane for the tests that ask for one: one for the whole session."""

import secrets
from collections.abc import Iterator

import pytest

from dev.control_plane.binaries import Binaries, find_binaries
from dev.control_plane.plane import ControlPlane
from tests.support.tools.ahead import Ahead

BINARIES = Ahead(lambda say: find_binaries(say=say), "control_plane_binaries")


@pytest.fixture(scope="session")
def control_plane_binaries(pytestconfig: pytest.Config) -> Binaries:
    return BINARIES.of(pytestconfig)


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
    BINARIES.get(session)
