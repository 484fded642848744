"""Whatever text stands in a value: it arrives as it is, or is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for

from dev.chart.generated import CHART
from dev.helm.command import Helm
from tests.support.chart.chart import CI_VALUES, PROMETHEUS_KINDS, Manifest, rendered

SCHEMA = json.loads((CHART / "values.schema.json").read_text())
PLAIN = "plain-{}"
HOSTILE = (
    "*a{}",
    "&a{} b",
    "!!int {}",
    "1e{}",
    "0x{}",
    "20{}",
    "{}: b",
    "a #{}",
    "- {}",
    "'\"{}",
    "[{}",
    "a\n  b: {}",
    "{{{{ .x{} }}}}",
    '{{{{ fail "{}" }}}}',
    "$(A{})",
    "%{}",
    "@{}",
    "~{}",
    " {} ",
)
"""Each with a number, by which it is told from others. None is what YAML or a template takes it for."""

READ_OTHERWISE = (
    "extraObjects",
    "settings.ownCredentials",
    "rbac.secrets.namespaces",
    "watchNamespaces",
)
"""Templates; rules that become an expression, which others test; what has to be in another list."""

Place = tuple[str | int, ...]


def texts(values: Any, place: Place = ()) -> Iterator[Place]:
    """Where text stands; the keys of maps stay as they are."""
    if isinstance(values, str):
        yield place
    elif isinstance(values, dict | list):
        below = values.items() if isinstance(values, dict) else enumerate(values)
        for key, value in below:
            yield from texts(value, (*place, key))


def with_text(values: Any, place: Place, text: str) -> Any:
    """A copy of the values, with another text there."""
    if not place:
        return text
    first, *rest = place
    changed: Any = dict(values) if isinstance(values, dict) else list(values)
    changed[first] = with_text(values[first], tuple(rest), text)
    return changed


def is_taken(values: Any) -> bool:
    """Whether the schema has nothing against it."""
    return bool(validator_for(SCHEMA)(SCHEMA).is_valid(values))


def filled(values: Any, places: list[Place], text: str) -> Any:
    for number, place in enumerate(places):
        values = with_text(values, place, text.format(number))
    return values


def replaced(made: Any, marks: dict[str, str]) -> Any:
    """The same objects with each mark replaced."""
    if isinstance(made, dict):
        return {key: replaced(value, marks) for key, value in made.items()}
    if isinstance(made, list):
        return [replaced(value, marks) for value in made]
    if isinstance(made, str):
        for mark, text in marks.items():
            made = made.replace(mark, text)
    return made


def leaves(made: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Without checksums: they follow the text."""
    if isinstance(made, dict | list):
        below = made.items() if isinstance(made, dict) else enumerate(made)
        for key, value in below:
            yield from leaves(value, f"{place}/{key}")
    elif "/checksum/" not in place:
        yield place, made


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("path", CI_VALUES, ids=lambda path: path.stem)
def test_text_arrives_as_it_is(helm4: Helm, path: Path, text: str) -> None:
    values = yaml.safe_load(path.read_text()) or {}
    places = [
        place
        for place in texts(values)
        if not ".".join(map(str, place)).startswith(READ_OTHERWISE)
        and is_taken(with_text(values, place, PLAIN.format(0)))
        and is_taken(with_text(values, place, text.format(0)))
    ]

    def made(text: str) -> list[Manifest]:
        found = rendered(helm4, filled(values, places, text), "--api-versions", PROMETHEUS_KINDS)
        return [*found.all]

    # From the last, or plain-1 would be found in plain-11.
    marks = {PLAIN.format(number): text.format(number) for number in reversed(range(len(places)))}
    assert dict(leaves(made(text))) == dict(leaves(replaced(made(PLAIN), marks)))
