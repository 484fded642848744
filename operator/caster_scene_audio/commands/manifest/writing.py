"""An object as YAML that every reader takes for the same: no text is mistaken for a number."""

import re
from collections.abc import Sequence
from typing import Any

import yaml
from typing_extensions import override

from caster_scene_audio.domain.objects import API_VERSION, KIND

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_OTHERWISE = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|nan|inf|infinity")


class _Dumper(yaml.SafeDumper):
    @override
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand further in than their name, as kubectl's readers are used to."""
        return super().increase_indent(flow, False)  # noqa: FBT003 (as the library has it)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_plain = _PLAIN.fullmatch(text) and not _OTHERWISE.fullmatch(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain else '"')


_Dumper.add_representer(str, _text)


def manifest_of(name: str, namespace: str | None, spec: dict[str, Any]) -> dict[str, Any]:
    """An object; without a namespace where none is named."""
    place = {"namespace": namespace} if namespace else {}
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": name, **place},
        "spec": spec,
    }


def as_yaml(body: dict[str, Any], comments: Sequence[str] = ()) -> str:
    """One document, its comments first."""
    told = "".join(f"# {line}\n" for line in comments)
    return told + yaml.dump(body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
