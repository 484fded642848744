"""Promises of the CRD that can be read off it."""

import dataclasses
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from caster_scene_audio.domain.audio import AUDIO_FIELDS, ObservedLayer
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from dev.chart.definition import COPIES, Copy
from tests.support.cluster.crd_schema import Schema, fields, written_schema


def bounded(schema: Schema) -> bool:
    match schema["type"]:
        case "string":
            return "enum" in schema or {"minLength", "maxLength"} <= schema.keys()
        case "array":
            return {"minItems", "maxItems"} <= schema.keys()
        case "number" | "integer":
            return {"minimum", "maximum"} <= schema.keys()
        case _:
            return True


def test_every_field_has_a_description() -> None:
    # The API server describes metadata itself.
    without = [
        path
        for path, schema in fields(written_schema())
        if path != ".metadata" and not schema.get("description", "").strip()
    ]

    assert without == []


def test_the_spec_has_no_default_for_it_would_show_as_a_difference() -> None:
    with_default = [path for path, schema in fields(written_schema()) if "default" in schema]

    assert with_default == [".status"]


def test_everything_in_the_spec_is_bounded() -> None:
    spec = written_schema()["properties"]["spec"]

    assert [path for path, schema in fields(spec) if not bounded(schema)] == []


def model_fields(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """The aliases of a model's fields with their paths, list items as `[]`."""
    for field in model.model_fields.values():
        here = f"{path}.{field.alias}"
        yield here
        for inner, is_list in models_in(field.annotation):
            yield from model_fields(inner, f"{here}[]" if is_list else here)


def models_in(annotation: Any, *, is_list: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, is_list
    for inner in get_args(annotation):
        yield from models_in(inner, is_list=is_list or get_origin(annotation) is tuple)


def test_the_schema_of_the_spec_has_the_fields_of_the_model() -> None:
    spec = written_schema()["properties"]["spec"]
    written = {path for path, _ in fields(spec) if path and not path.endswith("[]")}

    assert written == set(model_fields(SceneAudioSpec))


@pytest.mark.parametrize("part", COPIES, ids=lambda each: each.name)
def test_the_status_tells_of_audio_what_a_reading_tells_and_filters_where_it_says_so(
    part: Copy,
) -> None:
    status = written_schema()["properties"]["status"]["properties"]
    audio = status[part.name]["properties"]
    read_back = [to_camel(each.name) for each in dataclasses.fields(ObservedLayer)]
    filters = ["filter"] if part.filters else []

    assert [*audio["layers"]["items"]["properties"]] == read_back + filters
    assert {*audio} == {to_camel(each) for each in AUDIO_FIELDS}


def test_the_schema_of_the_status_has_the_fields_of_the_value() -> None:
    status = written_schema()["properties"]["status"]["properties"]

    assert {*status} == {to_camel(each.name) for each in dataclasses.fields(Status)}
