"""What RSS and Atom share: namespaces, elements whose text cannot break the document, pictures."""

from __future__ import annotations

from lxml import etree

from masthead.pages import addresses
from masthead.pages.types import Picture
from masthead.site.outlets.text import one_line, xml_text

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """A new last child of `parent`; characters that XML does not allow are left out of its text and attributes."""
    child = etree.SubElement(parent, name, {key: xml_text(value) for key, value in attributes.items()})
    if text is not None:
        child.text = xml_text(text)
    return child


def media(entry: etree._Element, picture: Picture | None) -> None:
    """The picture of an item (Media RSS). Our own drawings are decoration and stay away."""
    if picture is None or picture.drawn:
        return
    kind = next((file.type for file in picture.files if file.path == picture.src), "image/jpeg")
    content = add(
        entry,
        f"{{{MEDIA}}}content",
        url=addresses.absolute(picture.src),
        type=kind,
        medium="image",
        width=str(picture.width),
        height=str(picture.height),
    )
    if text := one_line(picture.caption or picture.alt):
        add(content, f"{{{MEDIA}}}description", text, type="plain")
    if credit := one_line(picture.credit):
        add(content, f"{{{MEDIA}}}credit", credit)


def serialise(root: etree._Element) -> bytes:
    """The document as UTF-8 with an XML declaration."""
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
