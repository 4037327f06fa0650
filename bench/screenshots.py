"""Screenshots of a running site for the docs.

    python bench/screenshots.py [http://127.0.0.1:8000] [--out docs/screenshots]

Without an address, the sample newsroom is started for it in an empty home and stopped again.

Front page, report, story, search and error page, at 1280 and 390 pixels, light and dark, and the Arabic front page.
The report is the lead of the front page, the story the first one that it links to. Needs Chromium, Playwright, Pillow.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
WINDOWS = {1280: 1600, 390: 1400}


def found(page: Page, base: str) -> dict[str, str]:
    """The path of each page to be shown, read off the front page."""
    page.goto(base + "/")
    lead = page.locator(".card--lead .headline a")
    if not lead.count():
        raise SystemExit(f"{base}/ has no lead yet: wait until the pipeline has set the front page")
    paths = {"front": "/", "article": str(lead.get_attribute("href"))}
    story = page.locator("a.reports").first
    if story.count():
        paths["story"] = str(story.get_attribute("href"))
    words = [word for word in str(lead.text_content()).split() if len(word) > 4]
    paths["search"] = f"/search/?q={quote(words[0] if words else 'news')}"
    paths["error"] = "/no/such/page/"
    if page.locator(".editions a[hreflang=ar]").count():
        paths["front-ar"] = "/ar/"
    return paths


def shoot(browser: Browser, address: str, width: int, scheme: str) -> bytes:
    """The top of a page as PNG, every picture loaded."""
    window = {"width": width, "height": WINDOWS[width]}
    page = browser.new_page(viewport=window, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address, wait_until="networkidle")
    # A second visit finds the fonts in the cache, as a reader's second page does.
    page.reload(wait_until="networkidle")
    shot = page.screenshot()
    page.close()
    return shot


def save(shot: bytes, path: Path) -> int:
    """Keep a screenshot as a small WebP; returns its size in bytes."""
    with Image.open(io.BytesIO(shot)) as picture:
        picture.convert("RGB").save(path, "WEBP", quality=78, method=6)
    return path.stat().st_size


@contextmanager
def newsroom() -> Iterator[str]:
    """The sample newsroom in a home of its own, once its front pages stand and its pictures are there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "masthead", "demo", "--bind", f"127.0.0.1:{port}"]
        process = subprocess.Popen(command, env={**os.environ, "MASTHEAD_HOME": home}, stdout=subprocess.DEVNULL)
        base = f"http://127.0.0.1:{port}"
        try:
            wait_for(base + "/ar/", b'fetchpriority="high"')
            wait_for(base + "/", b'class="reports"')
            settle(base + "/")
            yield base
        finally:
            process.terminate()
            process.wait(60)


def wait_for(address: str, sign: bytes) -> None:
    """Until a page holds what it shows when the pipeline has been there; three minutes at most."""
    for _ in range(180):
        try:
            with urlopen(address, timeout=5) as answer:
                if sign in answer.read():
                    return
        except OSError:
            pass
        time.sleep(1)
    raise SystemExit(f"{address} did not come to show {sign.decode()} within three minutes")


def settle(address: str) -> None:
    """Until the pictures of a page are no longer changing: drawn ones give way as the publishers' own arrive."""
    before, since = b"", time.monotonic()
    deadline = since + 180
    while time.monotonic() < min(since + 20, deadline):
        with urlopen(address, timeout=5) as answer:
            now = b"".join(re.findall(rb'src="([^"]+)"', answer.read()))
        if now != before:
            before, since = now, time.monotonic()
        time.sleep(1)


def main() -> int:
    """Make all screenshots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="address of a running site; without it the sample newsroom is started")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "docs/screenshots")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        base = (options.url or stack.enter_context(newsroom())).rstrip("/")
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        pages = found(browser.new_page(), base)
        for name, path in pages.items():
            for width in WINDOWS:
                for scheme in ("light", "dark"):
                    target = options.out / f"{name}-{width}-{scheme}.webp"
                    size = save(shoot(browser, base + path, width, scheme), target)
                    print(f"{size:8,} {target.name}  {path}")
        browser.close()
    if missing := {"story", "front-ar"} - set(pages):
        print(f"not there yet, so not shown: {', '.join(sorted(missing))}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
