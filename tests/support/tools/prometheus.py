"""A real Prometheus that scrapes one target each second, for the tests that ask for it."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from dev.control_plane.processes import free_ports
from dev.prometheus.binaries import PrometheusBinaries, find_prometheus
from tests.support.tools.ahead import Ahead
from tests.support.tools.patience import eventually

BINARIES = Ahead(lambda say: find_prometheus(say=say), "prometheus_binaries")
HOST = "127.0.0.1"


@pytest.fixture(scope="session")
def prometheus_binaries(pytestconfig: pytest.Config) -> PrometheusBinaries:
    return BINARIES.of(pytestconfig)


def pytest_collection_finish(session: pytest.Session) -> None:
    BINARIES.get(session)


@dataclass(frozen=True)
class Series:
    labels: dict[str, str]
    value: float


@dataclass(frozen=True)
class Prometheus:
    port: int

    def is_ready(self) -> bool:
        return self._get("/-/ready")[0] == 200

    def query(self, expression: str) -> list[Series]:
        """What the expression gives now; fails where it can't be evaluated."""
        status, answer = self._get(f"/api/v1/query?{urlencode({'query': expression})}")
        assert status == 200, answer
        result: list[dict[str, Any]] = json.loads(answer)["data"]["result"]
        return [Series(each["metric"], float(each["value"][1])) for each in result]

    def total(self, expression: str) -> float:
        return sum(each.value for each in self.query(expression))

    def _get(self, path: str) -> tuple[int, str]:
        """Status and body; 0 where nothing listens."""
        connection = HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()


@contextmanager
def scraping(
    binaries: PrometheusBinaries, target_port: int, directory: Path, *, rules: Path
) -> Iterator[Prometheus]:
    """Ready; it has not scraped yet, nor evaluated the rules."""
    config = directory / "prometheus.yml"
    config.write_text(yaml.safe_dump(_configuration(target_port, rules)))
    prometheus = Prometheus(next(free_ports()))
    command = [
        f"{binaries.prometheus}",
        f"--config.file={config}",
        f"--storage.tsdb.path={directory / 'data'}",
        f"--web.listen-address={HOST}:{prometheus.port}",
        "--log.level=warn",
    ]
    log = directory / "prometheus.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 (the Prometheus that was found)
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            eventually(lambda: prometheus.is_ready() or process.poll() is not None)
            assert process.poll() is None, log.read_text()
            yield prometheus
        finally:
            process.kill()


def _configuration(port: int, rules: Path) -> dict[str, Any]:
    target = {"targets": [f"{HOST}:{port}"]}
    return {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [f"{rules}"],
        "scrape_configs": [{"job_name": "operator", "static_configs": [target]}],
    }
