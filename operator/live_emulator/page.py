"""The page to watch: the scenes with their audio, and the latest calls. Refreshes itself."""

from collections.abc import Iterable
from html import escape
from itertools import islice

from live_emulator.calls import Call, Calls
from live_emulator.studio import Scene, Studio

SCENES_SHOWN = 100
CALLS_SHOWN = 50
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; color: #222; background: #fff }
table { border-collapse: collapse; margin-bottom: 2rem }
th, td { border-bottom: 1px solid #ddd; padding: .3rem .8rem; text-align: left;
  vertical-align: top }
.refused { color: #a00 }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b }
  th, td { border-color: #444 } .refused { color: #f88 } }
"""


def page(studio: Studio, calls: Calls) -> str:
    latest = islice(reversed(list(calls)), CALLS_SHOWN)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<title>Live emulator</title><style>{STYLE}</style></head><body>
<h1>Live emulator</h1>
<h2>Scenes ({len(studio)})</h2>
{_table(("Caster", "Scene", "State", "Audio", "Layers"), map(_scene_row, islice(studio, SCENES_SHOWN)))}
<h2>Latest calls</h2>
{_table(("Time", "Action", "Caster", "Scene", "Answer", "RequestId"), map(_call_row, latest))}
</body></html>
"""


def _table(titles: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(*cells: str, refused: bool = False) -> str:
    mark = ' class="refused"' if refused else ""
    return f"<tr{mark}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _scene_row(scene: Scene) -> str:
    follows = scene.audio.follow_enable == 1
    layers = "; ".join(
        f"{layer.location_id} ×{layer.volume_rate:g} {layer.valid_channel}"
        f" {layer.fixed_delay_duration} ms{_filter_words(layer.filter.as_json())}"
        for layer in scene.audio.layers
    )
    return _row(
        scene.caster_id,
        scene.scene_id,
        _state(scene),
        "follows video" if follows else "mixing",
        layers or "–",
    )


def _filter_words(switches: dict[str, int]) -> str:
    turned_on = [name for name, value in switches.items() if value]
    return f" ({', '.join(turned_on)})" if turned_on else ""


def _state(scene: Scene) -> str:
    words = ["on air" if scene.output_type == "1" else "preview"]
    words += ["off"] * (scene.status == 0)
    words += ["in a channel"] * scene.in_channel
    words += ["configuration error"] * scene.config_error
    return ", ".join(words)


def _call_row(call: Call) -> str:
    status = "" if call.http_status is None else f"{call.http_status} "
    return _row(
        call.time,
        call.action,
        call.caster_id,
        call.scene_id,
        f"{status}{call.code or 'in flight'}",
        call.request_id,
        refused=call.code not in {None, "OK"},
    )
