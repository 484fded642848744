"""Access keys out of Secrets: used, waited for, told by name when they are amiss, and never told."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.key_secrets import ID, SECRET
from tests.support.cluster.scene_audios import Body, conditions_of, scene_of
from tests.support.running.emulator_thread import Call
from tests.support.running.stage import Stage, set_stage

pytestmark = pytest.mark.control_plane

KEY_ID, KEY_SECRET = "studio-key", "the-studios-very-own-secret"


@pytest.fixture(scope="module")
def studio(crds: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One for all tests: the operator has no credentials of its own, and logs all that it can."""
    with set_stage(crds, tmp_path_factory.mktemp("studio")) as stage:
        stage.live.put_key(KEY_ID, secret=KEY_SECRET, account="studio")
        stage.operator.environ = {}
        stage.operator.flags = ("--log-level=debug", "--backoff=not-ready=0.3:0.6")
        stage.operator.start()
        yield stage


def create(stage: Stage, name: str) -> None:
    """An object and, by its name, the Secret that it wants."""
    stage.objects.create(name, credentialsSecretRef={"name": name})


def stalled(stage: Stage, name: str) -> Body:
    """The object, once it is Stalled for want of credentials."""
    return stage.objects.until(name, "CredentialsUnavailable")


def message_of(shown: Body) -> str:
    return str(conditions_of(shown["status"])["Stalled"]["message"])


def is_woken(call: Call, shown: Body) -> bool:
    """Whether it was the change that the call followed: by itself it would have been minutes."""
    retry = datetime.fromisoformat(shown["status"]["nextRetryTime"])
    return datetime.fromisoformat(call["time"]) < retry


def applied_by(stage: Stage, name: str) -> Call:
    """The call that wrote the studio."""
    stage.objects.until_applied(name)
    return stage.live.calls(scene_of(name))[-1]


def test_an_object_is_applied_with_the_key_of_its_secret(studio: Stage) -> None:
    studio.secrets.create("show", KEY_ID, KEY_SECRET)

    create(studio, "show")
    studio.objects.until_applied("show")

    calls = studio.live.calls(scene_of("show"), action=None)
    assert {(call["accessKeyId"], call["code"]) for call in calls} == {(KEY_ID, "OK")}


def test_a_missing_secret_is_named_and_its_object_goes_as_soon_as_it_is_there(
    studio: Stage,
) -> None:
    create(studio, "waiting")
    shown = stalled(studio, "waiting")
    calls_before = studio.live.calls(scene_of("waiting"), action=None)

    studio.secrets.create("waiting", KEY_ID, KEY_SECRET)

    assert is_woken(applied_by(studio, "waiting"), shown)
    assert f"Secret {studio.namespace}/waiting does not exist" in message_of(shown)
    assert calls_before == []


def test_a_key_that_is_lost_and_comes_back_while_the_object_is_retried(studio: Stage) -> None:
    studio.secrets.create("retried", KEY_ID, KEY_SECRET)
    studio.live.fail(scene_of("retried"), code="IncorrectSceneStatus", times=None)
    create(studio, "retried")
    studio.objects.until("retried", "SceneNotReady")

    studio.secrets.write("retried", SECRET, None)
    shown = stalled(studio, "retried")
    studio.live.clear_faults()
    calls_before = len(studio.live.calls(scene_of("retried")))
    studio.secrets.write("retried", SECRET, KEY_SECRET)

    assert is_woken(applied_by(studio, "retried"), shown)
    assert f"Secret {studio.namespace}/retried: {SECRET} is missing" in message_of(shown)
    assert len(studio.live.calls(scene_of("retried"))) == calls_before + 1


@pytest.mark.parametrize(
    ("name", "key", "value", "fault"),
    [
        ("line-break", SECRET, f"{KEY_SECRET}\n", f"{SECRET} ends with a line break"),
        ("space", ID, f" {KEY_ID}", f"{ID} begins with a space"),
        ("empty", SECRET, "", f"{SECRET} is empty"),
    ],
)
def test_what_is_amiss_with_a_secret_is_named_and_mended_without_a_further_word(
    studio: Stage, name: str, key: str, value: str, fault: str
) -> None:
    studio.secrets.create(name, KEY_ID, KEY_SECRET)
    studio.secrets.write(name, key, value)
    create(studio, name)
    shown = stalled(studio, name)

    studio.secrets.write(name, key, value.strip() or KEY_SECRET)

    assert is_woken(applied_by(studio, name), shown)
    assert f"Secret {studio.namespace}/{name}: {fault}" in message_of(shown)


def test_a_secret_that_the_service_refuses_is_tried_again_as_soon_as_it_is_changed(
    studio: Stage,
) -> None:
    studio.secrets.create("refused", KEY_ID, "a-secret-that-is-not-its-own")
    create(studio, "refused")
    shown = stalled(studio, "refused")
    calls_before = len(studio.live.calls(scene_of("refused"), action=None))

    studio.secrets.write("refused", SECRET, KEY_SECRET)
    studio.objects.until_applied("refused")

    first = studio.live.calls(scene_of("refused"), action=None)[calls_before]
    assert shown["status"]["lastError"]["code"] == "SignatureDoesNotMatch"
    assert is_woken(first, shown)


def test_no_value_of_a_secret_was_told_meanwhile(studio: Stage) -> None:
    told = studio.all_that_is_told()

    assert "Secret changed" in told
    assert KEY_SECRET not in told
    assert "a-secret-that-is-not-its-own" not in told
