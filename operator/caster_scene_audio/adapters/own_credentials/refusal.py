"""Why there are no credentials, told to people in words of our own.

The library's text is read and never passed on: it holds URLs with the OIDC token, the bodies of
answers, and lines of profiles.
"""

import re
from collections.abc import Mapping

from caster_scene_audio.adapters.own_credentials.environment import (
    CLI_PROFILE,
    CREDENTIALS_FILE,
    ECS_ROLE,
    ENVIRONMENT,
    PROFILE,
    PROFILE_NAME,
    SOURCES,
    Source,
    asked,
    halves,
)

WAYS = (
    "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or give the "
    "ServiceAccount a role (RRSA), or mount a profile, or name a Secret in "
    "spec.credentialsSecretRef"
)
_HTTP_STATUS = re.compile(r"http_?code\s*[:=]\s*(\d{3})", re.IGNORECASE)
_SERVICE_CODE = re.compile(r'"Code"\s*:\s*"([A-Za-z]+(?:\.[A-Za-z]+)*)"')
_PROVIDER = re.compile(r"['\"](\w+CredentialsProvider): ")
_CAUSES = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        ("ProxyError|to proxy", "the proxy in the environment lets nothing through"),
        ("CERTIFICATE_VERIFY|SSLError|SSLCert", "its TLS certificate is not trusted"),
        ("timed out", "no answer in time"),
        ("NameResolution|getaddrinfo|name resolution", "its host's name is not known"),
        ("NewConnection|Connection|unreachable|No route", "no connection"),
        ("No such file", "a file that it names is not there"),
        ("Permission denied", "a file that it names may not be read"),
        ("unable to get .*profile|failed to get credential", "there is no such profile"),
        ("invalid profile name", "no profile is chosen"),
        ("unsupported", "the profile is of a kind that is not supported"),
        ("failed to parse|File contains|parsing error|Expecting", "it can't be parsed"),
        ("must not be empty|cannot be empty|is empty", "a value is empty"),
    )
)
_OTHERWISE = "it gave nothing that could be used"


def explain(text: str, environ: Mapping[str, str], *, asking: Source | None) -> str:
    """Which sources failed, and why; `asking` is whom the chain asks once it gave something."""
    failed = [
        f"{source.label}: {_cause(said)}"
        for source, said in _told(text, asking)
        if not _is_unused(source, said, environ)
    ]
    reasons = [*halves(environ), *failed]
    if all(reason.startswith(ECS_ROLE.label) for reason in reasons):
        return "; ".join([f"no credentials: {WAYS}", *reasons])
    return f"no credentials: {'; '.join(reasons)}"


def overdue(environ: Mapping[str, str], *, timeout_s: float) -> str:
    """What to say while a fetch hangs; no second one is begun beside it."""
    names = [source.label for source in asked(environ)] or ["the profile"]
    return f"no credentials: no answer within {timeout_s:g} s from {' or '.join(names)}"


def unfit(source: Source | None, what: str) -> str:
    """Credentials came that no request could be signed with."""
    return f"no credentials: {what} from {source.label if source else 'the default chain'}"


def _told(text: str, asking: Source | None) -> list[tuple[Source, str]]:
    """What each source said, of the chain's list or of a single source's own error."""
    by_class = {source.class_name: source for source in SOURCES}
    _, *told = _PROVIDER.split(text)
    pairs = zip(told[::2], told[1::2], strict=True)
    found = [(by_class[name], said) for name, said in pairs if name in by_class]
    return found or ([(asking, text)] if asking else [])


def _is_unused(source: Source, said: str, environ: Mapping[str, str]) -> bool:
    """Nobody asked for it: the chain merely looks everywhere."""
    if source is CLI_PROFILE:
        return "unable to open" in said or "is disabled" in said
    if source is PROFILE:
        chosen = environ.get(CREDENTIALS_FILE) or environ.get(PROFILE_NAME)
        return "failed to get credential" in said and not chosen
    return source is ENVIRONMENT


def _cause(said: str) -> str:
    if status := _HTTP_STATUS.search(said):
        code = _SERVICE_CODE.search(said)
        return f"HTTP {status[1]}{f' {code[1]}' if code else ''}"
    return next((words for cause, words in _CAUSES if cause.search(said)), _OTHERWISE)
