"""Labels with a bounded set of values: codes of the service, and accounts without a key in full."""

import re
from collections.abc import Iterable
from dataclasses import replace

from caster_scene_audio.domain.codes import KNOWN_CODES
from caster_scene_audio.reconciler.keyring import SECRET_MARK
from caster_scene_audio.reconciler.snapshot import AccountPace, Kind

SUCCESS = "OK"
OTHER = "other"

A_SECRETS = "temporary keys of Secrets"
"""Which Secrets there are is nobody's business who reads metrics."""

MAX_ACCOUNTS = 100
"""Those that are first seen; all others are one."""


def code_label(code: str) -> str:
    """The code, where the table of codes names it: the service has hundreds."""
    return code if code in KNOWN_CODES else OTHER


def by_account(paces: Iterable[AccountPace]) -> Iterable[AccountPace]:
    """One for each label and kind; where several share a label, the slowest stands for them."""
    found: dict[tuple[str, Kind], AccountPace] = {}
    named: set[str] = set()
    for pace in paces:
        name = account_label(pace.account)
        if name not in named and len(named) >= MAX_ACCOUNTS:
            name = OTHER
        else:
            named.add(name)
        before = found.get((name, pace.kind))
        found[name, pace.kind] = _joined(before, replace(pace, account=name))
    return found.values()


def account_label(account: str) -> str:
    """The account; where only an access key is known, the beginning and end of its ID."""
    if account.startswith("Secret "):
        return A_SECRETS
    shown = account.partition(f" {SECRET_MARK}")[0]
    return re.sub(r"^(access key .{4}).{3,}(.{4})$", r"\1…\2", shown)


def _joined(before: AccountPace | None, pace: AccountPace) -> AccountPace:
    if before is None:
        return pace
    return replace(
        pace,
        rate_per_s=min(before.rate_per_s, pace.rate_per_s),
        tokens=min(before.tokens, pace.tokens),
        throttles=before.throttles + pace.throttles,
    )
