"""Two tenants of one operator: one works, the other does its worst. What the first one notices."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kubernetes import config

from tests.support.cluster.key_secrets import KeySecrets
from tests.support.cluster.scene_audios import SceneAudios, scene_of
from tests.support.hostile.tenant import Scale, do_the_worst, squat
from tests.support.running.replicas import Replica, replicas_on
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

DESCRIPTORS = 1024
GUEST, SECRET_OF_GUEST = "the-id-that-all-know", "the-secret-of-the-guest"
SHOW, TALK = "show", "talk"
"""Signed with the operator's own key, and with the guest's."""
CHANGES = 12


@dataclass(frozen=True, kw_only=True)
class Siege:
    stage: Stage
    leader: Replica
    hostile: SceneAudios
    its_secrets: KeySecrets

    def begin(self) -> None:
        """Both tenants are served, and the hostile one squats on the other's scene."""
        self.stage.live.put_key(GUEST, secret=SECRET_OF_GUEST, account="guest")
        self.stage.secrets.create("guest", GUEST, SECRET_OF_GUEST)
        self.leader.process.launch()
        eventually(self.leader.is_serving)
        squat(self.hostile, SHOW)
        self.stage.objects.create(SHOW)
        self.stage.objects.create(TALK, credentialsSecretRef={"name": "guest"})
        self.stage.objects.until_applied(SHOW)
        self.stage.objects.until_applied(TALK)

    def attack(self, scale: Scale) -> None:
        do_the_worst(self.hostile, self.its_secrets, guest=GUEST, scale=scale)

    def seconds_to_calls(self, name: str, changes: int = CHANGES) -> list[float]:
        """From each of several changes to its call."""
        return [self._seconds_to_call(name, number) for number in range(changes)]

    def _seconds_to_call(self, name: str, number: int) -> float:
        scene, began = scene_of(name), time.monotonic()
        before = len(self.stage.live.calls(scene))
        layer = {"locationId": "RV01", "volumeRate": 1 + number % 5}
        self.stage.objects.change(name, layers=[layer])
        call = eventually(lambda: self.stage.live.calls(scene)[before:])[0]
        self.stage.objects.until_applied(name)
        return float(call["startedMonotonic"]) - began


@contextmanager
def siege_on(stage: Stage, directory: Path) -> Iterator[Siege]:
    """The operator serves both, by a Lease of 15 s as by default, and with few descriptors."""
    name = f"hostile-{secrets.token_hex(4)}"
    stage.plane.kubectl("create", "namespace", name)
    flags = (f"--namespace={name}",)
    with (
        config.new_client_from_config(f"{stage.plane.kubeconfig}") as client,
        replicas_on(stage, directory, lease_duration_s=15, flags=flags) as made,
    ):
        leader = made.make("one")
        leader.process.most_files = DESCRIPTORS
        yield Siege(
            stage=stage,
            leader=leader,
            hostile=SceneAudios(client, name),
            its_secrets=KeySecrets(client, name),
        )
    stage.plane.kubectl("delete", "namespace", name, "--wait=false")
