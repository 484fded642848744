"""The tables of reasons and failure classes leave nothing out."""

import pytest

from caster_scene_audio.domain.backoff import Backoff, RateLimited, SlowRetry
from caster_scene_audio.domain.failure import FailureClass
from caster_scene_audio.domain.reasons import Reason, traits_of
from caster_scene_audio.domain.retry import POLICIES
from tests.support.cluster.documented_reasons import documented_conditions


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_text_for_a_person(reason: Reason) -> None:
    assert reason.traits.says.endswith(".")
    assert traits_of(reason.value) is reason.traits


def test_a_word_that_another_version_wrote_has_no_traits() -> None:
    assert traits_of("FromTheFuture") is None
    assert traits_of(None) is None


@pytest.mark.parametrize("failure_class", FailureClass)
def test_every_class_of_failure_has_a_policy(failure_class: FailureClass) -> None:
    assert isinstance(POLICIES[failure_class], Backoff | SlowRetry | RateLimited)
    assert isinstance(failure_class.is_passing, bool)


@pytest.mark.parametrize("reason", Reason)
def test_the_readme_tells_what_each_reason_means(reason: Reason) -> None:
    assert documented_conditions(reason)
