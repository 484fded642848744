"""Accounts as a label: few enough, and no access key in full."""

import re
from collections.abc import Iterable
from dataclasses import replace

from caster_scene_audio.adapters.metrics.codes import OTHER
from caster_scene_audio.reconciler.snapshot import AccountPace, Kind

MAX_ACCOUNTS = 100
"""Those that are first seen; all others are one."""


def by_account(paces: Iterable[AccountPace]) -> Iterable[AccountPace]:
    """One for each label and kind; where several share a label, the slowest stands for them."""
    found: dict[tuple[str, Kind], AccountPace] = {}
    named: set[str] = set()
    for pace in paces:
        name = shown(pace.account)
        if name not in named and len(named) >= MAX_ACCOUNTS:
            name = OTHER
        else:
            named.add(name)
        before = found.get((name, pace.kind))
        found[name, pace.kind] = _joined(before, replace(pace, account=name))
    return found.values()


def shown(account: str) -> str:
    """The account; where only an access key is known, the beginning and end of its ID."""
    return re.sub(r"^(access key .{4}).{3,}(.{4})$", r"\1…\2", account)


def _joined(before: AccountPace | None, pace: AccountPace) -> AccountPace:
    if before is None:
        return pace
    return replace(
        pace,
        rate_per_s=min(before.rate_per_s, pace.rate_per_s),
        tokens=min(before.tokens, pace.tokens),
        throttles=before.throttles + pace.throttles,
    )
