"""What an answer of the service says: a value, or CallFailed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from yarl import URL

from caster_scene_audio.adapters.live.documents import Envelope, SceneAudio, Scenes
from caster_scene_audio.adapters.live.error_xml import error_members
from caster_scene_audio.adapters.live.redact import (
    MAX_MESSAGE_CHARACTERS,
    MAX_WORD_CHARACTERS,
    redacted,
)
from caster_scene_audio.domain.audio import ObservedAudio, Scene
from caster_scene_audio.domain.codes import classify, failure_of
from caster_scene_audio.domain.failure import CallFailed, Failure, FailureClass
from caster_scene_audio.domain.reasons import Reason

MAX_ANSWER_BYTES = 1024 * 1024
LONG_REQUEST_BYTES = 8000
"""From here on a server may refuse a request line for its length, with 414 or a bare 400."""

_Document = TypeVar("_Document", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer. `headers` looks names up in any case; `secrets` are never to be repeated."""

    host: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    request_bytes: int = 0
    """The length of the request line that is answered."""
    layers: int = 0
    """Of the scene's audio in that request, which make most of its length."""

    @property
    def retry_after_s(self) -> float | None:
        """`x-acs-retry-after`, which is in milliseconds; None where it is no number."""
        text = self.headers.get("x-acs-retry-after", "").strip()
        if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text) is None:
            return None
        return float(text) / 1000


def updated(answer: Answer) -> str:
    """The RequestId of an update that was made."""
    return _word(answer, _accepted(answer, Envelope).request_id)


def observed_audio(answer: Answer) -> ObservedAudio:
    return _accepted(answer, SceneAudio).observed()


def listed_scenes(answer: Answer) -> tuple[Scene, ...]:
    return _accepted(answer, Scenes).listed()


def _accepted(answer: Answer, document: type[_Document]) -> _Document:
    """The answer's document, unless it says that the call failed or says nothing clear.

    An answer is only believed with a RequestId: a proxy's friendly 200 must not pass for ours.
    """
    if 300 <= answer.status < 400:
        raise CallFailed(_redirect(answer))
    envelope = _error_in_xml(answer) or _read(answer, Envelope)
    is_success = 200 <= answer.status < 300
    if envelope.code or (not is_success and (envelope.message or envelope.request_id)):
        raise CallFailed(_refusal(answer, envelope))
    if not is_success:
        raise CallFailed(_unreadable(answer, "holds neither Code, Message nor RequestId"))
    if not envelope.request_id:
        raise CallFailed(_unreadable(answer, "holds no RequestId"))
    return _read(answer, document)


def _error_in_xml(answer: Answer) -> Envelope | None:
    """A gateway tells an error in XML, whatever was asked for; None where this is none."""
    if not answer.body.lstrip().startswith(b"<") or len(answer.body) > MAX_ANSWER_BYTES:
        return None
    members = error_members(answer.body)
    if not members or not {"Code", "Message"} & members.keys():
        return None
    return Envelope.model_validate(members)


def _read(answer: Answer, document: type[_Document]) -> _Document:
    if len(answer.body) > MAX_ANSWER_BYTES:
        raise CallFailed(_unreadable(answer, f"is longer than {MAX_ANSWER_BYTES} bytes"))
    try:
        return document.model_validate_json(answer.body)
    except ValidationError as error:
        trouble = _trouble(answer, error)
    # Outside the handler: pydantic's error holds the answer, and would travel as the context.
    raise CallFailed(_unreadable(answer, trouble))


def _trouble(answer: Answer, error: ValidationError) -> str:
    if not answer.body:
        return "is empty"
    place = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
    if place:
        return f"can't be understood at {place}"
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
    named = re.fullmatch(r"[\w.+-]{1,40}/[\w.+-]{1,40}", kind, re.ASCII)
    return f"is no JSON object of the service (Content-Type: {kind if named else 'none'})"


def _refusal(answer: Answer, envelope: Envelope) -> Failure:
    """What the service itself said."""
    retry_after_s = answer.retry_after_s
    failure_class, reason = classify(
        code=envelope.code, http_status=answer.status, says_when=retry_after_s is not None
    )
    code = _word(answer, envelope.code) or f"HTTP{answer.status}"
    message = _message(answer, envelope)
    return Failure(
        failure_class=failure_class,
        reason=reason,
        code=code,
        message=message or f"{answer.host} answered {code} (HTTP {answer.status}) and no message",
        http_status=answer.status,
        request_id=_word(answer, envelope.request_id) or None,
        retry_after_s=retry_after_s,
        host=answer.host,
    )


def _word(answer: Answer, text: str) -> str:
    return redacted(text, limit=MAX_WORD_CHARACTERS, secrets=answer.secrets)


def _message(answer: Answer, envelope: Envelope) -> str:
    text = envelope.message
    if envelope.code.startswith("SignatureDoesNotMatch"):
        # What follows is the whole signed request, of use to nobody who can mend a key.
        text = re.split(r"\s*\bserver string to sign\b", text, maxsplit=1, flags=re.IGNORECASE)[0]
    return redacted(text, limit=MAX_MESSAGE_CHARACTERS, secrets=answer.secrets)


def _redirect(answer: Answer) -> Failure:
    return _foreign(
        answer,
        "RedirectRefused",
        f"{answer.host} answered with a redirect{_target(answer)} (HTTP {answer.status}). It was"
        " refused, because the signature would travel with it: check the Live endpoint, and"
        " what stands between it and the operator",
    )


def _target(answer: Answer) -> str:
    """The host that a redirect names and no more, for its query repeats the signed one."""
    try:
        host = URL(answer.headers.get("Location", "")).host
    except ValueError:
        return ""
    return "" if host is None else f" to {_word(answer, host)}"


def _unreadable(answer: Answer, trouble: str) -> Failure:
    if _is_too_long(answer):
        return _too_long(answer)
    return _foreign(
        answer,
        "UnreadableAnswer",
        f"the answer of {answer.host} (HTTP {answer.status}) {trouble}; whether the call took"
        " effect is not known",
    )


def _is_too_long(answer: Answer) -> bool:
    """Where the service itself said nothing, it is a gateway that took offence at the length."""
    is_bare_refusal = answer.status == 400 and answer.request_bytes > LONG_REQUEST_BYTES
    return answer.status in {414, 431} or is_bare_refusal


def _too_long(answer: Answer) -> Failure:
    return _foreign(
        answer,
        "RequestTooLong",
        f"{answer.host}, or what stands before it, takes no request of this length (HTTP"
        f" {answer.status}): {answer.layers} layers make a request line of {answer.request_bytes}"
        " bytes. Declare fewer layers; if a proxy of your own stands between, let it take longer"
        " request lines",
    )


def _foreign(answer: Answer, code: str, message: str) -> Failure:
    """An answer that isn't the service's own, from a gateway or a proxy in front of it."""
    message = redacted(message, limit=MAX_MESSAGE_CHARACTERS, secrets=answer.secrets)
    failure = replace(failure_of(code, message), http_status=answer.status)
    retry_after_s = answer.retry_after_s
    if answer.status != 429 and retry_after_s is None:
        return failure
    return replace(
        failure,
        failure_class=FailureClass.THROTTLED,
        reason=Reason.THROTTLED,
        retry_after_s=retry_after_s,
    )
