"""The kubeconfig, read as kubectl reads it: files merged, and one context of them chosen."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.kubeconfig_sections import (
    Cluster,
    Section,
    User,
    state_of,
)

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kubeconfig:
    """What the current context names."""

    cluster: Cluster
    user: User
    namespace: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """An item of one of the lists, and the folder of its file, to which its paths are relative."""

    values: Document
    folder: Path


_Model = TypeVar("_Model", bound=Section)


def state_of_files(environ: Mapping[str, str]) -> list[object]:
    """Differs once a file of the kubeconfig has changed, come or gone."""
    return [state_of(path) for path in _named(environ)]


def read_kubeconfig(environ: Mapping[str, str], *, context: str | None = None) -> Kubeconfig:
    """Of the files that KUBECONFIG names, else of ~/.kube/config.

    `context` takes the place of the current one. Of two files that say something of the same thing the first counts. Raises ConfigException,
    naming what is wrong and repeating no value.
    """
    current = context or ""
    entries: dict[tuple[str, str], _Entry] = {}
    for path in _paths(environ):
        document = _document(path)
        current = current or document.get("current-context") or ""
        for kind, name, values in _items(path, document):
            entries.setdefault((kind, name), _Entry(values, path.parent))
    if not current:
        raise ConfigException("the kubeconfig names no current-context: kubectl config use-context")
    chosen = _found(entries, "context", current).values
    user = chosen.get("user")
    return Kubeconfig(
        cluster=_model(Cluster, _found(entries, "cluster", chosen.get("cluster"))),
        user=_model(User, _found(entries, "user", user)) if user else User(),
        namespace=chosen.get("namespace") or "default",
    )


def context_names(environ: Mapping[str, str]) -> list[str]:
    """Raises ConfigException where a file can't be read."""
    items = (item for path in _paths(environ) for item in _items(path, _document(path)))
    return sorted({name for kind, name, _ in items if kind == "context"})


def _paths(environ: Mapping[str, str]) -> list[Path]:
    """Those that are there: kubectl passes over the others, too."""
    named = _named(environ)
    found = [path.absolute() for path in named if path.exists()]
    if not found:
        missing = ", ".join(f"{path}" for path in named)
        raise ConfigException(f"there is no kubeconfig: {missing} doesn't exist")
    return found


def _named(environ: Mapping[str, str]) -> list[Path]:
    home = Path(environ.get("HOME") or Path.home()) / ".kube" / "config"
    given = environ.get("KUBECONFIG", "").split(os.pathsep)
    return [Path(each) for each in given if each] or [home]


def _document(path: Path) -> Document:
    try:
        document = yaml.safe_load(path.read_text())
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else getattr(error, "strerror", None)
        raise ConfigException(f"{path} can't be read: {where or 'it is no YAML'}") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ConfigException(f"{path} is no kubeconfig")
    return document


def _items(path: Path, document: Document) -> Iterator[tuple[str, str, Document]]:
    for kind in ("cluster", "user", "context"):
        for item in document.get(f"{kind}s") or ():
            if not isinstance(item, dict) or not isinstance(item.get("name"), str):
                raise ConfigException(f"{path}: an item of {kind}s has no name")
            yield kind, item["name"], item.get(kind) or {}


def _found(entries: Mapping[tuple[str, str], _Entry], kind: str, name: object) -> _Entry:
    entry = entries.get((kind, f"{name}"))
    if entry is None:
        raise ConfigException(f"the kubeconfig has no {kind} {name}")
    return entry


def _model(model: type[_Model], entry: _Entry) -> _Model:
    try:
        return model.model_validate(entry.values, context=entry.folder)
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_input=False, include_context=False)
        )
    raise ConfigException(f"the kubeconfig's {model.__name__.lower()} can't be read: {told}")
