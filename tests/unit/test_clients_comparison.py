"""What counts as the same when clients in other languages send it."""

import pytest

from dev.clients.comparison import Comparison, compared


@pytest.mark.parametrize(
    ("theirs", "ours"), [("1", "1.0"), ("1.0E-5", "1e-05"), ("0.00001", "1e-05"), ("0", "0.0")]
)
def test_a_number_may_be_written_otherwise(theirs: str, ours: str) -> None:
    found = compared({"VolumeRate": theirs, "Same": "x"}, {"VolumeRate": ours, "Same": "x"})

    assert found == Comparison({"VolumeRate": (theirs, ours)}, {})


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"a": "1.1"}, {"a": "1"}),
        ({"a": "left"}, {"a": "leftChannel"}),
        ({"a": "1"}, {}),
        ({}, {"a": "1"}),
    ],
    ids=["number", "text", "more", "less"],
)
def test_anything_else_is_a_difference(theirs: dict[str, str], ours: dict[str, str]) -> None:
    assert compared(theirs, ours).different == {"a": (theirs.get("a", ""), ours.get("a", ""))}
