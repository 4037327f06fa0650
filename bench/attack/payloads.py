"""What is tried: our own list, the corpora where they are at hand, each escaped up to three times."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CANARY = "CANARY"
"""Stands in our own payloads for an address that must never be asked."""

OWN = [
    "<script>alert(1)</script>",
    '"><script src=CANARY/a.js></script>',
    "'><img src=x onerror=alert(1)>",
    "<img src=CANARY/pixel.gif>",
    "<img srcset='CANARY/one.gif 1x, CANARY/two.gif 2x'>",
    "<picture><source srcset=CANARY/s.gif><img src=CANARY/i.gif onload=alert(1)></picture>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='javascript:alert(1)'>a report</a>",
    "<a href=' java\tscr\nipt:alert(1)'>a report</a>",
    "<a href='&#106;avascript:alert(1)'>a report</a>",
    "<a href='javascript&colon;alert(1)'>a report</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>a report</a>",
    "<a href='vbscript:msgbox(1)'>a report</a>",
    "<a href='https://example.org' ping='CANARY/ping' onclick=alert(1)>a report</a>",
    "<iframe src=CANARY/frame srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=CANARY/o></object><embed src=CANARY/e>",
    "<base href=CANARY/>",
    "<meta http-equiv=refresh content='0;url=CANARY/meta'>",
    "<link rel=stylesheet href=CANARY/s.css>",
    "<style>@import 'CANARY/i.css'; body{background:url(CANARY/b.gif)}</style>",
    "<p style='background:url(CANARY/p.gif);position:fixed;inset:0'>over everything</p>",
    "<body onload=alert(1) background=CANARY/bg.gif>",
    "<table background=CANARY/t.gif><tr><td>x</table>",
    "<video poster=CANARY/p.gif src=CANARY/v.mp4 autoplay onplay=alert(1)></video>",
    "<audio src=CANARY/a.mp3 autoplay></audio>",
    "<details open ontoggle=alert(1)><summary>more</summary></details>",
    "<input autofocus onfocus=alert(1)><button formaction=javascript:alert(1)>Go</button>",
    "<form action=CANARY/steal><input name=password><button>Log in</button></form>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style></script><script>alert(1)</script>",
    '{"@context":"x"}</script><script>alert(1)</script>',
    "<?xml-stylesheet href='CANARY/x.xsl'?><x/>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "\"';alert(1);//",
    "${alert(1)}{{constructor.constructor('alert(1)')()}}{% load x %}<%= 1 %>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<img/src='x'/onerror\x0b=alert(1)>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\u202e<b>\u2066txt.exe\u2028\u2029",
    "<" * 300 + "script>alert(1)//",
    "\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "' OR 1=1; DROP TABLE articles_article; --",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "<a hx-get=CANARY/hx hx-trigger=load data-hx-get=CANARY/hx hx-on:load=alert(1)>x</a>",
    "<marquee onstart=alert(1)>x</marquee><blink>",
    "<isindex action=javascript:alert(1) type=image>",
    "<portal src=CANARY/portal></portal><frameset><frame src=CANARY/f>",
    "<select><noembed></select><script x='a@b'a>alert(1)</script>",
]


def corpora(folder: Path) -> list[str]:
    """Every payload of the sets of attacks in a folder (DESIGN: `corpora/xss`, `corpora/dompurify`), once each."""
    found: dict[str, None] = {}
    for path in sorted([*folder.glob("xss/*.json"), *folder.glob("dompurify/*.json")]):
        for text in _texts(json.loads(path.read_text(encoding="utf-8"))):
            found[text] = None
    return list(found)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from _texts(data.get("payload", data.get("strings", [])))
    elif isinstance(data, list):
        for item in data:
            yield from _texts(item)


def escaped(text: str, times: int) -> str:
    """A text with its markup escaped so many times."""
    for _ in range(times):
        text = html.escape(text)
    return text
