"""Faults of what the cluster holds: namespaces, definition, rights, Secrets, statuses."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

import yaml

from dev.control_plane.failure import KubectlError
from tests.support.chaos.patience import TROUBLE, insisted
from tests.support.chaos.studio import NAMES, SECRET
from tests.support.chaos.theatre import Theatre
from tests.support.cluster.cluster import (
    CRD_NAME,
    CRDS,
    OPERATOR_NAMESPACE,
    SERVICE_ACCOUNT,
    await_served,
)
from tests.support.cluster.status_policy import policy_of

LEASES = f"{SERVICE_ACCOUNT}-leases"
FOREIGN_REQUEST = "somebody-elses"
OVERWRITTEN = (
    None,
    {"observedGeneration": -1, "attempts": 7},
    {"nextRetryTime": "2999-01-01T00:00:00Z", "requestId": FOREIGN_REQUEST},
    {"applied": {"followMode": "AudioMixing"}, "conditions": None},
)
"""Merge patches of a status, as other writers send them."""


@contextmanager
def namespace_goes(theatre: Theatre, chance: Random) -> Iterator[None]:
    """With the operator's rights in it, its objects and its Secret; it comes back with none."""
    studio = chance.choice([*theatre.studios])
    studio.close()
    try:
        yield
    finally:
        studio.open()


@contextmanager
def definition_goes(theatre: Theatre, _: Random) -> Iterator[None]:
    """With all objects."""
    plane = theatre.plane
    insisted(
        lambda: plane.kubectl("delete", "crd", CRD_NAME, "--ignore-not-found", "--timeout=30s")
    )
    try:
        yield
    finally:
        insisted(lambda: plane.kubectl("apply", "-f", f"{CRDS}"))
        insisted(lambda: await_served(plane))


@contextmanager
def rights_are_taken(theatre: Theatre, chance: Random) -> Iterator[None]:
    """In one namespace."""
    studio = chance.choice([*theatre.studios])
    studio.take_rights()
    try:
        yield
    finally:
        studio.grant()


@contextmanager
def lease_rights_are_taken(theatre: Theatre, _: Random) -> Iterator[None]:
    """Nobody may lead."""
    plane = theatre.plane
    here = f"--namespace={OPERATOR_NAMESPACE}"
    insisted(lambda: plane.kubectl("delete", "rolebinding", LEASES, here, "--ignore-not-found"))
    account = f"{OPERATOR_NAMESPACE}:{SERVICE_ACCOUNT}"
    words = (
        "create",
        "rolebinding",
        LEASES,
        here,
        f"--role={LEASES}",
        f"--serviceaccount={account}",
    )
    try:
        yield
    finally:
        insisted(lambda: _unless_there(theatre, words))


def _unless_there(theatre: Theatre, words: tuple[str, ...]) -> None:
    try:
        theatre.plane.kubectl(*words)
    except KubectlError as error:
        if "already exists" not in error.stderr:
            raise


@contextmanager
def secret_is_rotated(theatre: Theatre, chance: Random) -> Iterator[None]:
    """The old key is good no more; only later does the Secret hold the new one."""
    studio = chance.choice([*theatre.studios])
    studio.new_key()
    try:
        yield
    finally:
        studio.use_new_key()


@contextmanager
def secret_is_deleted(theatre: Theatre, chance: Random) -> Iterator[None]:
    studio = chance.choice([*theatre.studios])
    insisted(
        lambda: theatre.plane.kubectl(
            "delete", "secret", SECRET, f"--namespace={studio.namespace}", "--ignore-not-found"
        )
    )
    try:
        yield
    finally:
        studio.use_new_key()


@contextmanager
def statuses_are_refused(theatre: Theatre, chance: Random) -> Iterator[None]:
    """Of one namespace, by a policy: 422 or 403."""
    studio = chance.choice([*theatre.studios])
    name = f"statuses.{studio.namespace}"
    reason = chance.choice(("Invalid", "Forbidden"))
    documents = policy_of(name, "false", reason, studio.namespace)
    text = yaml.safe_dump_all(documents)
    insisted(lambda: theatre.plane.kubectl("apply", "-f", "-", stdin=text))
    try:
        yield
    finally:
        insisted(
            lambda: theatre.plane.kubectl("delete", "--ignore-not-found", "-f", "-", stdin=text)
        )


@contextmanager
def statuses_are_overwritten(theatre: Theatre, chance: Random) -> Iterator[None]:
    """Of some objects, by another writer that knows nothing of the operator."""
    for studio in theatre.studios:
        for name in chance.sample(NAMES, 2):
            with suppress(*TROUBLE):
                studio.objects.patch_status(name, chance.choice(OVERWRITTEN))
    yield
