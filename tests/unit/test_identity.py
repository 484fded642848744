"""What proves who we are to the API server is renewed as it rotates."""

import json
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from caster_scene_audio.adapters.cluster.client_certificate import ClientCertificate, tls_of
from caster_scene_audio.adapters.cluster.identity import Identity, identity_of
from caster_scene_audio.adapters.cluster.kubeconfig_sections import Cluster, Plugin, User
from caster_scene_audio.adapters.cluster.plugin import CredentialProgram, PluginFailed

V1 = "client.authentication.k8s.io/v1"
CLUSTER = Cluster(server="https://127.0.0.1:1")


@dataclass
class Rotating:
    """A plugin that is told what to give, and how often it was asked."""

    folder: Path
    now_s: float = 1000
    identity: Identity = field(init=False)

    def __post_init__(self) -> None:
        path = self.folder / "plugin"
        path.write_text(f"#!/bin/sh\necho >> {self.folder}/asked\ncat {self.folder}/answer\n")
        path.chmod(0o700)
        plugin = Plugin(apiVersion=V1, command=f"{path}")
        user = User(exec=plugin)
        program = CredentialProgram(plugin, CLUSTER, {"PATH": "/usr/bin:/bin"})
        certificate = ClientCertificate(tls_of(CLUSTER), user, clock=lambda: self.now_s)
        self.identity = identity_of(user, program, certificate, clock=lambda: self.now_s)

    def gives(self, token: str, *, lasts_s: float | None = None) -> None:
        status = {"token": token}
        if lasts_s is not None:
            end = datetime.now(UTC) + timedelta(seconds=lasts_s)
            status["expirationTimestamp"] = end.isoformat()
        answer = {"apiVersion": V1, "kind": "ExecCredential", "status": status}
        (self.folder / "answer").write_text(json.dumps(answer))

    def gives_nothing(self) -> None:
        (self.folder / "answer").unlink(missing_ok=True)

    @property
    def asked(self) -> int:
        return len((self.folder / "asked").read_text().splitlines())


@pytest.fixture
def plugin(tmp_path: Path) -> Rotating:
    return Rotating(tmp_path)


@pytest.mark.parametrize("lasts_s", [None, 3600])
async def test_a_plugin_is_asked_once_while_what_it_gave_lasts(
    plugin: Rotating, lasts_s: float | None
) -> None:
    plugin.gives("one", lasts_s=lasts_s)

    found = [await plugin.identity.authorization() for _ in range(3)]

    assert found == ["Bearer one"] * 3
    assert plugin.asked == 1


async def test_a_plugin_is_asked_again_when_what_it_gave_has_expired(plugin: Rotating) -> None:
    plugin.gives("one", lasts_s=-1)
    first = await plugin.identity.authorization()
    plugin.gives("two", lasts_s=3600)
    plugin.now_s += 11

    second = await plugin.identity.authorization()

    assert (first, second) == ("Bearer one", "Bearer two")
    assert plugin.asked == 2


async def test_a_plugin_is_asked_again_when_what_it_gave_is_refused(plugin: Rotating) -> None:
    plugin.gives("one")
    await plugin.identity.authorization()
    plugin.gives("two")
    plugin.now_s += 11

    plugin.identity.rejected()

    assert await plugin.identity.authorization() == "Bearer two"


async def test_a_plugin_whose_credentials_are_never_taken_is_asked_at_a_pace(
    plugin: Rotating,
) -> None:
    plugin.gives("one", lasts_s=-1)
    for _ in range(120):
        await plugin.identity.authorization()
        plugin.identity.rejected()
        plugin.now_s += 0.5

    assert plugin.asked == 6


async def test_a_plugin_that_fails_leaves_what_it_gave_before(
    plugin: Rotating, caplog: pytest.LogCaptureFixture
) -> None:
    plugin.gives("one", lasts_s=-1)
    await plugin.identity.authorization()
    plugin.gives_nothing()
    plugin.now_s += 11

    found = await plugin.identity.authorization()

    assert found == "Bearer one"
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == [
        "Credentials for the API server not renewed"
    ]


async def test_a_plugin_that_gives_nothing_is_a_failure_until_it_gives_something(
    plugin: Rotating,
) -> None:
    plugin.gives_nothing()
    with pytest.raises(PluginFailed):
        await plugin.identity.authorization()

    plugin.gives("one")

    assert await plugin.identity.authorization() == "Bearer one"


async def test_what_a_plugin_gives_that_fits_in_no_header_is_a_failure(plugin: Rotating) -> None:
    plugin.gives("two\nlines")

    with pytest.raises(PluginFailed, match="holds a line break"):
        await plugin.identity.authorization()


@pytest.mark.parametrize("text", ["", " \n", "two\nlines"])
async def test_a_token_file_that_holds_none_for_a_moment_leaves_the_former(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "token"
    path.write_text("one\n")
    user = User(tokenFile=path)
    certificate = ClientCertificate(tls_of(CLUSTER), user, clock=lambda: 0)
    identity = identity_of(user, None, certificate, clock=lambda: 0)

    path.write_text(text)
    meanwhile = await identity.authorization()
    path.unlink()
    gone = await identity.authorization()
    path.write_text("two")

    assert (meanwhile, gone) == ("Bearer one", "Bearer one")
    assert await identity.authorization() == "Bearer two"
