"""The emulator's desk in a real browser, beside the operator on a real control plane."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser.accessibility import grave_faults
from tests.support.browser.browser import (
    NO_BROWSER,
    Browser,
    Element,
    browser_programs,
    browsing,
)
from tests.support.cluster.scene_audios import scene_of
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.skipif(browser_programs() is None, reason=NO_BROWSER),
]

FADER = 'input[type="range"][data-location="RV01"]'


def layers(volume: float) -> list[dict[str, Any]]:
    return [{"locationId": "RV01", "volumeRate": volume}, {"locationId": "RV02"}]


MANY = 1000


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture
def desk(browser: Browser, stage: Stage) -> Browser:
    """The page, with the emulator's own scenes gone."""
    stage.live.clear_scenes()
    browser.look(width=1280)
    browser.open(stage.live.url)
    eventually(lambda: browser.one("#link").text == "Live")
    return browser


def shown(desk: Browser) -> str | None:
    """What a screen reader says of the first fader."""
    return desk.one(FADER).attribute("aria-valuetext")


def button(desk: Browser, text: str) -> Element:
    def found() -> list[Element]:
        return [each for each in desk.all("article button") if each.text == text]

    eventually(found)
    return found()[0]


def test_an_object_moves_the_fader_and_a_drift_is_moved_back(desk: Browser, stage: Stage) -> None:
    stage.operator.flags = ("--interval=1s", "--interval-floor=1s")
    stage.operator.start()

    stage.objects.create("show", layers=layers(0.5))
    eventually(lambda: shown(desk) == "−6.0 dB, ×0.5")
    stage.objects.change("show", layers=layers(2))
    eventually(lambda: shown(desk) == "+6.0 dB, ×2")
    button(desk, "Drift a fader").click()
    request_id = stage.objects.until("show", "DriftCorrected")["status"]["requestId"]

    eventually(lambda: shown(desk) == "+6.0 dB, ×2")
    eventually(lambda: request_id in desk.one(".last").text)
    eventually(lambda: request_id in desk.one("#calls").text)


def test_buttons_cause_the_trouble_that_they_name(desk: Browser, stage: Stage) -> None:
    stage.operator.start()
    stage.objects.create("show", layers=layers(0.5))
    stage.objects.until_applied("show")

    button(desk, "In a channel (412)").click()
    stage.objects.change("show", layers=layers(2))
    stage.objects.until("show", "ResourceInChannel")
    eventually(lambda: "in a channel" in desk.one(".marks").text)
    button(desk, "In a channel (412)").click()
    stage.objects.until_applied("show")
    button(desk, "Throttle").click()
    stage.objects.change("show", layers=layers(3))
    stage.objects.until_applied("show")

    codes = {call["code"] for call in stage.live.calls()}
    assert {"ResourceInChannel.PreConditionFailed", "Throttling.User"} <= codes
    assert desk.one("td.refused").text


def test_a_fader_is_moved_by_the_keyboard(desk: Browser, stage: Stage) -> None:
    stage.live.put_scene(scene_of("show"), audio={"followEnable": 0, "layers": layers(1)})
    eventually(lambda: shown(desk) == "0.0 dB, ×1")

    desk.one(FADER).type("up")

    def volume() -> float:
        found: float = stage.live.scene(scene_of("show"))["audio"]["layers"][0]["volumeRate"]
        return found

    eventually(lambda: volume() > 1)
    assert shown(desk) == "+0.5 dB, ×1.06"
    assert desk.run("return document.activeElement.dataset.location") == "RV01"


def test_a_hostile_name_is_text(desk: Browser, stage: Stage) -> None:
    name = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    stage.live.put_scene(scene_of("show"), sceneName=name)

    eventually(lambda: desk.one("article h2").text == name)

    assert desk.run("return document.title") != "owned"
    assert desk.run("return document.querySelectorAll('article img, article script').length") == 0


def test_of_a_thousand_scenes_only_those_in_sight_are_drawn(desk: Browser, stage: Stage) -> None:
    full = [{"locationId": f"RV{number:02}"} for number in range(1, 9)]
    stage.live.put_scenes(prefix="scene-", count=MANY, layers=full)
    eventually(lambda: desk.one("#count").text == f"{MANY} scenes")
    eventually(lambda: desk.all(".strip"))

    drawn = len(desk.all("article:not(:empty)"))
    desk.run("window.scrollTo(0, document.body.scrollHeight / 2)")
    eventually(lambda: desk.run(MIDDLE_IS_DRAWN))
    later = len(desk.all("article:not(:empty)"))
    desk.one("#find").type("scene-777")

    eventually(lambda: desk.one("#count").text == f"1 of {MANY} scenes")
    assert 0 < drawn < MANY / 10
    assert later < MANY / 10


MIDDLE_IS_DRAWN = """
const middle = document.elementFromPoint(innerWidth / 4, innerHeight / 2)?.closest('article');
return Boolean(middle?.querySelector('.strip'));
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 400, 1280, 1920])
def test_it_fits_any_width_and_everything_on_it_has_a_name(
    desk: Browser, stage: Stage, tmp_path: Path, width: int, scheme: str
) -> None:
    """320 pixels are a window of 1,280 at a zoom of 400 %."""
    full = [{"locationId": f"RV{number:02}"} for number in range(1, 6)]
    stage.live.put_scene(scene_of("show"), sceneName="开场", audio={"layers": full})
    desk.look(width=width, scheme=scheme)
    desk.one(FADER)

    desk.picture(tmp_path / f"desk-{width}-{scheme}.png")

    assert desk.run("return document.documentElement.scrollWidth <= innerWidth")
    assert desk.run(NAMELESS) == []
    assert desk.run(FAINT) == []
    assert grave_faults(desk) == []


def test_a_picture_without_words_would_be_found(desk: Browser) -> None:
    desk.run("document.body.append(document.createElement('img'))")

    assert [each.partition(":")[0] for each in grave_faults(desk)] == ["image-alt"]


def test_a_picture_of_the_desk_can_be_taken(desk: Browser, stage: Stage, tmp_path: Path) -> None:
    """For the README: DESK_PICTURE=docs/desk.png takes it there."""
    stage.live.put_scene(scene_of("a"), sceneName="Opening", audio=OPENING)
    stage.live.put_scene(
        scene_of("b"), sceneName="Interview", outputType="0", inChannel=True, audio=INTERVIEW
    )
    eventually(lambda: len(desk.all(".strip")) == 6)
    desk.look(width=1280, height=660)
    picture = Path(os.environ.get("DESK_PICTURE", f"{tmp_path / 'desk.png'}"))

    desk.picture(picture)

    assert picture.read_bytes().startswith(b"\x89PNG")


OPENING = {
    "followEnable": 0,
    "layers": [
        {"locationId": "RV01", "volumeRate": 1.0, "filter": {"enableAgc": 1, "enableAns": 1}},
        {"locationId": "RV02", "volumeRate": 0.5, "validChannel": "leftChannel"},
        {"locationId": "RV03", "volumeRate": 0, "fixedDelayDuration": 120},
        {"locationId": "RV04", "volumeRate": 1.6},
    ],
}
INTERVIEW = {
    "followEnable": 0,
    "layers": [
        {"locationId": "RV01", "volumeRate": 0.8, "filter": {"enableBeautify": 1}},
        {"locationId": "RV02", "volumeRate": 0.1},
    ],
}
NAMELESS = """
const named = (each) => each.ariaLabel || each.textContent.trim() || each.labels?.length;
return [...document.querySelectorAll('button, input, select, a, [role=region], [role=group]')]
  .filter((each) => !named(each)).map((each) => each.outerHTML);
"""
FAINT = """
// Text whose contrast with what is behind it is below 4.5 (WCAG 2.2, 1.4.3).
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const bright = ([r, g, b]) => [r, g, b].map((part) => part / 255)
  .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  .reduce((sum, part, number) => sum + part * [0.2126, 0.7152, 0.0722][number], 0);
const behind = (each) => {
  for (let at = each; at; at = at.parentElement) {
    const found = parts(getComputedStyle(at).backgroundColor);
    if (found.length === 3 || found[3] > 0) return found;
  }
  return [255, 255, 255];
};
const own = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
return [...document.querySelectorAll('body *')].filter(own)
  .filter((each) => each.checkVisibility() && !each.matches('script, style, noscript, .skip, .unseen'))
  .map((each) => {
    const [a, b] = [bright(parts(getComputedStyle(each).color)), bright(behind(each))];
    return [each.outerHTML.slice(0, 80), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
  }).filter(([, contrast]) => contrast < 4.5);
"""
