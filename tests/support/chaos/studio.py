"""A tenant's namespace with its objects, its scenes and its access key, all of which may go and come."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from kubernetes import config

from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from tests.support.chaos.patience import insisted
from tests.support.cluster.cluster import SERVICE_ACCOUNT
from tests.support.cluster.key_secrets import KeySecrets
from tests.support.cluster.scene_audios import Body, SceneAudios
from tests.support.cluster.tenants import Tenant
from tests.support.running.emulator_thread import LiveService

NAMES = tuple(f"show-{number}" for number in range(1, 7))
WITH_A_SECRET = frozenset(NAMES[::3])
SECRET = "studio-key"
LOCATIONS = tuple(f"RV0{number}" for number in range(1, 6))


@dataclass
class Studio:
    namespace: str
    objects: SceneAudios
    _tenant: Tenant
    _secrets: KeySecrets
    _live: LiveService
    _keys: int = 0
    """How many it has had."""
    _key_id: str = field(default="")

    @property
    def account(self) -> str:
        return f"account-of-{self.namespace}"

    def open(self) -> None:
        """Its namespace, the operator's rights in it, and its Secret; again is fine."""
        insisted(lambda: _unless_there(self._tenant.plane, "create", "namespace", self.namespace))
        self.grant()
        insisted(self._write_secret)

    def close(self) -> None:
        insisted(
            lambda: self._tenant.plane.kubectl(
                "delete", "namespace", self.namespace, "--ignore-not-found", "--timeout=40s"
            )
        )

    def grant(self) -> None:
        insisted(self._unless_granted)

    def _unless_granted(self) -> None:
        try:
            self._tenant.grant()
        except KubectlError as error:
            if "already exists" not in error.stderr:
                raise

    def take_rights(self) -> None:
        insisted(
            lambda: self._tenant.plane.kubectl(
                "delete",
                "rolebinding",
                SERVICE_ACCOUNT,
                f"--namespace={self.namespace}",
                "--ignore-not-found",
            )
        )

    def new_key(self) -> None:
        """At the service, where the one before is good no more. The Secret is as it was."""
        if self._key_id:
            self._live.put_key(
                self._key_id, secret=self._key_secret, account=self.account, active=False
            )
        self._keys += 1
        self._key_id = f"{self.namespace}-key-{self._keys}"
        self._live.put_key(self._key_id, secret=self._key_secret, account=self.account)

    def use_new_key(self) -> None:
        insisted(self._write_secret)

    @property
    def _key_secret(self) -> str:
        return f"the-secret-of-{self._key_id}"

    def _write_secret(self) -> None:
        self._secrets.put(SECRET, self._key_id, self._key_secret)

    def spec(self, name: str, chance: Random) -> Body:
        """One that a user may wish for."""
        spec: Body = {"sceneId": f"{self.namespace}-{name}"}
        if name in WITH_A_SECRET:
            spec["credentialsSecretRef"] = {"name": SECRET}
        if chance.random() < 0.8:
            spec["layers"] = [
                _layer(location, chance)
                for location in chance.sample(LOCATIONS, chance.randint(1, 4))
            ]
        if "layers" not in spec or chance.random() < 0.5:
            spec["followMode"] = chance.choice(("AudioMixing", "AudioFollowsVideo"))
        return spec


def _layer(location: str, chance: Random) -> Body:
    may_have: dict[str, Any] = {
        "volumeRate": round(chance.uniform(0, 10), 1),
        "validChannel": chance.choice(("All", "LeftChannel", "RightChannel")),
        "fixedDelayMilliseconds": chance.randint(0, 5000),
        "filter": {"automaticGainControl": chance.random() < 0.5},
    }
    has = {name: value for name, value in may_have.items() if chance.random() < 0.5}
    return {"locationId": location, **has}


def _unless_there(plane: ControlPlane, *arguments: str) -> None:
    try:
        plane.kubectl(*arguments)
    except KubectlError as error:
        if "already exists" not in error.stderr or "being deleted" in error.stderr:
            raise


@contextmanager
def studios_on(plane: ControlPlane, live: LiveService, *namespaces: str) -> Iterator[list[Studio]]:
    with ExitStack() as stack:
        studios = []
        for namespace in namespaces:
            client = stack.enter_context(config.new_client_from_config(f"{plane.kubeconfig}"))
            objects = SceneAudios(client, namespace)
            tenant = Tenant(plane, namespace, objects)
            studio = Studio(namespace, objects, tenant, KeySecrets(client, namespace), live)
            studio.new_key()
            studio.open()
            studios.append(studio)
        yield studios
