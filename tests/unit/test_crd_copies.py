"""The copies of a scene's audio in the CRD's status follow what its spec says."""

import pytest
import yaml

from dev.chart.definition import BEGINS, ENDS, Copy, NoPlaceError, definition
from dev.chart.generated import CRD
from tests.support.cluster.crd_schema import Schema, fields

WRITTEN = CRD.read_text()


def audio(crd: str, part: str, name: str) -> Schema:
    (version,) = yaml.safe_load(crd)["spec"]["versions"]
    schema: Schema = version["schema"]["openAPIV3Schema"]["properties"][part]["properties"]
    return schema[name] if part == "status" else {"properties": schema, "description": ""}


def copied(**wanted: bool) -> Schema:
    return audio(definition(WRITTEN, (Copy("copy", "Made.", **wanted),)), "status", "copy")


def layer_fields(schema: Schema) -> list[str]:
    return [path for path, _ in fields(schema["properties"]["layers"])]


def test_they_are_as_make_chart_would_write_them() -> None:
    assert definition(WRITTEN) == WRITTEN, "Run `make chart`."


def test_one_with_filters_has_every_field_of_a_layer() -> None:
    written = audio(WRITTEN, "spec", "")

    assert layer_fields(copied(filters=True)) == layer_fields(written)


def test_one_without_filters_has_all_others() -> None:
    written = audio(WRITTEN, "spec", "")

    assert layer_fields(copied()) == [
        path for path in layer_fields(written) if "filter" not in path
    ]


def test_one_has_no_rules_for_the_operator_alone_writes_it() -> None:
    said = {key for _, schema in fields(copied(filters=True)) for key in schema}

    assert said == {"description", "type", "properties", "items", "x-kubernetes-list-type"}


def test_a_field_added_to_a_layer_is_in_every_copy() -> None:
    field = "balance: {description: 'Left or right: -1 to 1. Left out: 0.', type: number}"
    crd = WRITTEN.replace("locationId:\n", f"{field}\n{' ' * 22}locationId:\n", 1)

    made = definition(crd)

    for part in ("observed", "replaced"):
        layer = audio(made, "status", part)["properties"]["layers"]["items"]["properties"]
        assert layer["balance"] == {"description": "Left or right: -1 to 1.", "type": "number"}


def test_the_rest_of_the_file_stays_as_it_is() -> None:
    made = definition(WRITTEN, ())

    assert made.partition(BEGINS)[0] == WRITTEN.partition(BEGINS)[0]
    assert made.partition(ENDS)[2] == WRITTEN.partition(ENDS)[2]


@pytest.mark.parametrize("comment", [BEGINS, ENDS])
def test_a_file_that_lacks_a_comment_is_refused(comment: str) -> None:
    with pytest.raises(NoPlaceError):
        definition(WRITTEN.replace(comment, ""))
