"""Secrets are followed on the real API server, with no more rights than get and watch."""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest
from kubernetes.aio import config
from kubernetes.aio.client import ApiClient, Configuration, CoreV1Api

from caster_scene_audio.adapters.cluster.secret_watch import SecretWatch
from caster_scene_audio.adapters.cluster.secrets import KubernetesSecrets
from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.failure import CredentialsUnavailable
from dev.control_plane.plane import ControlPlane
from tests.emulator.patience import until
from tests.support.tools.patience import PATIENCE_S

pytestmark = pytest.mark.control_plane

GET_AND_WATCH = ("--verb=get,watch", "--resource=secrets")
VALUE = "topvalue"
RECONNECTS_WITHIN_S = 60.0
"""The longest pause between tries is half of it."""

Data = dict[str, str | None]


@pytest.fixture(autouse=True)
def no_value_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """By anybody, at any level, in a sentence or beside it; nor as the API server tells it."""
    caplog.set_level(logging.DEBUG)
    yield
    encoded = base64.b64encode(VALUE.encode()).decode()[:8]
    said = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    assert not [line for line in said if VALUE in line or encoded in line]


@dataclass(frozen=True)
class Author:
    """The administrator, who writes Secrets over one open connection."""

    secrets: CoreV1Api
    namespace: str

    async def create(self, name: str, data: Data) -> None:
        body = {"metadata": {"name": name}, "stringData": data}
        await self.secrets.create_namespaced_secret(self.namespace, body)

    async def write(self, name: str, data: Data) -> None:
        """None takes a key away."""
        encoded = {
            key: value and base64.b64encode(value.encode()).decode() for key, value in data.items()
        }
        await self.patch(name, {"data": encoded})

    async def label(self, name: str, **labels: str) -> None:
        await self.patch(name, {"metadata": {"labels": labels}})

    async def delete(self, name: str) -> None:
        await self.secrets.delete_namespaced_secret(name, self.namespace)

    async def patch(self, name: str, patch: dict[str, Any]) -> None:
        await self.secrets.patch_namespaced_secret(
            name, self.namespace, patch, _content_type="application/merge-patch+json"
        )


@dataclass
class Stage:
    author: Author
    secrets: KubernetesSecrets
    changes: asyncio.Queue[SecretRef]

    def ref(self, name: str = "key") -> SecretRef:
        return SecretRef(namespace=self.author.namespace, name=name)

    async def answer(self, name: str = "key") -> str:
        """The access key's ID, or why there is none."""
        try:
            self.secrets.follow(self.ref(name), self.changes.put_nowait)
            credentials = await self.secrets.credentials(self.ref(name))
        except CredentialsUnavailable as unavailable:
            return f"{unavailable}"
        assert credentials.access_key_secret == f"{VALUE}-of-{credentials.access_key_id}"
        return credentials.access_key_id

    async def after_change(self, name: str = "key", *, within_s: float = PATIENCE_S) -> str:
        async with asyncio.timeout(within_s):
            assert await self.changes.get() == self.ref(name)
        return await self.answer(name)


def key(name: str) -> Data:
    return {"access-key-id": name, "access-key-secret": f"{VALUE}-of-{name}"}


@asynccontextmanager
async def client_of(kubeconfig: Path) -> AsyncIterator[ApiClient]:
    connection = Configuration(connection_pool_maxsize=0)
    await config.load_kube_config(config_file=f"{kubeconfig}", client_configuration=connection)
    async with ApiClient(connection) as client:
        yield client


@asynccontextmanager
async def all_closed() -> AsyncIterator[None]:
    """Nothing that the loop came to listen to within is left at the end.

    aiohttp doesn't await the server's goodbye on a connection whose request was cancelled.
    """
    before = listened_to()
    yield
    await until(lambda: listened_to() <= before)


def listened_to() -> int:
    """By the running loop, which tells nobody, and so its selector is asked."""
    return len(vars(asyncio.get_running_loop())["_selector"].get_map())


@asynccontextmanager
async def stage(plane: ControlPlane, namespace: str, *rights: str) -> AsyncIterator[Stage]:
    """With a ServiceAccount that has these rights: what `kubectl create role` takes."""
    plane.kubectl("create", "serviceaccount", "operator", "-n", namespace)
    if rights:
        grant(plane, namespace, *rights)
    changes: asyncio.Queue[SecretRef] = asyncio.Queue()
    async with (
        all_closed(),
        client_of(plane.kubeconfig) as admin,
        client_of(plane.kubeconfig_for("operator", namespace)) as client,
        KubernetesSecrets(SecretWatch(client), jitter=SystemRandom().uniform) as secrets,
    ):
        yield Stage(Author(CoreV1Api(admin), namespace), secrets, changes)


def grant(plane: ControlPlane, namespace: str, *rights: str) -> None:
    plane.kubectl("create", "role", "operator", "-n", namespace, *rights)
    bound = ("--role=operator", f"--serviceaccount={namespace}:operator")
    plane.kubectl("create", "rolebinding", "operator", "-n", namespace, *bound)


@pytest.mark.parametrize(
    "rights",
    [GET_AND_WATCH, (*GET_AND_WATCH, "--resource-name=key")],
    ids=["all Secrets of the namespace", "one Secret by its name"],
)
async def test_a_secret_that_appears_changes_or_loses_a_key_is_told_by_the_watch_on_it(
    control_plane: ControlPlane, namespace: str, rights: tuple[str, ...]
) -> None:
    async with stage(control_plane, namespace, *rights) as on:
        assert f"Secret {namespace}/key does not exist" in await on.answer()

        await on.author.create("key", key("one"))
        assert await on.after_change() == "one"

        await on.author.write("key", key("two"))
        assert await on.after_change() == "two"

        await on.author.write("key", {"access-key-secret": None})
        assert "access-key-secret is missing" in await on.after_change()

        await on.author.write("key", {"access-key-secret": f"{VALUE}\n"})
        assert "access-key-secret ends with a line break" in await on.after_change()

        await on.author.write("key", key("three"))
        assert await on.after_change() == "three"

        await on.author.delete("key")
        assert "does not exist" in await on.after_change()

        await on.author.create("key", key("four"))
        assert await on.after_change() == "four"

        assert on.changes.empty()
    assert readings_answered(control_plane, namespace) <= 4  # till it was there; then it is watched


async def test_a_label_is_no_change_and_neither_is_another_secret(
    control_plane: ControlPlane, namespace: str
) -> None:
    async with stage(control_plane, namespace, *GET_AND_WATCH) as on:
        await on.author.create("key", key("one"))
        await on.answer()

        await on.author.label("key", team="sound")
        await on.author.create("other", key("other"))
        await on.author.write("key", key("two"))

        assert await on.after_change() == "two"
        assert on.changes.empty()


async def test_a_secret_that_is_held_up_in_its_deletion_counts_until_it_is_gone(
    control_plane: ControlPlane, namespace: str
) -> None:
    async with stage(control_plane, namespace, *GET_AND_WATCH) as on:
        await on.author.create("key", key("one"))
        await on.author.patch("key", {"metadata": {"finalizers": ["example.com/held"]}})
        assert await on.answer() == "one"

        await on.author.delete("key")
        assert await on.answer() == "one"
        await on.author.patch("key", {"metadata": {"finalizers": []}})

        assert "does not exist" in await on.after_change()
        assert on.changes.empty()


async def test_a_change_between_leaving_and_following_again_is_seen_without_being_told(
    control_plane: ControlPlane, namespace: str
) -> None:
    async with stage(control_plane, namespace, *GET_AND_WATCH) as on:
        await on.author.create("key", key("one"))
        await on.answer()

        on.secrets.leave(on.ref())
        await on.author.write("key", key("two"))

        assert await on.answer() == "two"
        assert on.changes.empty()


async def test_fifty_secrets_are_followed_at_once(
    control_plane: ControlPlane, namespace: str
) -> None:
    names = [f"key-{number}" for number in range(50)]
    async with stage(control_plane, namespace, *GET_AND_WATCH) as on:
        await asyncio.gather(*(on.author.create(name, key(name)) for name in names))

        found = await asyncio.gather(*(on.answer(name) for name in names))
        await asyncio.gather(*(on.author.write(name, key(f"new-{name}")) for name in names))
        async with asyncio.timeout(PATIENCE_S):
            told = [await on.changes.get() for _ in names]

        assert found == names
        assert {ref.name for ref in told} == set(names)
        assert [await on.answer(name) for name in names] == [f"new-{name}" for name in names]


async def test_only_get_and_watch_are_asked_for_and_only_of_secrets_that_are_followed(
    control_plane: ControlPlane, namespace: str
) -> None:
    async with stage(control_plane, namespace, *GET_AND_WATCH) as on:
        await on.author.create("other", key("other"))
        await on.answer()
        await on.author.create("key", key("one"))
        await on.after_change()
        await on.author.write("key", key("two"))
        await on.after_change()

    async with asyncio.timeout(PATIENCE_S):
        while "watch" not in (asked := asked_by_the_operator(control_plane, namespace)):  # noqa: ASYNC110 (a file has no event)
            await asyncio.sleep(0.05)  # a watch is told of when it has ended
    assert asked == {"get": {"key"}, "watch": {"key"}}


async def test_without_rights_it_is_told_how_to_grant_them_and_granting_them_is_enough(
    control_plane: ControlPlane, namespace: str
) -> None:
    async with stage(control_plane, namespace) as on:
        await on.author.create("key", key("one"))

        reason = await on.answer()
        await asyncio.to_thread(grant, control_plane, namespace, *GET_AND_WATCH)

        assert f"the verbs get and watch on secrets in namespace {namespace}" in reason
        assert "leave spec.credentialsSecretRef out" in reason
        assert await on.after_change(within_s=RECONNECTS_WITHIN_S) == "one"


async def test_a_secret_is_still_followed_after_the_api_server_was_away(
    control_plane: ControlPlane,
) -> None:
    with ControlPlane(control_plane.binaries) as plane:
        plane.kubectl("create", "namespace", "studio")
        async with stage(plane, "studio", *GET_AND_WATCH) as on:
            await on.author.create("key", key("one"))
            assert await on.answer() == "one"

            await asyncio.to_thread(plane.stop_api_server)
            assert await on.answer() == "one"
            await asyncio.to_thread(plane.start_api_server)
            assert await on.answer() == "one"

            await on.author.write("key", key("two"))
            assert await on.after_change(within_s=RECONNECTS_WITHIN_S) == "two"
            await on.author.write("key", key("three"))
            assert await on.after_change() == "three"
            assert on.changes.empty()


def asked_by_the_operator(plane: ControlPlane, namespace: str) -> dict[str, set[str]]:
    """The names of the Secrets, by verb."""
    asked: dict[str, set[str]] = {}
    for event in requests_of_the_operator(plane, namespace):
        asked.setdefault(event["verb"], set()).add(event["objectRef"]["name"])
    return asked


def readings_answered(plane: ControlPlane, namespace: str) -> int:
    """How often a Secret was read, or found not to be there; a watch that ends begins with that."""
    return sum(
        event["verb"] == "get" and event["responseStatus"]["code"] in {200, 404}
        for event in requests_of_the_operator(plane, namespace)
    )


def requests_of_the_operator(plane: ControlPlane, namespace: str) -> list[dict[str, Any]]:
    events = map(json.loads, plane.audit_log.read_text().splitlines())
    operator = f"system:serviceaccount:{namespace}:operator"
    return [event for event in events if event["user"]["username"] == operator]
