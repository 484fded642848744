"""The operator's metrics in a real Prometheus that scrapes it while it works."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.control_plane.plane import ControlPlane
from dev.control_plane.processes import free_ports
from dev.prometheus.binaries import PrometheusBinaries
from live_emulator.dials import UPDATE
from tests.support.cluster.cluster import ROOT
from tests.support.cluster.scene_audios import scene_of
from tests.support.running.declared import EACH_SECOND
from tests.support.running.stage import Stage, set_stage
from tests.support.running.web import OperatorWeb
from tests.support.tools.patience import eventually
from tests.support.tools.prometheus import Prometheus, scraping

pytestmark = pytest.mark.control_plane

PREFIX = "caster_scene_audio_"
_METRICS = (ROOT / "docs" / "operations.md").read_text().partition("\n### Metrics\n")[2]
DOCUMENTED = [
    name
    for row in re.findall(r"^\| (`.*?) \|", _METRICS, re.MULTILINE)
    for name in re.findall(r"`(\w+)`", row)
]
ALERTS = ROOT / "monitoring" / "alerts.yaml"
DASHBOARD = json.loads(ALERTS.with_name("dashboard.json").read_text())
QUERIES = [
    target["expr"].replace("$__rate_interval", "1m")
    for panel in DASHBOARD["panels"]
    for target in panel["targets"]
]
RULES = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


@dataclass(frozen=True)
class Scraped:
    stage: Stage
    web: OperatorWeb
    prometheus: Prometheus

    def settles_at(self, expression: str, value: float) -> None:
        """It may be a scrape behind."""
        eventually(lambda: self.prometheus.total(expression) == value)


@pytest.fixture(scope="module")
def scraped(
    crds: ControlPlane,
    prometheus_binaries: PrometheusBinaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scraped]:
    """After a success, a throttled call, a refusal and a corrected drift."""
    directory, port = tmp_path_factory.mktemp("scraped"), next(free_ports())
    with (
        set_stage(crds, directory) as stage,
        scraping(prometheus_binaries, port, directory, rules=ALERTS) as prometheus,
    ):
        stage.operator.flags = (*EACH_SECOND, f"--http-port={port}")
        stage.operator.start()
        stage.live.fail(scene_of("refused"), code="NoPermission", status=403)
        stage.live.fail(scene_of("throttled"), code="Throttling.User", status=400)
        for name in ("drifting", "refused", "throttled"):
            stage.objects.create(name)
        stage.objects.until_applied("drifting")
        stage.live.patch_scene(scene_of("drifting"), audio={"followEnable": 1})
        stage.objects.until("drifting", "DriftCorrected")
        stage.objects.until("refused", "AccessDenied")
        stage.objects.until_applied("throttled")
        yield Scraped(stage, OperatorWeb(port), prometheus)


def test_the_operator_is_up_for_prometheus(scraped: Scraped) -> None:
    scraped.settles_at('up{job="operator"}', 1)

    (up,) = scraped.prometheus.query("up")
    assert up.value == 1
    assert scraped.prometheus.total("scrape_samples_scraped") > len(DOCUMENTED)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_metric_that_the_documentation_names_is_there(scraped: Scraped, name: str) -> None:
    series = f'{{__name__=~"{PREFIX}{name}(_count)?"}}'

    assert eventually(lambda: scraped.prometheus.query(series))


def test_the_documentation_names_every_metric(scraped: Scraped) -> None:
    scraped.settles_at("up", 1)
    stored = {
        re.sub(r"_(bucket|count|sum|created)$", "", each.labels["__name__"])
        for each in scraped.prometheus.query(f'{{__name__=~"{PREFIX}.*"}}')
    }

    assert {name.removeprefix(PREFIX) for name in stored} == set(DOCUMENTED)


def test_the_numbers_are_those_of_what_happened(scraped: Scraped) -> None:
    calls = f'{PREFIX}calls_total{{action="{UPDATE}"'
    made = scraped.stage.live.calls()

    scraped.settles_at(f"{calls}}}", len(made))
    scraped.settles_at(f'{calls},code="OK"}}', len([each for each in made if each["code"] == "OK"]))
    scraped.settles_at(f'{calls},outcome="Throttled"}}', 1)
    scraped.settles_at(f'{calls},outcome="AccessDenied"}}', 1)
    scraped.settles_at(f'{PREFIX}call_duration_seconds_count{{action="{UPDATE}"}}', len(made))
    scraped.settles_at(f"{PREFIX}change_to_call_seconds_count", 3)
    scraped.settles_at(f'{PREFIX}account_throttled_total{{kind="updates"}}', 1)
    scraped.settles_at(f"{PREFIX}drift_corrected_total", 1)
    scraped.settles_at(f'{PREFIX}objects{{reason="DriftCorrected"}}', 1)
    scraped.settles_at(f'{PREFIX}objects{{reason="AccessDenied"}}', 1)
    scraped.settles_at(f"{PREFIX}build_info", 1)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_dashboard_has_an_answer(scraped: Scraped, query: str) -> None:
    assert eventually(lambda: scraped.prometheus.query(query))


def promtool(
    binaries: PrometheusBinaries, *arguments: str | Path, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (the promtool that was found)
        [f"{binaries.promtool}", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_promtool_finds_nothing_to_complain_of(
    scraped: Scraped, prometheus_binaries: PrometheusBinaries
) -> None:
    status, metrics = scraped.web.ask("/metrics")

    checked = promtool(prometheus_binaries, "check", "metrics", stdin=metrics)

    assert status == 200
    assert PREFIX in metrics
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_promtool_does_complain_where_there_is_reason(
    prometheus_binaries: PrometheusBinaries,
) -> None:
    checked = promtool(prometheus_binaries, "check", "metrics", stdin="calls_total 1\n")

    assert checked.returncode != 0
    assert "no help text" in checked.stderr


@pytest.mark.parametrize("what", [("check", "alerts.yaml"), ("test", "alerts_test.yaml")])
def test_the_alerts_do_what_their_tests_say(
    prometheus_binaries: PrometheusBinaries, what: tuple[str, str]
) -> None:
    verb, file = what

    checked = promtool(prometheus_binaries, verb, "rules", ALERTS.with_name(file))

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "SUCCESS" in checked.stdout


@pytest.mark.parametrize("fires", [True, False])
def test_each_alert_has_a_test_that_it_fires_and_one_that_it_does_not(fires: bool) -> None:
    tests = yaml.safe_load(ALERTS.with_name("alerts_test.yaml").read_text())["tests"]
    cases = [case for test in tests for case in test.get("alert_rule_test", ())]

    tested = {case["alertname"] for case in cases if bool(case["exp_alerts"]) is fires}

    assert tested == {rule["alert"] for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_of_the_alerts_only_that_for_a_person_sees_a_reason(
    scraped: Scraped, rule: dict[str, Any]
) -> None:
    """The throttled call was one, and it is too soon for a rate to be high."""
    scraped.settles_at(f'{PREFIX}objects{{reason="AccessDenied"}}', 1)
    alerts = f'ALERTS{{alertname="{rule["alert"]}"}}'

    if rule["alert"] == "CasterSceneAudioNeedsAPerson":
        (alert,) = eventually(lambda: scraped.prometheus.query(alerts))
        assert alert.labels["reason"] == "AccessDenied"
        assert alert.labels["alertstate"] == "pending"
    else:
        assert scraped.prometheus.query(rule["expr"]) == []
