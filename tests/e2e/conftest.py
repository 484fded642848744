"""What the tests of the operator as a process share."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from tests.support.chart.helm_release import former_chart, helm_plane, release
from tests.support.cluster.cluster import crds
from tests.support.cluster.scene_audios import SceneAudios
from tests.support.running.emulator_thread import LiveService
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.secret_search import RUN

__all__ = ["crds", "former_chart", "helm_plane", "release"]


@pytest.fixture(scope="session", autouse=True)
def no_secret_is_told() -> Iterator[None]:
    """In no log, status or Event of the whole run; it is the last to end."""
    yield
    RUN.check()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What failed says how things stood: a rare failure can't be asked again."""
    report = yield
    if report.failed and report.when == "call":
        made = getattr(item, "funcargs", {}).values()
        stage = next((each for each in made if isinstance(each, Stage)), None)
        report.sections.extend(stage.answers() if stage else ())
    return report


@pytest.fixture
def stage(crds: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    with set_stage(crds, tmp_path) as made:
        yield made


@pytest.fixture
def objects(stage: Stage) -> SceneAudios:
    return stage.objects


@pytest.fixture
def live(stage: Stage) -> LiveService:
    return stage.live


@pytest.fixture
def operator(stage: Stage) -> OperatorProcess:
    """Not started: what a test wants to be there before can be made first."""
    return stage.operator


@pytest.fixture
def running_operator(operator: OperatorProcess) -> OperatorProcess:
    operator.start()
    return operator
