"""A short name of the browser and the system that a login came from, for people who look for one that is not theirs.

It is what the browser claims, and no proof: nothing is decided by it. Only words of ours come out, whatever was sent.
"""

from __future__ import annotations

import re

# The first that is found counts: nearly all claim to be Mozilla, Chrome and Safari besides.
_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OP[RTX]/|Opera[/ ]"),
    ("Vivaldi", r"Vivaldi/"),
    ("Yandex Browser", r"YaBrowser/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("UC Browser", r"UC ?Browser/|UCWEB"),
    ("DuckDuckGo", r"(?:Ddg|DuckDuckGo)/"),
    ("Firefox", r"(?:Firefox|FxiOS|Focus)/"),
    ("Chrome", r"(?:Chrome|Chromium|CriOS|HeadlessChrome)/"),
    ("Safari", r"Version/[\d.]+ .*Safari/|^Mozilla/.*\(iP(?:hone|ad|od).*AppleWebKit/"),
    ("Internet Explorer", r"MSIE |Trident/"),
    ("a text browser", r"^(?:Lynx|w3m|E?Links)\b"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone|iPod"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("ChromeOS", r"CrOS"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("BSD", r"(?:Free|Open|Net)BSD"),
    ("Linux", r"Linux|X11"),
)
_KNOWN_BROWSERS = tuple((name, re.compile(pattern)) for name, pattern in _BROWSERS)
_KNOWN_SYSTEMS = tuple((name, re.compile(pattern)) for name, pattern in _SYSTEMS)
LONGEST = 200


def named(agent: str) -> str:
    """A User-Agent in words, as in "Firefox on Windows"."""
    text = agent[:LONGEST]
    if not text.strip():
        return "A browser that does not say its name"
    browser = next((name for name, pattern in _KNOWN_BROWSERS if pattern.search(text)), "")
    system = next((name for name, pattern in _KNOWN_SYSTEMS if pattern.search(text)), "")
    if not browser:
        return f"An unknown program on {system}" if system else "An unknown program"
    words = f"{browser} on {system}" if system else browser
    return words[:1].upper() + words[1:]
