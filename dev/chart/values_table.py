"""The table of values in the chart's README, from the comments in its values.yaml."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml


class UndescribedValueError(Exception):
    """A value without a comment above it."""

    def __init__(self, key: str) -> None:
        super().__init__(f"values.yaml: {key} has no comment that says what it is for.")


@dataclass(frozen=True, slots=True)
class Value:
    key: str
    default: Any
    description: str


def described(values_yaml: str) -> Iterator[Value]:
    """In the file's order: a key with a comment, or else what is below it."""
    lines = values_yaml.splitlines()
    root = yaml.compose(values_yaml, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        yield from _below(root, "", lines)


def table(values_yaml: str) -> str:
    """In Markdown, with the defaults as JSON, as `--set-json` takes them."""
    rows = (
        f"| `{each.key}` | `{json.dumps(each.default, ensure_ascii=False)}` | {each.description} |"
        for each in described(values_yaml)
    )
    return "\n".join(["| value | default | |", "| --- | --- | --- |", *rows])


def _below(node: yaml.MappingNode, prefix: str, lines: list[str]) -> Iterator[Value]:
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        if description := _comment_above(key.start_mark.line, key.start_mark.column, lines):
            yield Value(name, yaml.safe_load(yaml.serialize(value)), description)
        elif isinstance(value, yaml.MappingNode) and value.value:
            yield from _below(value, f"{name}.", lines)
        else:
            raise UndescribedValueError(name)


def _comment_above(line: int, column: int, lines: list[str]) -> str:
    """The lines right above that begin with # where the key begins, as one."""
    start = " " * column + "#"
    first = line
    while first > 0 and lines[first - 1].startswith(start):
        first -= 1
    return " ".join(each.strip().removeprefix("#").strip() for each in lines[first:line])
