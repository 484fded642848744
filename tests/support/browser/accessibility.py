"""What axe, the accessibility checker, finds wrong on the page that a browser shows."""

from importlib.resources import files
from typing import Any

from tests.support.browser.browser import Browser

AXE = files("axe_core_python") / "axe.min.js"
GRAVE = {"serious", "critical"}
RUN = """
const done = arguments[arguments.length - 1];
axe.run().then((found) => done(found.violations), (error) => done([{ id: String(error) }]));
"""


def grave_faults(browser: Browser) -> list[str]:
    """The rules that are broken, with the elements that break them; empty where none is."""
    browser.run(AXE.read_text())
    found: list[dict[str, Any]] = browser.run_until_done(RUN)
    return [
        f"{each['id']}: {[node['html'][:200] for node in each.get('nodes', ())]}"
        for each in found
        if each.get("impact", "critical") in GRAVE
    ]
