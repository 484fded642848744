"""The search that ends a run of the tests finds a secret, wherever and however it is told."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.support.tools.secret_search import SecretSearch

SECRET = "plan+ted/secret="


@pytest.fixture
def search() -> SecretSearch:
    made = SecretSearch()
    made.keep_out("a planted secret", SECRET)
    made.told("a log", "Serving\nScene audio applied")
    return made


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_run_that_tells_none_passes(search: SecretSearch) -> None:
    search.check()


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"key={SECRET}&",
        json.dumps({"note": SECRET}),
        quote(SECRET, safe=""),
        base64_of(SECRET),
        *(base64_of(f"{'-' * before}{SECRET} and more") for before in range(4)),
        base64.urlsafe_b64encode(f"??>{SECRET}".encode()).decode(),
    ],
)
def test_a_planted_secret_fails_the_run_and_is_not_repeated(
    search: SecretSearch, text: str
) -> None:
    search.told("an Event", text)

    with pytest.raises(AssertionError, match="a planted secret in an Event") as failure:
        search.check()

    assert SECRET not in f"{failure.value}"


def test_a_secret_that_is_known_only_after_it_was_told_is_found(search: SecretSearch) -> None:
    search.told("a status", "later-secret")
    search.keep_out("a later secret", "later-secret")

    with pytest.raises(AssertionError, match="a later secret in a status, as it is"):
        search.check()


def test_what_would_be_found_by_chance_is_no_secret(search: SecretSearch) -> None:
    with pytest.raises(AssertionError, match="too short"):
        search.keep_out("too short", "key")
