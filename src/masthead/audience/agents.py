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
    "head": "asked for the head of the page alone",
    "desk": "came from somebody who is logged in at the desk",
    "prefetch": "was made ahead by a browser that may never show the page",
    "no-agent": "did not say which program it is",
    "crawler": "came from a crawler",
    "preview": "fetched a preview for a message or post",
    "monitor": "came from a service that watches whether the site is up",
    "program": "came from a program that is no browser",
    "repeat": "repeated the same reading within 30 seconds",
    "unknown": "named an article that is not there",
}
"""Every reason, in words that complete "This request ..."."""

_AHEAD = ("prefetch", "prerender", "preview")
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


def header_reason(method: str, ahead: str, logged_in: bool) -> str:
    """Why a request is not counted by its other headers, "" when it is.

    `ahead`: the values of Sec-Purpose (Fetch standard), Purpose, X-Purpose and X-Moz together.
    """
    if method == "HEAD":
        return "head"
    if logged_in:
        return "desk"
    if not ahead:
        return ""
    lowered = ahead.lower()
    return "prefetch" if any(word in lowered for word in _AHEAD) else ""
