"""The table of reasons: one word for a state, the same in condition, Event, log and metric.

To add a reason, add a member with its traits here, and its row to the table in the README.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What holds of a reason wherever it stands."""

    says: str
    """What a person is told, ahead of the details: what is the case, and what to do about it."""
    settled: bool = False
    """The last call did what it should: the next reading follows, not another try."""
    warning: bool = True
    """The Event is a Warning, not Normal."""
    said_once: bool = False
    """Waiting that is nobody's failure: that it goes on is not written again."""
    waits_its_turn: bool = False
    """Nothing was tried in vain: it goes with what a person has just changed."""
    has_event: bool = True


class Reason(StrEnum):
    """Why an object is as it is; stands in `status.conditions[].reason`."""

    traits: Traits

    def __new__(cls, word: str, traits: Traits) -> Self:
        member = str.__new__(cls, word)
        member._value_ = word
        member.traits = traits
        return member

    APPLIED = (
        "Applied",
        Traits(says="The scene's audio is as declared.", settled=True, warning=False),
    )
    IN_SYNC = (
        "InSync",
        Traits(says="The scene's audio is as declared.", settled=True, warning=False),
    )
    OBSERVED = (
        "Observed",
        Traits(
            says="The scene is read and reported, never written (spec.mode is Observe).",
            settled=True,
            warning=False,
        ),
    )
    DRIFTED = (
        "Drifted",
        Traits(
            says="The studio differs from the spec, and spec.drift is Report.",
            settled=True,
        ),
    )
    DRIFT_CORRECTED = (
        "DriftCorrected",
        Traits(says="The scene's audio is as declared again.", settled=True),
    )
    DRIFT_CONTENDED = (
        "DriftContended",
        Traits(
            says="Another writer undoes the correction again and again; it is repeated less and"
            " less often. Find who else sets the scene's audio.",
            settled=True,
        ),
    )
    QUEUED = (
        "Queued",
        Traits(
            says="The change waits for its call.",
            warning=False,
            waits_its_turn=True,
            has_event=False,
        ),
    )
    ON_AIR = (
        "OnAir",
        Traits(
            says="The scene is on air and onAir is Wait: the change goes out when it is not.",
            warning=False,
            said_once=True,
        ),
    )
    SUSPENDED = (
        "Suspended",
        Traits(says="Suspended by spec.suspend: nothing is called.", warning=False),
    )
    CONFLICT = (
        "Conflict",
        Traits(
            says="Delete one of the two: when the older one goes, this one takes over by itself."
        ),
    )
    THROTTLED = (
        "Throttled",
        Traits(
            says="The account's quota of calls is used up; the change waits for its turn.",
            warning=False,
            said_once=True,
            waits_its_turn=True,
        ),
    )
    RESOURCE_IN_CHANNEL = (
        "ResourceInChannel",
        Traits(
            says="A resource of the scene is in use by a channel; the change is tried again until"
            " it is free."
        ),
    )
    SCENE_NOT_READY = (
        "SceneNotReady",
        Traits(
            says="The scene is not in a state that takes the change; it is tried again until it is."
        ),
    )
    CASTER_NOT_FOUND = (
        "CasterNotFound",
        Traits(
            says="The account has no such caster: check spec.casterId, spec.regionId and whose"
            " access key is used. If the caster is yet to be created, nothing need be done."
        ),
    )
    SCENE_NOT_FOUND = (
        "SceneNotFound",
        Traits(
            says="The caster has no such scene: check spec.sceneId. If the scene is yet to be"
            " created, nothing need be done."
        ),
    )
    LOCATION_NOT_FOUND = (
        "LocationNotFound",
        Traits(
            says="The scene has no channel or video source at a location that spec.layers names:"
            " compare them with the scene in the console. If it is yet to be added, nothing need be"
            " done."
        ),
    )
    ENDPOINT_WRONG = (
        "EndpointWrong",
        Traits(
            says="What answers is not ApsaraVideo Live as the operator calls it: correct the"
            " operator's setting --live-endpoint (settings.liveEndpoint of the chart). The spec is"
            " not to blame."
        ),
    )
    ACCOUNT_BARRED = (
        "AccountBarred",
        Traits(
            says="The service refuses the account, not the spec and not the access key: look in the"
            " console whether ApsaraVideo Live is turned on, and whether the account is in debt or"
            " locked."
        ),
    )
    ACCESS_DENIED = (
        "AccessDenied",
        Traits(
            says="The access key may not do this: allow it live:UpdateCasterSceneAudio on the"
            " caster, live:DescribeCasterSceneAudio for reading it back (or set spec.drift to"
            " Ignore) and live:DescribeCasterScenes for spec.onAir."
        ),
    )
    CREDENTIALS_UNAVAILABLE = (
        "CredentialsUnavailable",
        Traits(says="There is no access key that the service takes."),
    )
    INVALID_SPEC = (
        "InvalidSpec",
        Traits(says="The service refuses the spec: correct it, and it is tried at once."),
    )
    REFUSED = (
        "Refused",
        Traits(
            says="The service refuses the call for a reason that the operator doesn't know; whether"
            " the spec is to blame is not known either. It is tried again."
        ),
    )
    CLOCK_SKEWED = (
        "ClockSkewed",
        Traits(
            says="The service refuses the time or nonce of the signature; it is signed anew. If"
            " this stays, check the clock of the operator's node."
        ),
    )
    SERVICE_UNAVAILABLE = (
        "ServiceUnavailable",
        Traits(says="The service failed; the change is tried again."),
    )
    UNREACHABLE = (
        "Unreachable",
        Traits(says="The service can't be reached; the change is tried again."),
    )


SETTLED = frozenset(each for each in Reason if each.traits.settled)

_TRAITS: dict[str | None, Traits] = {each.value: each.traits for each in Reason}


def traits_of(word: str | None) -> Traits | None:
    """Of a reason as a status has it; None for one that another version or writer wrote."""
    return _TRAITS.get(word)
