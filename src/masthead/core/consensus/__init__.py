"""What the reports of one event bear out of each other: headline, sentences, names, figures, quotations, who was first.

Nothing is written here: every word that comes out stands in a report, and each carries the reports it was taken from.
A publisher is one witness however often it reports; copies of a report are no witnesses and are left out by the
caller. What is shown comes from what may be shown (`Report.text`); the whole text only holds claims back.
"""

from masthead.core.consensus.figures import Contest, Figure, contested, figures, shared
from masthead.core.consensus.first import Dated, First, first
from masthead.core.consensus.headline import apart, headline
from masthead.core.consensus.names import Named, named
from masthead.core.consensus.reading import Reading, Report, read
from masthead.core.consensus.said import Said, gather
from masthead.core.consensus.summary import Sentence, summary

__all__ = [
    "Contest", "Dated", "Figure", "First", "Named", "Reading", "Report", "Said", "Sentence", "apart", "contested",
    "figures", "first", "gather", "headline", "named", "read", "shared", "summary",
]  # fmt: skip
