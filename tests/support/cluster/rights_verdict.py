"""A verdict on the operator's rights at the end of a test run, from every API server's audit log.

Whatever the run, no request of the operator may have been refused, except while the API server was
starting (until it is ready it knows no roles), and those that tests provoke on purpose: they are
marked with `provokes_refusal`. Where the whole of tests/e2e ran and passed, each right that
`deploy/rbac.yaml` grants must have been used. Workers of pytest-xdist and processes that tests start
leave their logs in one folder; the process that leads the run judges.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from dev.control_plane.audit import KEPT, STARTS
from tests.support.cluster.cluster import RBAC, ROOT
from tests.support.cluster.rights import Request, Span, refused, requests_in, rights_in, unused

LOGS = pytest.StashKey[Path]()
OBJECTIONS = pytest.StashKey[list[str]]()
PROVOKES = "provokes_refusal"
PROVOKED = "provoked"
PERHAPS = "perhaps"
WHOLE = ROOT / "tests" / "e2e"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{PROVOKES}(request, perhaps=False): of the operator's; * stands for anything. It must have"
        " been refused in the end, unless that is for chance to say",
    )
    if not hasattr(config, "workerinput"):
        config.stash[LOGS] = Path(tempfile.mkdtemp(prefix="audit-logs-"))
        os.environ[KEPT] = f"{config.stash[LOGS]}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers(PROVOKES):
        name = PERHAPS if mark.kwargs.get("perhaps") else PROVOKED
        with (Path(os.environ[KEPT]) / name).open("a") as provoked:
            provoked.write(f"{mark.args[0]}\n")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """By now every fixture has ended, in the workers as well."""
    logs = session.config.stash.get(LOGS, None)
    if logs is None:
        return
    passed = session.exitstatus == pytest.ExitCode.OK
    objections = list(_objections(logs, whole=passed and is_whole(session.config)))
    session.config.stash[OBJECTIONS] = objections
    if objections and passed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if objections := terminalreporter.config.stash.get(OBJECTIONS, []):
        terminalreporter.section("the operator's rights are not exact")
        for objection in objections:
            terminalreporter.line(objection)


def pytest_unconfigure(config: pytest.Config) -> None:
    if logs := config.stash.get(LOGS, None):
        shutil.rmtree(logs, ignore_errors=True)


def is_whole(config: pytest.Config) -> bool:
    """Whether all of tests/e2e was asked for."""
    folders = {Path(config.invocation_params.dir, each).resolve() for each in config.args}
    option = config.option
    last_failed = getattr(option, "lf", False)  # gone with pytest's cache: -p no:cacheprovider
    narrowed = (option.keyword, option.markexpr, option.deselect, last_failed, option.ignore)
    return bool(folders & {WHOLE, *WHOLE.parents}) and not any(narrowed)


def _objections(logs: Path, *, whole: bool) -> Iterator[str]:
    requests = set(_requests(logs))
    provoked, found = _marked(logs, PROVOKED), [f"{request}" for request in refused(requests)]
    for request in found:
        marked = [*provoked, *_marked(logs, PERHAPS)]
        if not any(fnmatchcase(request, pattern) for pattern in marked):
            yield f"refused: {request}"
    for pattern in provoked:
        if not any(fnmatchcase(request, pattern) for request in found):
            yield f"marked as provoked, and was not refused: {pattern}"
    if whole:
        granted = rights_in(yaml.safe_load_all(RBAC.read_text()))
        for right in unused(granted, requests):
            yield f"granted and never used: {right}"


def _requests(logs: Path) -> Iterator[Request]:
    for log in logs.glob("*.log"):
        started = log.with_suffix(STARTS)
        starts = started.read_text().splitlines() if started.exists() else ()
        with log.open() as lines:
            yield from requests_in(lines, starts=[Span.parse(line) for line in starts])


def _marked(logs: Path, name: str) -> list[str]:
    told = logs / name
    return sorted(set(told.read_text().splitlines())) if told.exists() else []
