"""Helm 3 and Helm 4 for the tests that ask for one."""

import pytest

from dev.go_programs.failure import NoBinariesError
from dev.helm.binaries import HelmBinary, find_helm
from dev.helm.command import Helm
from dev.helm.go_modules import MAJORS
from tests.support.aloud import aloud

BINARIES = pytest.StashKey[dict[int, HelmBinary]]()
FIXTURES = {f"helm{major}": major for major in MAJORS}


@pytest.fixture(scope="session")
def helm3(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Helm:
    """It reaches no cluster; `helm3.on(plane.kubeconfig)` does."""
    return Helm(_binary(pytestconfig, 3), tmp_path_factory.mktemp("helm3"))


@pytest.fixture(scope="session")
def helm4(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Helm:
    """It reaches no cluster; `helm4.on(plane.kubeconfig)` does."""
    return Helm(_binary(pytestconfig, 4), tmp_path_factory.mktemp("helm4"))


@pytest.fixture(scope="session", params=FIXTURES)
def helm(request: pytest.FixtureRequest) -> Helm:
    """Each of them in turn."""
    wanted: Helm = request.getfixturevalue(request.param)
    return wanted


def pytest_collection_finish(session: pytest.Session) -> None:
    """Get the binaries before the first test runs: to build them takes longer than a test may."""
    if session.config.option.collectonly:
        return
    asked_for = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    try:
        for name, major in FIXTURES.items():
            if {name, "helm"} & asked_for:
                _binary(session.config, major)
    except NoBinariesError as error:
        pytest.exit(f"{error}", returncode=pytest.ExitCode.USAGE_ERROR)


def _binary(config: pytest.Config, major: int) -> HelmBinary:
    """Found once."""
    found = config.stash.setdefault(BINARIES, {})
    if major not in found:
        found[major] = find_helm(major, say=aloud(config))
    return found[major]
