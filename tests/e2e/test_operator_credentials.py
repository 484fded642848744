"""Credentials that are missing or wrong are told by name, and their secret never."""

import json
import subprocess

import pytest

from tests.support.cluster.scene_audios import Body, conditions_of, scene_of
from tests.support.running.operator_process import ACCESS_KEY_ID, ACCESS_KEY_SECRET
from tests.support.running.stage import Stage

pytestmark = pytest.mark.control_plane

ID, SECRET = "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"
WRONG_SECRET = "another-secret-altogether"


def stalled_of(shown: Body) -> Body:
    stated = conditions_of(shown["status"])
    assert {name: each["status"] for name, each in stated.items()} == {
        "Ready": "False",
        "Stalled": "True",
    }
    return stated["Stalled"]


@pytest.mark.parametrize(
    ("environ", "missing"),
    [({}, ID), ({ID: ACCESS_KEY_ID}, SECRET), ({SECRET: ACCESS_KEY_SECRET}, ID)],
    ids=["both", "the-secret", "the-id"],
)
def test_missing_credentials_stall_the_object_and_the_variable_is_named(
    stage: Stage, environ: dict[str, str], missing: str
) -> None:
    stage.operator.environ = environ

    stage.operator.start()
    stage.objects.create("show")
    shown = stage.objects.until("show", "CredentialsUnavailable")

    assert missing in stalled_of(shown)["message"]
    assert shown["status"]["lastError"]["code"] == "CredentialsUnavailable"
    assert not {"httpStatus", "requestId"} & shown["status"]["lastError"].keys()
    assert shown["status"]["attempts"] == 1
    assert "nextRetryTime" in shown["status"]
    assert stage.live.calls() == []
    assert ACCESS_KEY_SECRET not in stage.all_that_is_told()


def test_a_wrong_secret_stalls_the_object_and_is_told_nowhere(stage: Stage) -> None:
    stage.operator.environ = {ID: ACCESS_KEY_ID, SECRET: WRONG_SECRET}
    stage.operator.flags = ("--log-level=debug",)

    stage.operator.start()
    stage.objects.create("show")
    shown = stage.objects.until("show", "CredentialsUnavailable")

    [call] = stage.live.calls(action=None)
    error = shown["status"]["lastError"]
    assert stalled_of(shown)["reason"] == "CredentialsUnavailable"
    assert (error["code"], error["httpStatus"]) == ("SignatureDoesNotMatch", 400)
    assert error["requestId"] == call["requestId"]
    assert WRONG_SECRET not in stage.all_that_is_told()


def test_a_good_secret_is_told_nowhere_however_much_is_logged(stage: Stage) -> None:
    stage.operator.flags = ("--log-level=debug",)
    stage.live.fail(scene_of("retried"), kind="html")
    stage.live.fail(scene_of("refused"), code="InvalidParameter.Malformed")

    stage.operator.start()
    for name in ("show", "retried", "refused"):
        stage.objects.create(name)
    stage.objects.until_applied("show")
    stage.objects.until_applied("retried")
    stage.objects.until("refused", "InvalidSpec")
    stage.operator.stop()

    told = stage.all_that_is_told()
    assert json.dumps("Scene audio applied") in told
    assert ACCESS_KEY_SECRET not in told


def test_a_missing_secret_is_told_as_the_objects_with_a_command_that_works_when_pasted(
    stage: Stage,
) -> None:
    stage.operator.start()
    stage.objects.create("show", credentialsSecretRef={"name": "studio-key"})
    shown = stage.objects.until("show", "CredentialsUnavailable")
    message = stalled_of(shown)["message"]

    command = message[message.index("kubectl ") : -1]
    pasted(stage, command, {ID: ACCESS_KEY_ID, SECRET: ACCESS_KEY_SECRET})

    assert message.startswith("This object's Secret studio-key gives no access key")
    stage.objects.until_applied("show")


def pasted(stage: Stage, command: str, environ: dict[str, str]) -> None:
    """By a person whose shell has kubectl and the access key."""
    kubectl = stage.plane.binaries.kubectl
    subprocess.run(  # noqa: S603 (the operator's own words, which this tries)
        ["/bin/bash", "-c", command],
        env=environ | {"PATH": f"{kubectl.parent}", "KUBECONFIG": f"{stage.plane.kubeconfig}"},
        check=True,
    )


def test_a_key_that_the_service_refuses_is_told_with_the_secret_that_it_came_from(
    stage: Stage,
) -> None:
    stage.secrets.create("studio-key", ACCESS_KEY_ID, WRONG_SECRET)

    stage.operator.start()
    stage.objects.create("show", credentialsSecretRef={"name": "studio-key"})
    shown = stage.objects.until("show", "CredentialsUnavailable")

    assert stalled_of(shown)["message"].startswith(
        "The service doesn't take the access key, which is that of this object's Secret studio-key:"
        " correct it there. (SignatureDoesNotMatch:"
    )
