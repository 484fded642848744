"""The CRD's schema as it is written."""

from collections.abc import Iterator
from typing import Any

import yaml

from tests.support.cluster.cluster import CRDS

Schema = dict[str, Any]


def written_schema() -> Schema:
    (file,) = CRDS.glob("*.yaml")
    (version,) = yaml.safe_load(file.read_text())["spec"]["versions"]
    schema: Schema = version["schema"]["openAPIV3Schema"]
    return schema


def fields(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Everything in a schema with its path; list items as `[]`."""
    yield path, schema
    for name, field in schema.get("properties", {}).items():
        yield from fields(field, f"{path}.{name}")
    if "items" in schema:
        yield from fields(schema["items"], f"{path}[]")
