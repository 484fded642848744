"""Generated values of `--own-credentials`, and objects whose fate hangs on them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

T = TypeVar("T")

NAMESPACES = ["studio-a", "studio-b", "studio-10", "live", "live-a", "a"]
CASTERS = [
    "LIVEPRODUCER_POST-cn-0pp1czt",
    "LIVEPRODUCER_POST-cn-1",
    "CASTER-1",
    "caster-1",
    "a.b",
    "a+b",
    "a^b",
    "a]b",
    "a[b",
    "a!b",
    "a\\b",
    "(a|b)$",
    "a\"b'`",
    "{a}",
]
_CLASS = re.compile(r"\[(?:!.|[^!])[^\]]*\]")
_RANGE = re.compile(".-.|.")
_CHARACTERS = st.characters(min_codepoint=0x21, max_codepoint=0x7E)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An object: where it lies, and its spec."""

    namespace: str
    spec: dict[str, Any]

    @property
    def needs_own_credentials(self) -> bool:
        return not self.spec.get("credentialsSecretRef") and not self.spec.get("suspend")


def drawn(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """So many, for one who has to prepare for all of them at once; the same each time."""
    found: list[T] = []

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: T) -> None:
        found.append(value)

    collect()
    return found


def _is_taken(pattern: str) -> bool:
    """By the chart: no range in it runs backwards, and nothing in it separates."""
    ranges = [each for found in _CLASS.findall(pattern) for each in _RANGE.findall(found[1:-1])]
    return not re.search(r"[=,\s]", pattern) and all(each[0] <= each[-1] for each in ranges)


@st.composite
def _class_of(draw: st.DrawFn, character: str) -> str:
    """With the character in it, more often than not."""
    other = draw(_CHARACTERS)
    lower, upper = sorted((character, other))
    members = draw(st.permutations([character, f"{lower}-{upper}", other, "-", "]", "^"]))
    inside = "".join(members[: draw(st.integers(1, 3))])
    return f"[{draw(st.sampled_from(['', '', '!']))}{inside}]"


@st.composite
def _like(draw: st.DrawFn, names: Sequence[str]) -> str:
    """One of the names, with some of its characters as a pattern."""
    name = draw(st.sampled_from(names))
    parts = list(name)
    for place in draw(st.lists(st.integers(0, len(parts) - 1), max_size=3, unique=True)):
        parts[place] = draw(st.just("*") | st.just("?") | _class_of(parts[place]))
    end = draw(st.just(len(parts)) | st.integers(1, len(parts)))
    return "".join(parts[:end]) + ("" if end == len(parts) else "*")


def patterns(names: Sequence[str]) -> st.SearchStrategy[str]:
    scribbled = st.text(st.sampled_from("ab-1*?[]!^\\.$"), min_size=1, max_size=6)
    return st.one_of(_like(names), _like(names), _like(names), scribbled).filter(_is_taken)


_GRANTS = st.builds(
    lambda namespace, casters: namespace + (f"={','.join(casters)}" if casters else ""),
    st.just("*") | patterns(NAMESPACES),
    st.lists(patterns(CASTERS), max_size=3),
)
rules = st.lists(_GRANTS.filter(lambda grant: grant != "*"), min_size=1, max_size=4)
"""A value of the setting, but for the one that lets everybody."""


def names_near(pattern: str) -> list[str]:
    """What a pattern that is misread would match, or not match any more."""
    plain = pattern.replace("*", "").replace("?", "x")
    changed = [plain[:place] + "x" + plain[place + 1 :] for place in range(len(plain))]
    return [each for each in (pattern, plain, plain[1:], plain[:-1], *changed) if each]


def objects(grants: Sequence[str]) -> st.SearchStrategy[Wanted]:
    """Some of them are for casters whose names are near to these grants."""
    patterns = [each for grant in grants for each in grant.partition("=")[2].split(",")]
    near = [name for pattern in patterns for name in names_near(pattern)]
    spec = st.fixed_dictionaries(
        {
            "casterId": st.sampled_from([*CASTERS, *near])
            | st.text(_CHARACTERS, min_size=1, max_size=4),
            "sceneId": st.just("scene"),
            "followMode": st.just("AudioMixing"),
        },
        optional={
            "credentialsSecretRef": st.sampled_from([None, None, None, {"name": "studio-key"}]),
            "suspend": st.sampled_from([None, False, False, True]),
            "mode": st.sampled_from(["Manage", "Observe"]),
        },
    )
    return st.builds(Wanted, st.sampled_from(NAMESPACES), spec)
