"""A plan as text, as JSON, and as Markdown for a comment on a pull request."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from caster_scene_audio.commands.plan.scene_plan import Change, ScenePlan
from caster_scene_audio.commands.terminal import BOLD, Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One object of a file; `plan` is None where the scene can't be read, and `error` says why."""

    name: str
    file: str
    caster_id: str = ""
    scene_id: str = ""
    plan: ScenePlan | None
    error: str = ""


def as_text(all_planned: Sequence[Planned], terminal: Terminal) -> None:
    for each in all_planned:
        if each.plan is not None and not _is_worth_a_word(each.plan):
            continue
        where = f"(caster {each.caster_id}, scene {each.scene_id})"
        terminal.put(f"{terminal.coloured(each.name, BOLD)} {where}")
        for line in _lines(each):
            terminal.put(f"  {line}")


def as_json(all_planned: Sequence[Planned], terminal: Terminal) -> None:
    told = [asdict(each) for each in all_planned]
    terminal.put(json.dumps({"scenes": told}, ensure_ascii=False, indent=2))


def as_markdown(all_planned: Sequence[Planned], terminal: Terminal) -> None:
    terminal.put(f"**{summary(all_planned)}**")
    for each in all_planned:
        if each.plan is None or _is_worth_a_word(each.plan):
            terminal.put(f"\n`{each.name}`, scene `{each.scene_id}`\n\n```text")
            for line in _lines(each):
                terminal.put(line)
            terminal.put("```")


def summary(all_planned: Sequence[Planned]) -> str:
    unread = sum(each.plan is None for each in all_planned)
    written = sum(each.plan is not None and each.plan.is_written for each in all_planned)
    trouble = f", not to be read: {unread}" if unread else ""
    return f"Scenes: {len(all_planned)}, to be written: {written}{trouble}."


def _is_worth_a_word(plan: ScenePlan) -> bool:
    return bool(plan.changes or plan.unknown or plan.is_written)


def _lines(each: Planned) -> list[str]:
    if each.plan is None:
        return [each.error]
    plan = each.plan
    lines = [f"{change.subject}  {change.text}" for change in plan.changes]
    lines += [_unknown(change) for change in plan.unknown]
    return [*lines, plan.note] if plan.note else lines


def _unknown(change: Change) -> str:
    return f"{change.subject}  {change.text} (can't be read back: sent as written)"
