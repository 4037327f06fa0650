"""What a request says of who sends it: reasons not to count it as reading. Pure.

The list of crawlers, previews and monitors is that of the package `crawler-user-agents`, which is kept by many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import crawleruseragents

REASONS: Mapping[str, str] = {
    "error": "was answered with an error",
    "moved": "was sent on to the present address of the report, where it counts",
    "head": "asked for the head of the page alone",
    "method": "did not ask to read",
    "desk": "came from somebody who is logged in at the desk",
    "prerender": "was made ahead by a browser that may never show the page, to have it drawn already",
    "prefetch": "was made ahead by a browser that may never show the page",
    "range": "asked for a part of the page",
    "forged": "claimed to be passed on for somebody else by a machine that is no proxy of ours",
    "no-agent": "did not say which program it is",
    "crawler": "came from a crawler",
    "preview": "fetched a preview for a message or post",
    "monitor": "came from a service that watches whether the site is up",
    "program": "came from a program that is no browser",
    "repeat": "repeated the same reading within 30 seconds",
    "unknown": "named an article that is not there",
}
"""Every reason, in words that complete "This request ...". The first that fits is the one that is told."""

TELLING = (
    "HTTP_COOKIE", "HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ", "HTTP_RANGE", "masthead.forged",
)  # fmt: skip
"""Without any of these a GET that was answered well has no `header_reason`. Most requests of readers have none."""

_AHEAD = ("prefetch", "preview")
_BROWSER = re.compile(r"(?:Mozilla|Opera|Lynx|w3m|Links|ELinks|Dillo|NetSurf|UCWEB|BlackBerry|Nokia)", re.IGNORECASE)
_MONITOR = re.compile(r"kube-probe|GoogleHC|ELB-HealthChecker|Blackbox|Prometheus|Zabbix|HAProxy|Consul", re.IGNORECASE)


@lru_cache(maxsize=8192)
def agent_reason(agent: str) -> str:
    """Why requests of this User-Agent are not counted, "" when they are."""
    if not agent.strip():
        return "no-agent"
    if _MONITOR.search(agent):
        return "monitor"
    if crawleruseragents.is_crawler(agent):
        tags = _tags(agent)
        if "social-preview" in tags:
            return "preview"
        return "monitor" if "monitoring" in tags else "crawler"
    return "" if _BROWSER.match(agent) else "program"


def _tags(agent: str) -> set[str]:
    data: list[dict[str, Any]] = crawleruseragents.CRAWLER_USER_AGENTS_DATA
    return {tag for entry in data if re.search(entry["pattern"], agent) for tag in entry["tags"]}


def header_reason(environ: Mapping[str, Any], status: str, cookie: str) -> str:
    """Why a request that was answered with `status` ("200 OK") is not counted by all but its agent, "" when it may be.

    `cookie`: how the session cookie of the desk begins ("sessionid="). `masthead.forged` in the environ says that the
    request claimed to be passed on by a peer that is not trusted. Where browsers say that they fetch ahead: Sec-Purpose
    (Fetch standard), Purpose, X-Purpose, X-Moz. A 304 is a reading out of the reader's own cache, and counts.
    """
    if status[0] in "45":
        return "error"
    method = environ["REQUEST_METHOD"]
    if method != "GET":
        return "head" if method == "HEAD" else "method"
    if status[:3] in ("301", "308"):
        return "moved"
    if "HTTP_COOKIE" in environ and f"; {cookie}" in f"; {environ['HTTP_COOKIE']}":
        return "desk"
    for name in ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ"):
        if name in environ:
            ahead = environ[name].lower()
            if "prerender" in ahead:
                return "prerender"
            if any(word in ahead for word in _AHEAD):
                return "prefetch"
    if "HTTP_RANGE" in environ:
        return "range"
    return "forged" if "masthead.forged" in environ else ""
