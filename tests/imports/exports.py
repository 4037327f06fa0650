"""Invented exports of an invented site, put together from items."""

from __future__ import annotations

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The Lantern Post</title><link>https://lantern.example</link><description>News of the estuary</description>
<language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://lantern.example</wp:base_site_url><wp:base_blog_url>https://lantern.example</wp:base_blog_url>
<wp:author><wp:author_id>2</wp:author_id><wp:author_login><![CDATA[mokafor]]></wp:author_login>
<wp:author_display_name><![CDATA[Miriam Okafor]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel></rss>\n"
TEXT = """The harbour board of Estwick voted on Monday to dredge the outer channel before the winter storms arrive.

Work begins in March, the chairwoman said, and will cost four million crowns over two years.
Fishermen had asked for it since the spring."""


def item(number: int, **given: str) -> str:
    """One item. `content`, `status`, `type`, `date`, `pub`, `slug`, `title`, `password`, `extra`, ... may be given."""
    slug = given.get("slug", f"report-{number}")
    status = given.get("status", "publish")
    date = given.get("date", f"2019-05-{number % 28 + 1:02d} 08:30:00")
    link = given.get("link", f"https://lantern.example/2019/05/{slug}/")
    return f"""<item><title>{given.get("title", f"Estwick dredges its channel, part {number}")}</title>
<link>{link}</link><pubDate>{given.get("pub", "Wed, 01 May 2019 08:30:00 +0000")}</pubDate>
<dc:creator><![CDATA[mokafor]]></dc:creator>
<guid isPermaLink="false">https://lantern.example/?p={number}</guid><description></description>
<content:encoded><![CDATA[{given.get("content", f"{TEXT} This is part {number}.")}]]></content:encoded>
<excerpt:encoded><![CDATA[{given.get("excerpt", "")}]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date><![CDATA[{date}]]></wp:post_date>
<wp:post_date_gmt><![CDATA[{given.get("gmt", date)}]]></wp:post_date_gmt>
<wp:post_name><![CDATA[{slug}]]></wp:post_name><wp:status><![CDATA[{status}]]></wp:status>
<wp:post_parent>{given.get("parent", "0")}</wp:post_parent>
<wp:post_type><![CDATA[{given.get("type", "post")}]]></wp:post_type>
<wp:post_password><![CDATA[{given.get("password", "")}]]></wp:post_password>
{given.get("extra", "")}</item>
"""


def attachment(number: int, file: str, alt: str = "", caption: str = "", parent: int = 0) -> str:
    url = f"<wp:attachment_url><![CDATA[https://lantern.example/wp-content/uploads/{file}]]></wp:attachment_url>"
    return item(
        number,
        type="attachment",
        status="inherit",
        title=file,
        excerpt=caption,
        parent=str(parent),
        extra=url + meta("_wp_attachment_image_alt", alt),
    )


def meta(key: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


def comment(number: int) -> str:
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author><![CDATA[Reader]]></wp:comment_author>"
        f"<wp:comment_author_IP>203.0.113.9</wp:comment_author_IP>"
        f"<wp:comment_content><![CDATA[I </item> disagree.]]></wp:comment_content></wp:comment>"
    )


def export(*items: str, head: str = HEAD, tail: str = TAIL) -> bytes:
    return f"{head}{''.join(items)}{tail}".encode()
