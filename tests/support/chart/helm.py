"""Helm 3 and Helm 4 for the tests that ask for one."""

from functools import partial

import pytest

from dev.helm.binaries import HelmBinary, find_helm
from dev.helm.command import Helm
from dev.helm.go_modules import MAJORS
from dev.progress import Say
from tests.support.tools.ahead import Ahead


def _found(major: int, say: Say) -> HelmBinary:
    return find_helm(major, say=say)


EITHER = "helm"
FIXTURES = {f"helm{major}": major for major in MAJORS}
BINARIES = {major: Ahead(partial(_found, major), name, EITHER) for name, major in FIXTURES.items()}


@pytest.fixture(scope="session")
def helm3(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Helm:
    """It reaches no cluster; `helm3.on(plane.kubeconfig)` does."""
    return Helm(BINARIES[3].of(pytestconfig), tmp_path_factory.mktemp("helm3"))


@pytest.fixture(scope="session")
def helm4(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Helm:
    """It reaches no cluster; `helm4.on(plane.kubeconfig)` does."""
    return Helm(BINARIES[4].of(pytestconfig), tmp_path_factory.mktemp("helm4"))


@pytest.fixture(scope="session", params=FIXTURES)
def helm(request: pytest.FixtureRequest) -> Helm:
    """Each of them in turn."""
    wanted: Helm = request.getfixturevalue(request.param)
    return wanted


def pytest_collection_finish(session: pytest.Session) -> None:
    for each in BINARIES.values():
        each.get(session)
