"""A cleaned article written out again as HTML, as an outlet would: what a second cleaning is given."""

from __future__ import annotations

from html import escape

from masthead.core.types import Block, CleanArticle


def rendered(article: CleanArticle) -> str:
    """The text of an article as HTML, a standfirst that was its first paragraph included."""
    parts = []
    if article.lead_image is not None and article.provenance["lead_image"].origin == "body:first-figure":
        parts.append(block_html(Block(type="figure", image=article.lead_image)))
    if article.provenance["standfirst"].origin == "text:first-paragraph":
        parts.append(f"<p>{escape(article.standfirst, quote=False)}</p>")
    return "".join(parts + [block_html(block) for block in article.body])


def block_html(block: Block) -> str:
    """One block."""
    if block.type == "heading":
        return f"<h{block.level}>{block.html}</h{block.level}>"
    if block.type == "quote":
        cite = f"<cite>{escape(block.cite)}</cite>" if block.cite else ""
        return f"<blockquote>{block.html}{cite}</blockquote>"
    if block.type in ("list", "table"):
        return block.html
    if block.type == "figure" and block.image is not None:
        image = block.image
        size = f' width="{image.width}" height="{image.height}"' if image.width and image.height else ""
        caption = f"<figcaption>{escape(image.caption)}</figcaption>" if image.caption else ""
        picture = f'<img src="{escape(image.src)}" alt="{escape(image.alt)}"{size}>'
        return f"<figure>{picture}{caption}</figure>"
    if block.type == "embed":
        return f'<iframe src="{escape(block.url)}" title="{escape(block.title)}"></iframe>'
    if block.type == "code":
        return f"<pre>{block.html}</pre>"
    return "<hr>" if block.type == "rule" else f"<p>{block.html}</p>"
