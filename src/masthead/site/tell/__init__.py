"""What the machine knows, told to a reader in the language of the page.

`fields`: what a part of a report is called. `origins`: where a part was taken from, and what speaks for a date.
`repairs`: what was mended, and what could not be.
`reasons`: why a request is no reading. What has no words here yet is told in the engine's own English, and
marked as English; a test names everything that the engine can say and that has no words.
"""

from masthead.site.tell.fields import field, policy
from masthead.site.tell.origins import EvidenceTold, OriginTold, evidence, origin, origins
from masthead.site.tell.placing import reasons, section_found
from masthead.site.tell.repairs import Told, repair, warning
from masthead.site.tell.uncounted import reason

__all__ = [
    "EvidenceTold", "OriginTold", "Told", "evidence", "field", "origin", "origins", "policy", "reason", "reasons",
    "repair", "section_found", "warning",
]  # fmt: skip
