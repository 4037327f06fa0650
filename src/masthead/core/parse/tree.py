"""Text to a tree: strictly where the document is well-formed, else mended, else loosely. Says what it took."""

from __future__ import annotations

import re

from lxml import etree

from masthead.core.parse.loose import read_loosely
from masthead.core.parse.mend import mend, without_prolog
from masthead.core.parse.names import local

# References to C1 controls: well-formed, and never what was meant; they are mended to windows-1252 characters.
# So are these controls themselves, where they are not part of letters that were read in the wrong encoding.
_MEANT_WINDOWS = re.compile(r"&#(?:0*1(?:2[89]|[345]\d)|[xX]0*[89][0-9a-fA-F]);|[\x80-\x84\x86-\x9f]")


# What a document in plain UTF-8 may begin with; a declaration, white space and instructions, but nothing with "<!".
_PLAIN_START = re.compile(rb"\s*(?:<\?[^<>]*\?>\s*)*<[A-Za-z_]")
_UNLIKELY = re.compile(rb"&#(?:0*1(?:2[89]|[345]\d)|[xX]0*[89][0-9a-fA-F]);")
_C1 = re.compile(rb"\xc2[\x80-\x9f]")


def read_tree_at_once(body: bytes) -> etree._Element | None:
    """The document element of bytes that are well-formed XML in UTF-8, without a DOCTYPE; None for all others.

    For these `decode` and `read_tree` give the same tree and no warning; they take several times as long. The caller
    has made sure that no label says another encoding than UTF-8.
    """
    if _PLAIN_START.match(body) is None or _UNLIKELY.search(body) or (not body.isascii() and _C1.search(body)):
        return None
    try:
        return etree.fromstring(body.lstrip(), _parser())
    except (etree.XMLSyntaxError, ValueError):
        return None


def read_tree(text: str) -> tuple[etree._Element | None, list[str]]:
    """The document element (None when there is none) and warnings in words. Opens nothing, expands nothing."""
    text, entities, warnings = without_prolog(text)
    if not text.startswith("<"):
        return None, warnings
    root = None if entities or _MEANT_WINDOWS.search(text) else _strictly(text)
    if root is not None and text.count("<![CDATA[") <= text.count("]]>"):
        return root, warnings
    mended, more = mend(text, entities)
    warnings += more
    root = _with_sections_closed(_strictly(mended), mended, warnings)
    if root is None:
        root = read_loosely(mended)
        warnings.append(f"the document is not well-formed ({_fault(mended)}); what could be read was kept")
    return root, warnings


def _with_sections_closed(root: etree._Element | None, text: str, warnings: list[str]) -> etree._Element | None:
    """A well-formed tree, or the loose one where a section marked CDATA, never closed, has swallowed items."""
    if root is None or text.count("<![CDATA[") <= text.count("]]>"):
        return root
    loose = read_loosely(text)
    if loose is None or _items(loose) <= _items(root):
        return root
    warnings.append("a section marked CDATA is not closed; it was taken to end with its element")
    return loose


def _items(root: etree._Element) -> int:
    return sum(local(str(element.tag)).lower() in ("item", "entry") for element in root.iter(etree.Element))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _strictly(text: str) -> etree._Element | None:
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), _parser())
    except (etree.XMLSyntaxError, ValueError):
        return None


def _fault(text: str) -> str:
    """What the strict parser says is wrong, with the line."""
    try:
        etree.fromstring(text.encode("utf-8", "replace"), _parser())
    except etree.XMLSyntaxError as error:
        return str(error.msg or error).rpartition(" (<")[0] or str(error)
    except ValueError as error:
        return str(error)
    return "unknown"
