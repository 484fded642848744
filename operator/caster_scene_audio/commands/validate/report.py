"""What was found: as text, as JSON, and as SARIF for code review tools."""

import json
from dataclasses import asdict

from caster_scene_audio.commands.manifest.findings import Finding
from caster_scene_audio.commands.terminal import BOLD, RED, Terminal
from caster_scene_audio.commands.validate.inspection import Inspection

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_text(seen: Inspection, terminal: Terminal) -> None:
    """A line for each mistake, and below it what to write."""
    for each in seen.findings:
        where = terminal.coloured(f"{each.file}:{each.place.line}:{each.place.column}:", BOLD)
        error = terminal.coloured("error:", RED)
        field = f"{each.field}: " if each.field else ""
        terminal.put(f"{where} {error} {field}{each.message} [{each.rule}]")
        if each.write and each.write != each.message:
            terminal.put(f"    write {each.write}")


def as_json(seen: Inspection, terminal: Terminal) -> None:
    report = {
        "files": seen.files,
        "objects": seen.objects,
        "findings": [_flat(each) for each in seen.findings],
    }
    terminal.put(json.dumps(report, ensure_ascii=False, indent=2))


def as_sarif(seen: Inspection, terminal: Terminal) -> None:
    """SARIF 2.1.0."""
    rules = sorted({each.rule for each in seen.findings})
    driver = {"name": "caster-scene-audio", "rules": [{"id": each} for each in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in seen.findings],
    }
    report = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    terminal.put(json.dumps(report, ensure_ascii=False, indent=2))


def _flat(finding: Finding) -> dict[str, object]:
    told = asdict(finding)
    place = told.pop("place")
    return {"file": told.pop("file"), **place, **told}


def _result(finding: Finding) -> dict[str, object]:
    field = f"{finding.field}: " if finding.field else ""
    write = f" Write {finding.write}." if finding.write else ""
    region = {"startLine": finding.place.line, "startColumn": finding.place.column}
    place = {"artifactLocation": {"uri": finding.file}, "region": region}
    return {
        "ruleId": finding.rule,
        "level": "error",
        "message": {"text": f"{field}{finding.message}.{write}"},
        "locations": [{"physicalLocation": place}],
    }
