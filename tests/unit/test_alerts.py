"""Every reason is in one alert, or in none by intent; every alert leads to a section of the docs."""

import re
from typing import Any

import pytest
import yaml

from caster_scene_audio.adapters.metrics.collector import PENDING
from caster_scene_audio.domain.reasons import Reason
from tests.support.cluster.cluster import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()
RULES = [
    rule
    for group in yaml.safe_load((ROOT / "monitoring" / "alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
]
NONE = "docs/operations.md names those that need no alert"


def without_an_alert() -> set[str]:
    """As the documentation lists them."""
    listed = re.search(r"\n*need none: ([^.]*)\.", PAGE)
    assert listed is not None, NONE
    return set(re.findall("`([A-Za-z]+)`", listed[1]))


def words(rule: dict[str, Any]) -> set[str]:
    """The reasons, and outcomes of calls, that an alert looks at."""
    matched = re.findall(r'(?:reason|outcome)=~?"([^"]*)"', rule["expr"])
    return {word for each in matched for word in each.split("|")}


@pytest.mark.parametrize("reason", [PENDING, *Reason])
def test_every_reason_is_in_one_alert_or_in_none_by_intent(reason: str) -> None:
    alerts = [rule["alert"] for rule in RULES if reason in words(rule)]

    assert len(alerts) == (0 if reason in without_an_alert() else 1)


def test_no_alert_and_no_list_names_a_reason_that_there_is_not() -> None:
    named = without_an_alert().union(*map(words, RULES))

    assert named <= {PENDING, *Reason}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_leads_to_its_section_which_begins_with_what_to_look_at(
    rule: dict[str, Any],
) -> None:
    page, _, anchor = rule["annotations"]["runbook_url"].partition("#")

    assert (page, anchor) == ("docs/operations.md", rule["alert"].lower())
    assert f"\n#### {rule['alert']}\n\nLook at " in PAGE
