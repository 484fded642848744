"""Texts of others, as they are redacted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caster_scene_audio.adapters.live.redact import redacted


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("as it is", "as it is"),
        ("  a\r\n\tb  ", "a b"),
        ("bell\x07 \x1b[2J", "bell [2J"),
        ("evil\u202egnp", "evil gnp"),
        ("half \ud800 pair", "half pair"),
        ("导播台 😀 é", "导播台 😀 é"),
        ("", ""),
    ],
)
def test_a_text_is_shown_on_one_clean_line(text: str, line: str) -> None:
    assert redacted(text, limit=40) == line


@given(st.text(st.characters()), st.integers(1, 20))
def test_a_text_is_never_longer_than_its_limit_and_always_utf_8(text: str, limit: int) -> None:
    line = redacted(text, limit=limit)

    assert len(line) <= limit
    assert line.encode().decode() == line


def test_a_text_that_is_cut_says_so() -> None:
    assert redacted("abcdef", limit=4) == "abc…"


def test_secrets_are_hidden_before_the_text_is_cut() -> None:
    assert redacted("key=hunter2", limit=9, secrets=("hunter2", "")) == "key=***"


def test_a_secret_of_a_letter_is_not_told_by_what_is_hidden() -> None:
    assert redacted("RECORDED", limit=9, secrets=("C", "REC")) == "RECORDED"
