"""Real feeds through the whole house: served over loopback, polled, cleaned, published, and every page visited once.

    python bench/real_feeds.py --corpora DIR [--limit N] [--seconds S]

Prints one JSON object; what is wrong is named on stderr. Exit status 1 when a feed that feedparser reads was refused, a
page failed, a link was relative, or markup was visible.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import feedparser
import lxml.html

from feeds import real_feeds
from masthead.core.parse import NotAFeed, parse_feed

_MAX_SHOWN = 25
_TAG = re.compile(r"</?(?:p|div|span|img|a|br|strong|em|figcaption|figure|b|i)(?:\s[^<>]*)?/?>")


class Publishers(BaseHTTPRequestHandler):
    """Answers each invented host with its feed, everything else with 404."""

    feeds: dict[str, bytes] = {}
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.feeds.get((self.headers.get("Host") or "").partition(":")[0]) if self.path == "/feed" else None
        self.send_response(200 if body is not None else 404)
        self.send_header(
            "Content-Type", "application/json" if (body or b"").lstrip()[:1] == b"{" else "application/xml"
        )
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: Any) -> None:
        return


def serve(feeds: list[tuple[str, bytes]]) -> tuple[ThreadingHTTPServer, list[str]]:
    """The server, running, and the address of each feed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publishers)
    hosts = [f"paper{number}.localhost" for number in range(len(feeds))]
    Publishers.feeds = {host: body for host, (_, body) in zip(hosts, feeds, strict=True)}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, [f"http://{host}:{server.server_port}/feed" for host in hosts]


def peer_reads(body: bytes) -> bool:
    return bool(feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries)


class Visit:
    """Walks the public pages once, through Django as a reader would meet them."""

    def __init__(self, base: str) -> None:
        from django.test import Client

        self._client = Client(raise_request_exception=False, headers={"host": urlsplit(base).netloc})
        self._base = base
        self.pages = 0
        self.faults: Counter[str] = Counter()
        self.shown: list[str] = []

    def fault(self, kind: str, words: str) -> None:
        self.faults[kind] += 1
        if self.faults[kind] <= _MAX_SHOWN:
            self.shown.append(f"{kind}: {words}")

    def walk(self, starts: list[str], deadline: float) -> bool:
        """Visit everything reachable; False when the time was up before the end."""
        waiting, seen = list(starts), set(starts)
        while waiting:
            if time.monotonic() > deadline:
                return False
            path = waiting.pop(0)
            for link in self._page(path):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)
        return True

    def _page(self, path: str) -> list[str]:
        self.pages += 1
        try:
            answer = self._client.get(path)
        except Exception as error:  # the error page failed as well: the worst a page can do
            self.fault("page not 200", f"{path} {type(error).__name__}: {error}")
            return []
        if answer.status_code in (301, 302, 307, 308):
            target = answer.headers["Location"]
            return [target] if target.startswith("/") else []
        if answer.status_code != 200:
            self.fault("page not 200", f"{path} {answer.status_code}")
            return []
        kind = answer.headers.get("Content-Type", "")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        if "html" in kind:
            return self._html(path, body)
        if path.startswith("/sitemap") or "sitemap" in path:
            locations = lxml.html.fromstring(body).xpath("//loc/text()") if body.strip() else []
            return [self._inside(str(url)) for url in locations if self._inside(str(url))]
        return []

    def _inside(self, url: str) -> str:
        """The path of an address on our own site, "" for others."""
        found = urlsplit(urldefrag(url)[0])
        own = urlsplit(self._base)
        if found.netloc and found.netloc != own.netloc:
            return ""
        return found.path + (f"?{found.query}" if found.query else "")

    def _html(self, path: str, body: bytes) -> list[str]:
        tree = lxml.html.document_fromstring(body)
        for article in tree.xpath("//article|//main"):
            self._prose(path, article)
        for image in tree.xpath("//img[@src]"):
            self._image(path, str(image.get("src")))
        links = []
        for anchor in tree.xpath("//a[@href]"):
            href = str(anchor.get("href"))
            if href.startswith(("mailto:", "#")):
                continue
            if not href.startswith(("/", "?", "http://", "https://")):
                self.fault("relative link", f"{path} {href[:100]}")
            inside = self._inside(urljoin(path, href))
            if inside and not inside.startswith(("/desk", "/admin", "/accounts")):
                links.append(inside)
        return links

    def _prose(self, path: str, article: Any) -> None:
        # What was mended is quoted in its fold-out, and code is meant to be read.
        quoted = article.xpath(".//details[contains(@class, 'repairs')]|.//pre|.//code|.//kbd|.//samp")
        told = Counter(tag for part in quoted for tag in _TAG.findall(part.text_content()))
        for found in (Counter(_TAG.findall(article.text_content())) - told).elements():
            self.fault("visible markup", f"{path} {found[:80]}")

    def _image(self, path: str, src: str) -> None:
        if src.startswith(("http://", "https://")) and not self._inside(src):
            self.fault("foreign image", f"{path} {src[:100]}")
        elif not src.startswith("data:") and self._client.get(urljoin(path, src)).status_code != 200:
            self.fault("missing image", f"{path} {src[:100]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--limit", type=int, default=0, help="only so many feeds (0: all)")
    parser.add_argument("--seconds", type=float, default=1800, help="longest time for the pipeline, and for the visit")
    options = parser.parse_args()
    feeds = real_feeds(options.corpora)[: options.limit or None]
    base = "http://news.localhost:8000"
    with tempfile.TemporaryDirectory(prefix="masthead-real-") as home:
        os.environ |= {
            "MASTHEAD_HOME": home,
            "MASTHEAD_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            "MASTHEAD_HOST_GAP": "0",
        }
        os.environ |= {"MASTHEAD_BASE_URL": base, "DJANGO_SETTINGS_MODULE": "masthead.settings"}
        raise SystemExit(run(feeds, base, options.seconds))


def run(feeds: list[tuple[str, bytes]], base: str, seconds: float) -> int:
    """The whole way with a fresh home; returns the exit status."""
    from masthead.serve import home, statics

    statics.collect(home.open_site().home)
    # A page that fails is reported below, once, not with its stack.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    from masthead.feeds.models import Source
    from masthead.feeds.subscribe import Wish, subscribe
    from masthead.pipeline import run_until_idle

    started = time.monotonic()
    server, urls = serve(feeds)
    names = {url: name for url, (name, _) in zip(urls, feeds, strict=True)}
    for url in urls:
        subscribe(Wish(url, policy="full", full_text="off"))
    # The pages and pictures behind the items are not in the corpora, and nothing outside is asked for them.
    Source.objects.update(show_images=False)
    result = run_until_idle(timeout=seconds)
    report: dict[str, Any] = {
        "feeds": len(feeds),
        **_read(feeds, urls, names),
        "at rest": result.idle,
        "steps": result.done,
    }
    report["rows failed"] = {step: count for step, count in result.failed.items() if count}
    report["step errors"] = result.errors
    report["pipeline seconds"] = round(time.monotonic() - started, 1)
    visit = Visit(base)
    report["all visited"] = visit.walk(["/", "/sitemap.xml"], time.monotonic() + seconds)
    server.shutdown()
    report |= {"pages": visit.pages, "faults": dict(visit.faults), "seconds": round(time.monotonic() - started, 1)}
    report["peak memory MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for line in visit.shown:
        print(line, file=sys.stderr)
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 1 if report["refused, though feedparser reads it"] or visit.faults else 0


def _read(feeds: list[tuple[str, bytes]], urls: list[str], names: dict[str, str]) -> dict[str, Any]:
    """What became of each feed: read, refused with its reason, or not fetched."""
    from masthead.articles.models import Article
    from masthead.entries.models import Entry
    from masthead.feeds.models import Fetch

    reasons: dict[str, str] = {}
    fetched = set()
    for fetch in Fetch.objects.select_related("feed").order_by("pk"):
        fetched.add(fetch.feed.url)
        if fetch.ingest_error:
            reasons[fetch.feed.url] = fetch.ingest_error
    bodies = dict(zip(urls, (body for _, body in feeds), strict=True))
    wronged = [names[url] for url in urls if (url in reasons or url not in fetched) and peer_reads(bodies[url])]
    return {
        "read": sum(1 for url in urls if url in fetched and url not in reasons),
        "refused": {names.get(url, url): reason for url, reason in reasons.items()},
        "refused, though feedparser reads it": wronged,
        "items in the documents": sum(_items(body) for body in bodies.values()),
        "entries": Entry.objects.count(),
        "articles": Article.objects.count(),
    }


def _items(body: bytes) -> int:
    try:
        return len(parse_feed(body).entries)
    except NotAFeed:
        return 0


if __name__ == "__main__":
    main()
