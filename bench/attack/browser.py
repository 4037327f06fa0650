"""Hostile articles in real Chromium, our policy switched off: no dialog opens, nothing is asked of another host."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from attack import press

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# Whatever waits for a reader's hand is moved: nothing may be listening.
STIR = """() => {
  const kinds = ['mouseover', 'focus', 'pointerenter', 'error', 'load', 'toggle', 'animationstart', 'click'];
  for (const element of document.querySelectorAll('main *')) {
    if (element.tagName === 'A' || element.tagName === 'BUTTON') continue;
    for (const kind of kinds) element.dispatchEvent(new Event(kind, {bubbles: false, cancelable: true}));
  }
  return [...document.querySelectorAll('main *')].filter(
    (one) => [...one.attributes].some((attribute) => attribute.name.startsWith('on'))).length;
}"""


@dataclass
class Opened:
    """What a browser met."""

    pages: int = 0
    faults: list[str] = field(default_factory=list)


class Canary:
    """A server on loopback that must never be asked."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        hits = self.hits

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hits.append(self.path)
                self.send_response(204)
                self.end_headers()

            do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def visit(base: str, paths: Iterable[str], cookies: Sequence[dict[str, str]] = (), *, lenient: bool = True) -> Opened:
    """Open each address of the site at `base`. `lenient`: without our Content-Security-Policy."""
    from playwright.sync_api import sync_playwright

    opened = Opened()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = chromium.new_context(base_url=base, bypass_csp=lenient)
        if cookies:
            context.add_cookies([*cookies])  # type: ignore[list-item]
        page = context.new_page()
        here = urlsplit(base).netloc

        def asked(request: Any) -> None:
            if urlsplit(request.url).netloc != here and not request.url.startswith("data:image/"):
                opened.faults.append(f"{page.url}: asked for {request.url[:120]}")

        page.on("request", asked)
        page.on("dialog", lambda dialog: (opened.faults.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
        context.on(
            "page", lambda other: opened.faults.append(f"{page.url}: opened a window") if other != page else None
        )
        for path in paths:
            page.goto(path, wait_until="load")
            if page.evaluate(STIR):
                opened.faults.append(f"{path}: an attribute that runs")
            opened.pages += 1
        chromium.close()
    return opened


def round_of(payloads: Sequence[str]) -> Opened:
    """Print the payloads, each escaped by its turn, and open every article and list. For `python -m attack`."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    from masthead.articles.models import Article

    canary = Canary()
    texts = [text.replace("CANARY", canary.address) for text in payloads]
    things = press.print_news(texts, [number % 4 for number in range(len(texts))])
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    WSGIRequestHandler.log_message = lambda *_: None  # type: ignore[assignment, method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    paths = [f"/article/{pk}/" for pk in Article.objects.values_list("pk", flat=True)]
    paths += ["/", "/latest/", "/search/?q=report", f"/story/{things['story']}/", f"/source/{things['source']}/"]
    try:
        opened = visit(f"http://localhost:{server.server_port}", paths)
    finally:
        server.shutdown()
        server.server_close()
        canary.close()
    opened.faults += [f"the canary was asked for {path}" for path in canary.hits]
    return opened
