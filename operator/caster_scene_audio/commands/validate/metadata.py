"""What makes an object ours, and its name: what the CRD's schema leaves to Kubernetes."""

import difflib
import re
from collections.abc import Iterator

from caster_scene_audio.commands.manifest.findings import Finding, Place
from caster_scene_audio.commands.manifest.nodes import Entry, Mapping, Node, Scalar
from caster_scene_audio.commands.validate.corrections import spellings

API_VERSION = "live.alibabacloud.com/v1alpha1"
KIND = "CasterSceneAudio"
_GROUP = API_VERSION.partition("/")[0]
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_MAX_NAME = 253
_NEAR = 0.85
_METADATA = {
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
}


def is_ours(node: Node) -> bool:
    """Whether an object is a CasterSceneAudio, or is meant to be one."""
    if not isinstance(node, Mapping):
        return False
    group = text_of(node, "apiVersion").partition("/")[0]
    kind = text_of(node, "kind")
    near = difflib.SequenceMatcher(None, kind.lower(), KIND.lower()).ratio() >= _NEAR
    return group == _GROUP or near


def text_of(node: Mapping, name: str) -> str:
    """A field's text; empty where it isn't there."""
    entry = node.get(name)
    is_text = entry is not None and isinstance(entry.value, Scalar)
    return entry.value.raw if is_text else ""  # type: ignore[union-attr]


def names_of(node: Mapping, file: str) -> Iterator[Finding]:
    """What is wrong with apiVersion, kind and metadata."""
    for name, wanted in (("apiVersion", API_VERSION), ("kind", KIND)):
        entry = node.get(name)
        if entry is None or text_of(node, name) != wanted:
            place = entry.place if entry else node.place
            told = f"{name} is {text_of(node, name)}" if entry else f"{name} is missing"
            yield _finding(file, place, name, f"{told}; it must be {wanted}", f"{name}: {wanted}")
    metadata = node.get("metadata")
    if metadata is None or not isinstance(metadata.value, Mapping):
        place = metadata.place if metadata else node.place
        write = "metadata:, and below it, indented by two spaces, name: and a name"
        yield _finding(file, place, "metadata", "the object has no name", write)
        return
    yield from _names(metadata, metadata.value, file)


def _names(metadata: Entry, fields: Mapping, file: str) -> Iterator[Finding]:
    for entry in fields.entries:
        if entry.name not in _METADATA:
            near = difflib.get_close_matches(entry.name, _METADATA, n=1)
            write = f"{near[0]}:" if near else f"{entry.name} below metadata.labels"
            message = f"metadata has no field {entry.name}"
            yield _finding(file, entry.place, f"metadata.{entry.name}", message, write)
    name = fields.get("name")
    if name is None:
        if fields.get("generateName") is None:
            write = "name: and a name, such as name: interview"
            yield _finding(file, metadata.place, "metadata", "the object has no name", write)
        return
    yield from _name(name, file)


def _name(entry: Entry, file: str) -> Iterator[Finding]:
    written = entry.value.raw if isinstance(entry.value, Scalar) else ""
    is_text = isinstance(entry.value, Scalar) and isinstance(entry.value.value, str)
    if is_text and _is_name(written):
        return
    message = "must be a text of lower case letters, digits, hyphens and dots"
    if _is_name(written):
        write = f'name: "{written}" (with the quotes)'
    else:
        meant = next((each for each in spellings(written) if _is_name(each)), "interview")
        write = f"name: {meant}"
    yield _finding(file, entry.place, "metadata.name", message, write)


def _is_name(text: str) -> bool:
    return len(text) <= _MAX_NAME and _NAME.fullmatch(text) is not None


def _finding(file: str, place: Place, field: str, message: str, write: str) -> Finding:
    return Finding(file=file, place=place, rule="object", field=field, message=message, write=write)
