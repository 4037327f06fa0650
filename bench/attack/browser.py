"""Hostile articles in real Chromium, our policy switched off: no dialog opens, nothing is asked of another host."""

from __future__ import annotations

import mimetypes
import shutil
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
HOST = "canary.example"
"""The name of the canary where Chromium is told where to find it."""
# Whatever waits for a reader's hand is moved: nothing may be listening. Then Chromium's own tree is judged.
STIR = """() => {
  const kinds = ['mouseover', 'focus', 'pointerenter', 'error', 'load', 'toggle', 'animationstart', 'click'];
  for (const element of document.querySelectorAll('main *')) {
    if (element.tagName === 'A' || element.tagName === 'BUTTON') continue;
    for (const kind of kinds) element.dispatchEvent(new Event(kind, {bubbles: false, cancelable: true}));
  }
  const found = [];
  const never = 'applet,audio,base,embed,frame,frameset,iframe,marquee,math,object,portal,style,template,video,'
    + 'main svg,meta[http-equiv],[srcdoc],[style],[ping],[formaction]';
  for (const element of document.querySelectorAll(never)) found.push(element.outerHTML.slice(0, 120));
  for (const element of document.querySelectorAll('script')) {
    const ours = element.src ? new URL(element.src).origin === location.origin : element.type.endsWith('json');
    if (!ours) found.push(element.outerHTML.slice(0, 120));
  }
  for (const element of document.querySelectorAll('*')) {
    for (const one of element.attributes) {
      if (one.name.startsWith('on')) found.push('an attribute that runs: ' + one.name);
      if (!['href', 'src', 'action', 'xlink:href', 'cite', 'data'].includes(one.name)) continue;
      try {
        const scheme = new URL(one.value, document.baseURI).protocol;
        if (!['http:', 'https:', 'mailto:'].includes(scheme)) found.push(one.name + '=' + one.value.slice(0, 80));
      } catch { /* no address at all */ }
    }
  }
  return found;
}"""


@dataclass
class Opened:
    """What a browser met."""

    pages: int = 0
    faults: list[str] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that turns to another page hangs up on what it had asked for."""


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

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self.rule = f"MAP {HOST}:80 127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Shelf:
    """A server on loopback with what was printed and our own static files; Chromium takes it for the site."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                kind, body = shelf.answer(self.path)
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(body)))
                if self.path.startswith("/static/"):
                    self.send_header("Cache-Control", "max-age=3600")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.rule = f"MAP testserver:80 127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> tuple[str, bytes]:
        if path in self.pages:
            return self.pages[path]
        if path.startswith("/static/"):
            from django.contrib.staticfiles import finders

            found = finders.find(path.removeprefix("/static/").partition("?")[0])
            if isinstance(found, str):
                return mimetypes.guess_type(found)[0] or "text/plain", Path(found).read_bytes()
        return "", b""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Window:
    """A Chromium that stays open. `lenient`: without our Content-Security-Policy."""

    def __init__(
        self, base: str, flags: Iterable[str] = (), cookies: Sequence[dict[str, str]] = (), *, lenient: bool = True
    ) -> None:
        from playwright.sync_api import sync_playwright

        self.opened = Opened()
        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*FLAGS, *flags]
        )
        context = self._chromium.new_context(base_url=base, bypass_csp=lenient)
        if cookies:
            context.add_cookies([*cookies])  # type: ignore[list-item]
        self._page = page = context.new_page()
        here = urlsplit(base).netloc
        faults = self.opened.faults

        def asked(request: Any) -> None:
            if urlsplit(request.url).netloc != here and not request.url.startswith("data:image/"):
                faults.append(f"{page.url}: asked for {request.url[:120]}")

        page.on("request", asked)
        page.on("dialog", lambda dialog: (faults.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
        context.on("page", lambda other: faults.append(f"{page.url}: opened a window") if other != page else None)

    def open(self, paths: Iterable[str]) -> None:
        """Open each address of the site, stir it, and judge what Chromium made of it."""
        for path in paths:
            self._page.goto(path, wait_until="load")
            self.opened.faults += [f"{path}: {found}" for found in self._page.evaluate(STIR)]
            self.opened.pages += 1

    def close(self) -> None:
        self._chromium.close()
        self._playwright.stop()


def visit(base: str, paths: Iterable[str], cookies: Sequence[dict[str, str]] = (), *, lenient: bool = True) -> Opened:
    """Open each address of the site at `base`, once."""
    window = Window(base, cookies=cookies, lenient=lenient)
    try:
        window.open(paths)
    finally:
        window.close()
    return window.opened
