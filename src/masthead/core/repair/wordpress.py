"""Text as WordPress stores it: blank lines part paragraphs, shortcodes stand for figures and embeds.

Follows what WordPress itself shows for it: `wpautop`, `[caption]`, `[gallery]`, `[embed]`, addresses on lines of their
own. A shortcode of some plugin means nothing here; it goes, and what it encloses stays. Bracketed words of prose
("[sic]", "[1]") are no shortcodes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from masthead.core.characters import words
from masthead.core.repair.draft import Draft
from masthead.core.repair.links import is_short_link
from masthead.core.repair.vocabulary import FROM

_KEPT = re.compile(r"<(pre|code|script|style|textarea)\b(?:(?!<\1\b).)*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_NAME = r"[A-Za-z][\w-]{0,60}"
_ATTRIBUTE = (
    r"(?:\s+[\w-]+\s*=\s*(?:\"[^\"\[\]]*\"|'[^'\[\]]*'|[^\s\[\]\"']+)|\s+\"[^\"\[\]]*\"|\s+https?://[^\s\[\]]+"
    r"|\s+\d+(?=[\s\]/]))"
)
_TAG = re.compile(
    rf"(?<!\[)\[(?P<close>/)?(?P<name>{_NAME})(?P<rest>=https?://[^\s\[\]]+|{_ATTRIBUTE}{{0,40}})\s*/?\](?!\])"
)
_ESCAPED = re.compile(rf"\[(\[/?{_NAME}[^\[\]]*\])\]")
_CAPTION = re.compile(
    r"\[(?P<name>caption|wp_caption)\b(?P<rest>[^\[\]]{0,2000})\](?P<inner>(?:(?!\[(?:wp_)?caption\b).)*?)\[/(?P=name)\]",
    re.IGNORECASE | re.DOTALL,
)
_EMBED = re.compile(r"\[embed\b[^\[\]]{0,2000}\]\s*(https?://[^\s\[\]<>]+)\s*\[/embed\]", re.IGNORECASE)
_GALLERY = re.compile(r"\[gallery\b([^\[\]]{0,5000})\](?:\s*\[/gallery\])?", re.IGNORECASE)
_IDS = re.compile(r"(?:ids|include)\s*=\s*[\"']?([\d\s,]+)", re.IGNORECASE)
_PICTURE = re.compile(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)\s*(.*)\Z", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"https?://[^\s\"'<>\]]+")
_LONE_ADDRESS = re.compile(r"^[ \t]*(https?://[^\s<>\"\[\]]+)[ \t]*$", re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"<!--\s*(/?)wp:([\w/-]+)(?:\s+\{(?:(?!<!--).)*?\})?\s*(/?)-->", re.DOTALL)
_MARK = re.compile(r"<!--(?:more|nextpage|noteaser)\b(?:(?!<!--).)*?-->", re.IGNORECASE | re.DOTALL)
_BLOCKS = (
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5"
    " h6 header hr iframe li main nav ol p pre section summary table tbody td tfoot th thead tr ul video audio object"
)
_BLOCK = re.compile(rf"(<(/?)({'|'.join(_BLOCKS.split())})\b[^<>]*>)", re.IGNORECASE)
_VOID = words("hr p")
_BLANK = re.compile(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*)+")
# Shortcodes of WordPress itself that stand without attributes.
_CORE = words("gallery caption wp_caption embed audio video playlist contact_form")


def has_blocks(text: str) -> bool:
    """Whether the block editor wrote it, so that its paragraphs are marked as such."""
    return "<!-- wp:" in text


def html_of(text: str, pictures: Mapping[str, Mapping[str, str]], draft: Draft) -> str:
    """`text` as HTML. `pictures`: {"12": {"url", "alt", "caption"}}, those that galleries name. Never raises.

    Repairs recorded: "shortcode" for each that became something else, "lost-shortcode" for each that went.
    """
    if not text.strip():
        return text
    blocks = has_blocks(text)
    kept: list[str] = []

    def keep(found: re.Match[str], text: str = "") -> str:
        kept.append(text or found[0])
        return f"\x00{len(kept) - 1}\x00"

    text = _KEPT.sub(keep, text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n"))
    # As a reference: what is written here to be read is no residue for the repairs that follow.
    text = _ESCAPED.sub(lambda found: keep(found, f"&#91;{found[1][1:]}"), text)
    text = _dynamic_blocks(text, draft)
    text = _MARK.sub("", text)
    text = _CAPTION.sub(lambda found: _caption(found, draft), text)
    text = _EMBED.sub(lambda found: _frame(found[1]), text)
    text = _GALLERY.sub(lambda found: _gallery(found, pictures, draft), text)
    text = _LONE_ADDRESS.sub(lambda found: _lone(found, text), text)
    text = _without_others(text, draft)
    if not blocks:
        text = _paragraphs(text)
    return re.sub("\x00(\\d+)\x00", lambda found: kept[int(found[1])], text)


def _dynamic_blocks(text: str, draft: Draft) -> str:
    def one(found: re.Match[str]) -> str:
        if found[3] and not found[1] and found[2] not in ("more", "nextpage", "separator", "spacer"):
            _lost(found[0], draft)
        return ""

    return _BLOCK_COMMENT.sub(one, text)


def _caption(found: re.Match[str], draft: Draft) -> str:
    parts = _PICTURE.match(found["inner"])
    attribute = re.search(r"\bcaption\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", found["rest"])
    if parts is None:
        return found["inner"]
    caption = parts[2].strip() or ((attribute[1] or attribute[2] or "") if attribute else "")
    figure = f"<figure>{parts[1]}<figcaption>{caption}</figcaption></figure>"
    draft.mend("shortcode", "body", found[0], figure, "A placeholder for a picture with its caption became a figure.")
    return f"\n\n{figure}\n\n"


def _gallery(found: re.Match[str], pictures: Mapping[str, Mapping[str, str]], draft: Draft) -> str:
    named = _IDS.search(found[1])
    numbers = re.findall(r"\d+", named[1]) if named else list(pictures)
    held = [pictures[number] for number in numbers if number in pictures]
    if len(held) < len(numbers) or not held:
        draft.warn("A gallery names pictures that the archive does not hold.")
    if not held:
        _lost(found[0], draft)
        return ""
    figures = "".join(
        f'<figure><img src="{escape(picture.get("url", ""))}" alt="{escape(picture.get("alt", ""))}">'
        f"<figcaption>{escape(picture.get('caption', ''), quote=False)}</figcaption></figure>"
        for picture in held
    )
    draft.mend("shortcode", "body", found[0], figures, "A placeholder for a gallery became its pictures.")
    return f"\n\n{figures}\n\n"


def _frame(url: str) -> str:
    return f'\n\n<iframe src="{escape(url)}"></iframe>\n\n'


def _lone(found: re.Match[str], text: str) -> str:
    """An address on a line of its own is an embed; one above a line "from ..." is what a posting service left."""
    following = text[found.end() : found.end() + 500].lstrip().split("\n", 1)[0].strip()
    if is_short_link(found[1]) or FROM.match(following):
        return found[0]
    return _frame(found[1])


def _without_others(text: str, draft: Draft) -> str:
    """Without the shortcodes of plugins. Tags that enclose something go, what they enclose stays."""
    closed = {found["name"].lower() for found in _TAG.finditer(text) if found["close"]}

    def one(found: re.Match[str]) -> str:
        name, rest = found["name"], found["rest"]
        alone = _is_alone(text, found)
        plain = not rest.strip() and name.lower() not in closed and name.lower() not in _CORE
        if plain and not (alone and re.search(r"[_-]", name) and name == name.lower()):
            return found[0]
        address = _ADDRESS.search(rest)
        if address and name.lower() not in closed:
            embed = _frame(address[0])
            draft.mend(
                "shortcode", "body", found[0], address[0], "A placeholder for a film or post became a link to it."
            )
            return embed
        if not found["close"]:
            _lost(found[0], draft)
        return ""

    return _TAG.sub(one, text)


def _is_alone(text: str, found: re.Match[str]) -> bool:
    before = text[max(text.rfind("\n", 0, found.start()), found.start() - 100, 0) : found.start()]
    after = text[found.end() : found.end() + 100].partition("\n")[0]
    return not before.strip() and not after.strip()


def _lost(what: str, draft: Draft) -> None:
    draft.mend(
        "lost-shortcode",
        "body",
        what,
        "",
        "A placeholder that only the old site's program could fill was taken out; what it stood for is not here.",
    )


def _paragraphs(text: str) -> str:
    """Blank lines part paragraphs, other line ends break lines; next to the tags of blocks they mean nothing."""
    parts: list[str] = []
    depth = 0
    pieces = _BLOCK.split(text)
    for index in range(0, len(pieces), 4):
        parts.append(_flow(pieces[index], depth))
        if index + 3 < len(pieces):
            tag, closing, name = pieces[index + 1], pieces[index + 2], pieces[index + 3].lower()
            parts.append(tag)
            if name not in _VOID and not tag.endswith("/>"):
                depth = max(0, depth + (-1 if closing else 1))
            elif name == "p":
                depth = max(0, depth - 1) if closing else depth + 1
    return "".join(parts)


def _flow(text: str, depth: int) -> str:
    text = text.strip("\n")
    if not text.strip():
        return text
    lines = [part.strip("\n") for part in _BLANK.split(text)]
    if depth:
        return "<br><br>".join(line.replace("\n", "<br>") for line in lines)
    return "\n".join(f"<p>{line.replace(chr(10), '<br>')}</p>" for line in lines if line.strip())
