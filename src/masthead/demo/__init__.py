"""The sample newsroom: invented publishers over loopback HTTP, so that newcomers and tests see the true path.

`publishers.start()` runs it in a thread; `subscribe(handle)` makes a site read it. Everything in it is invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from masthead.demo.publishers import Handle


def subscribe(handle: Handle) -> int:
    """Make this site read a running newsroom: sections, sources, feeds. Returns how many feeds are new."""
    from masthead.demo.subscriptions import subscribe_all

    return subscribe_all(handle.newsroom)
