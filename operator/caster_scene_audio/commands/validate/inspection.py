"""All files together: each object, and the rules across them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import yaml

from caster_scene_audio.commands.manifest.findings import Finding, Place
from caster_scene_audio.commands.manifest.nodes import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    TooLargeError,
    documents,
)
from caster_scene_audio.commands.manifest.source_files import SourceFile
from caster_scene_audio.commands.validate.check import check
from caster_scene_audio.commands.validate.metadata import is_ours, text_of
from caster_scene_audio.commands.validate.syntax import unreadable


@dataclass(slots=True)
class Inspection:
    findings: list[Finding] = field(default_factory=list)
    found: list[tuple[str, Mapping]] = field(default_factory=list)
    """Each object, with its file."""
    files: int = 0
    _scenes: dict[tuple[str, str], tuple[str, int, str]] = field(default_factory=dict)

    @property
    def objects(self) -> int:
        return len(self.found)

    def add(self, file: SourceFile) -> None:
        """Check a file, and remember its scenes."""
        self.files += 1
        text = file.text()
        if isinstance(text, Finding):
            self.findings.append(text)
            return
        try:
            for document in documents(text):
                for node in _objects(document):
                    self._object(node, file.name)
        except yaml.YAMLError as error:
            self.findings.append(unreadable(error, text, file.name))
        except TooLargeError:
            self.findings.append(_too_large(file.name))

    def _object(self, node: Mapping, file: str) -> None:
        self.found.append((file, node))
        self.findings.extend(check(node, file))
        spec = node.get("spec")
        if spec is not None and isinstance(spec.value, Mapping):
            self._scene(node, spec.value, file)

    def _scene(self, node: Mapping, spec: Mapping, file: str) -> None:
        caster, scene = text_of(spec, "casterId"), spec.get("sceneId")
        if not caster or scene is None or not isinstance(scene.value, Scalar):
            return
        name = _name(node)
        other, line, first = self._scenes.setdefault(
            (caster, scene.value.raw), (file, scene.place.line, name)
        )
        if (other, line) != (file, scene.place.line):
            self.findings.append(_second(scene, file, f"{first} ({other}:{line})"))


def inspect(files: Iterable[SourceFile]) -> Inspection:
    """Raises OSError where a file can't be read."""
    inspection = Inspection()
    for file in files:
        before = len(inspection.findings)
        inspection.add(file)
        inspection.findings[before:] = sorted(
            inspection.findings[before:], key=lambda each: each.place
        )
    return inspection


def _objects(document: Node) -> Iterator[Mapping]:
    """What of a document is ours; a List is taken apart."""
    if not isinstance(document, Mapping):
        return
    items = document.get("items")
    if text_of(document, "kind").endswith("List") and items is not None:
        if isinstance(items.value, Sequence):
            for item in items.value.items:
                yield from _objects(item)
    elif is_ours(document):
        yield document


def _name(node: Mapping) -> str:
    metadata = node.get("metadata")
    return (
        text_of(metadata.value, "name") if metadata and isinstance(metadata.value, Mapping) else ""
    )


def _second(scene: Entry, file: str, first: str) -> Finding:
    return Finding(
        file=file,
        place=scene.place,
        rule="conflict",
        field="spec.sceneId",
        message=f"{first} is for the same scene; only the older of two objects is applied",
        write="the ID of another scene, or one object for both",
    )


def _too_large(file: str) -> Finding:
    return Finding(
        file=file,
        place=Place(1, 1),
        rule="yaml",
        field="",
        message="too many values, or nested too deeply",
        write="several files",
    )
