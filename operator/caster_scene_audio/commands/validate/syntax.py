"""What is wrong with a text that YAML can't read, and what to write."""

import re

import yaml

from caster_scene_audio.commands.manifest.findings import Finding, Place

_RULE = "yaml"


def unreadable(error: yaml.YAMLError, text: str, file: str) -> Finding:
    """The place that a person must look at, which isn't always the one where reading ended."""
    if isinstance(error, yaml.reader.ReaderError):
        return _control_character(error, text, file)
    problem = getattr(error, "problem", None) or f"{error}"
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    context = getattr(error, "context", None) or ""
    if "quoted scalar" in context:
        mark = error.context_mark  # type: ignore[attr-defined]
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    lines = text.splitlines()
    place, message, write = _told(problem, context, place, lines)
    return Finding(file=file, place=place, rule=_RULE, field="", message=message, write=write)


def _told(problem: str, context: str, place: Place, lines: list[str]) -> tuple[Place, str, str]:
    for number in (place.line, place.line - 1):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        indent = re.match(r"\s*", line)
        if indent and "\t" in indent[0]:
            spaces = line.replace("\t", "  ")
            at = Place(number, indent[0].index("\t") + 1)
            return at, "a tab; YAML indents with spaces only", f"spaces for the tab: {spaces}"
        if "：" in line:
            at = Place(number, line.index("：") + 1)
            return at, "a wide colon (：)", line.replace("：", ": ").strip()
        if wide := re.match(r"[ \u00a0\u3000]*[\u00a0\u3000]", line):
            at = Place(number, len(wide[0]))
            return at, "a space that is no ASCII space", f"plain spaces: {line.strip()}"
    return place, *_by_problem(problem, context, place, lines)


def _by_problem(problem: str, context: str, place: Place, lines: list[str]) -> tuple[str, str]:
    line = lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ""
    if "quoted scalar" in context:
        return "a quotation mark is opened here and not closed", f"the closing one: {line}"
    if "mapping values" in problem:
        return (
            "this line is indented deeper than the one above allows, or its value has a colon",
            "it below its neighbours with the same number of spaces, or the value in quotes",
        )
    if "could not find expected ':'" in problem:
        return "a line without a colon", "name: value, with a colon and a space after it"
    if "block end" in problem or "block mapping" in context or "block collection" in context:
        return (
            "this line is indented otherwise than its neighbours",
            "it below its neighbours with the same number of spaces",
        )
    if "cannot start any token" in problem:
        return f"{problem}", "the value in quotes"
    return f"YAML can't read this: {problem}", "the line anew, or its value in quotes"


def _control_character(error: yaml.reader.ReaderError, text: str, file: str) -> Finding:
    before = text[: error.position]
    return Finding(
        file=file,
        place=Place(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1),
        rule=_RULE,
        field="",
        message=f"a character that YAML doesn't take, U+{ord(text[error.position]):04X}",
        write="the line without it",
    )
