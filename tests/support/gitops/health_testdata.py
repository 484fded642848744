"""The objects beside Argo CD's health script: each as a running operator once had it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from caster_scene_audio.domain.reasons import Reason
from tests.support.cluster.scene_audios import Body, conditions_of, present_reason_of
from tests.support.gitops.argo_health import CUSTOMIZATION, TESTDATA, health_of

NAMESPACE = "studio"
KEPT = ("creationTimestamp", "generation", "name", "uid")
"""Of the metadata; the rest says nothing about health."""

VARYING = re.compile(r"[0-9A-F-]{36}|127\.0\.0\.1:\d+")
"""In messages: RequestIds, and the emulator's address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A state of one of the objects of `every_state`; it gives the file its name."""

    file: str
    of: str
    reason: Reason | None = None
    """None: the operator has not answered to it."""
    beside_ready: str | None = None
    """A condition that stands there, too."""

    def among(self, histories: dict[str, list[Body]]) -> Body:
        """The last such state."""
        return [body for body in histories[self.of] if self._is(body)][-1]

    @property
    def written(self) -> Body:
        found: Body = yaml.safe_load((TESTDATA / f"{self.file}.yaml").read_text())
        return found

    def _is(self, body: Body) -> bool:
        stated = conditions_of(body["status"])
        beside = self.beside_ready is None or self.beside_ready in stated
        return present_reason_of(body) == self.reason and beside


def as_testdata(body: Body) -> Body:
    """In a namespace of this name always; messages speak of it, too."""
    metadata = {key: body["metadata"][key] for key in (*KEPT, "namespace")}
    text = json.dumps({**body, "metadata": metadata})
    found: Body = json.loads(text.replace(metadata["namespace"], NAMESPACE))
    return found


def shape_of(body: Body) -> dict[str, Any]:
    """All of it that doesn't differ from run to run."""
    status = body["status"]
    return {
        "spec": body["spec"],
        "generations": (body["metadata"]["generation"], status["observedGeneration"]),
        "status": sorted(status),
        "conditions": [
            (
                each["type"],
                each["status"],
                each["reason"],
                each["observedGeneration"],
                VARYING.sub("…", each["message"]),
            )
            for each in status.get("conditions", ())
        ],
    }


CASES = (
    Case(file="new", of="applied"),
    Case(file="changed", of="changed"),
    Case(file="queued", of="applied", reason=Reason.QUEUED),
    Case(file="applied", of="applied", reason=Reason.APPLIED),
    Case(file="in-sync", of="in-sync", reason=Reason.IN_SYNC),
    Case(file="drift-corrected", of="drift-corrected", reason=Reason.DRIFT_CORRECTED),
    Case(file="drift-contended", of="contended", reason=Reason.DRIFT_CONTENDED),
    Case(file="drifted", of="drift-reported", reason=Reason.DRIFTED),
    Case(file="observed", of="observed", reason=Reason.OBSERVED),
    Case(
        file="observed-drift",
        of="observed-drift",
        reason=Reason.OBSERVED,
        beside_ready="Drifted",
    ),
    Case(file="on-air", of="on-air", reason=Reason.ON_AIR),
    Case(file="suspended", of="suspended", reason=Reason.SUSPENDED),
    Case(file="conflict", of="conflict", reason=Reason.CONFLICT),
    Case(file="throttled", of="throttled", reason=Reason.THROTTLED),
    Case(file="resource-in-channel", of="in-channel", reason=Reason.RESOURCE_IN_CHANNEL),
    Case(file="scene-not-ready", of="scene-off", reason=Reason.SCENE_NOT_READY),
    Case(
        file="caster-not-found",
        of="no-caster",
        reason=Reason.CASTER_NOT_FOUND,
        beside_ready="Reconciling",
    ),
    Case(
        file="caster-not-found-stalled",
        of="no-caster",
        reason=Reason.CASTER_NOT_FOUND,
        beside_ready="Stalled",
    ),
    Case(
        file="scene-not-found",
        of="no-scene",
        reason=Reason.SCENE_NOT_FOUND,
        beside_ready="Reconciling",
    ),
    Case(
        file="scene-not-found-stalled",
        of="no-scene",
        reason=Reason.SCENE_NOT_FOUND,
        beside_ready="Stalled",
    ),
    Case(
        file="location-not-found-stalled",
        of="no-location",
        reason=Reason.LOCATION_NOT_FOUND,
        beside_ready="Stalled",
    ),
    Case(file="endpoint-wrong", of="needs-ssl", reason=Reason.ENDPOINT_WRONG),
    Case(file="account-barred", of="arrearage", reason=Reason.ACCOUNT_BARRED),
    Case(file="refused", of="unknown-409", reason=Reason.REFUSED),
    Case(file="access-denied", of="foreign-scene", reason=Reason.ACCESS_DENIED),
    Case(file="credentials-unavailable", of="no-secret", reason=Reason.CREDENTIALS_UNAVAILABLE),
    Case(file="invalid-spec", of="malformed", reason=Reason.INVALID_SPEC),
    Case(file="clock-skewed", of="late-clock", reason=Reason.CLOCK_SKEWED),
    Case(file="service-unavailable", of="internal-error", reason=Reason.SERVICE_UNAVAILABLE),
    Case(file="unreachable", of="dropped", reason=Reason.UNREACHABLE),
)


def capture(histories: dict[str, list[Body]]) -> None:
    """Write all anew, with what the script makes of it now: read the difference."""
    tests = []
    for case in CASES:
        body = as_testdata(case.among(histories))
        health = health_of(body)
        path = f"testdata/{case.file}.yaml"
        _write(CUSTOMIZATION / path, body)
        tests.append(
            {
                "healthStatus": {"status": health.status, "message": health.message},
                "inputPath": path,
            }
        )
    _write(CUSTOMIZATION / "health_test.yaml", {"tests": tests})


def _write(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100))
