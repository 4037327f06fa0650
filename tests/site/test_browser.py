"""The pages in a real browser: accessibility, keyboard, widths, shifts, weight."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import Browser, Page, Response, Route, sync_playwright

from .press import PAGES, running

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
WIDTHS = (360, 414, 640, 768, 900, 1024, 1152, 1280, 1440, 1600)
BUDGET = 100_000
"""Bytes of HTML, CSS and fonts of a front page as sent."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, installed once a machine."""
    folder = Path(tempfile.gettempdir()) / "masthead-axe"
    script = folder / "node_modules/axe-core/axe.min.js"
    if not script.is_file():
        folder.mkdir(exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), "axe-core@4"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return script.read_text(encoding="utf-8")


@pytest.mark.service("npm")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", sorted(PAGES))
def test_axe_finds_nothing(browser: Browser, site: str, axe: str, path: str, scheme: str) -> None:
    # The pages forbid all scripts; the test's own is let in past that.
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(site + path)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate(axe)
    result = page.evaluate("axe.run()")
    context.close()
    found = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in result["violations"]]
    assert found == []
    assert len(result["passes"]) > 15


@pytest.mark.parametrize("path", sorted(PAGES))
def test_no_page_scrolls_sideways(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} px wide in a window of {width} px"


@pytest.mark.parametrize("late", ["", "woff2", "media"])
@pytest.mark.parametrize("path", ["/", "/ar/", "/ru/", "/article", "/section"])
def test_nothing_shifts(page: Page, site: str, path: str, late: str) -> None:
    def slowly(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    if late:
        page.route(f"**/*{late}*" if late == "woff2" else "**/media/**", slowly)
    page.add_init_script(
        "window.shifts = []; new PerformanceObserver(list => list.getEntries().forEach(e => shifts.push(e.value)))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site + path, wait_until="networkidle")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("path", ["/", "/article", "/search"])
def test_the_keyboard_goes_through_the_page_in_order_and_is_seen(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    page.keyboard.press("Tab")
    skip = page.evaluate("[document.activeElement.className, document.activeElement.getBoundingClientRect().top]")
    assert skip[0] == "skip"
    page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
    places: list[int] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # past the last one
        place, outline = page.evaluate(
            """() => {
                const it = document.activeElement.closest('select, input') || document.activeElement;
                const style = getComputedStyle(it);
                const all = [...document.querySelectorAll('*')];
                return [all.indexOf(it), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
            }"""
        )
        assert outline, page.evaluate("document.activeElement.outerHTML")
        places.append(place)
    assert len(places) > 15
    assert places == sorted(places)
    page.goto(site + path)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("path", ["/", "/ar/", "/ru/"])
def test_a_front_page_is_light(page: Page, site: str, path: str) -> None:
    sent: dict[str, int] = {}

    def weigh(url: str, kind: str, body: bytes) -> None:
        if kind.startswith(("text/html", "text/css")):
            sent[url] = len(brotli.compress(body, quality=5))
        elif url.endswith(".woff2"):
            sent[url] = len(body)

    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(site + path, wait_until="networkidle")
    for answer in answers:
        weigh(answer.url.removeprefix(site), answer.headers.get("content-type", ""), answer.body())
    assert sum(sent.values()) < BUDGET, sent
    assert len([url for url in sent if url.endswith(".css")]) >= 3
    assert len([url for url in sent if url.endswith(".woff2")]) >= 3


def test_nothing_comes_from_elsewhere_and_nothing_breaks_the_policy(page: Page, site: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in PAGES:
        page.goto(site + path, wait_until="networkidle")
    assert all(url.startswith(site) for url in asked)
    assert [text for text in said if "Content Security Policy" in text] == []


def test_right_to_left_is_the_mirror_image(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})

    def middles(path: str) -> dict[str, float]:
        page.goto(site + path)
        where = "s => { const r = document.querySelector(s).getBoundingClientRect(); return (r.left + r.right) / 2; }"
        return {s: page.evaluate(where, s) for s in (".top-lead", ".top-latest", ".today")}

    width = 1280
    left, right = middles("/"), middles("/ar/")
    assert left[".top-lead"] < width / 2 < left[".top-latest"]
    for name in (".top-lead", ".top-latest"):
        assert right[name] == pytest.approx(width - left[name], abs=20)
    assert left[".today"] < width / 2 < right[".today"]


@pytest.mark.parametrize("width", [960, 1280, 1600])
def test_no_word_of_a_sections_opener_breaks_without_a_hyphen(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site + "/section")
    fits = page.evaluate(
        """words => {
          const link = document.querySelector('.card--opener .headline a');
          link.textContent = words;
          const text = link.firstChild, broken = [];
          for (const match of words.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(text, match.index);
            range.setEnd(text, match.index + match[0].length);
            if (range.getClientRects().length > 1) broken.push(match[0]);
          }
          return broken;
        }""",
        "Sixteen metres under ice, photographed volunteers found extraordinary neighbours",
    )
    assert fits == []


def test_the_measure_of_the_text(page: Page, site: str) -> None:
    """A line of the text holds 60 to 75 characters on a wide screen."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site + "/article")
    lines = page.evaluate(
        """() => {
            const p = document.querySelector('.text > p'), range = document.createRange();
            range.selectNodeContents(p);
            const tops = new Set([...range.getClientRects()].map(r => Math.round(r.top / 20)));
            return p.textContent.length / tops.size;
        }"""
    )
    assert 55 <= lines <= 75
