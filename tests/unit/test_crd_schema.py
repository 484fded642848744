"""Promises of the CRD that can be read off it."""

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
