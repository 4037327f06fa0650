"""What a language needs to say who said something: a record of word lists, one for each of the six languages.

The readers (`clauses.py`, `phrases.py`) know no language; everything they ask stands in a `Grammar`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from masthead.core.characters import words


@dataclass(frozen=True)
class Grammar:
    """Word lists of one language, in lower case unless said otherwise.

    `verbs`: finite verbs of speech; `men_verbs`, `women_verbs`: those whose form tells the gender.
    `participles`: forms without a subject of their own ("saying"). `helpers`: what may stand between subject and verb.
    `labels`: verbs before a name or title in marks ("called"). `according`: "according to", each as its words.
    `he`, `she`, `they`: subject pronouns; `his`, `her`: further words that tell the gender of who is spoken of.
    `titles`: before a name, not part of it; `role_ends`: how such words end. `men`, `women`: those that tell a gender.
    `articles`: what a noun phrase begins with. `of`: what may follow a subject before its verb. `ties`: what ties a
    noun to what belongs to it. `stops`: where a phrase ends; `stop_starts`: how such words begin. `linkers`: words
    inside names. `relatives`: "who". `objects`: words between verb and subject that are neither. `joins`: words that
    begin a clause. `not_names`: capitalised words that are no names (days, months, first words of sentences).

    `capitals`: the script has them. `capital_nouns`: every noun has one. `inverts`: the verb often stands before its
    subject. `inserts`: a clause may stand within the marks. `clitics`: "dit-il", "l'avocat". `any_verb`: beside a comma
    any verb after a name is one of speech.
    """

    language: str
    verbs: frozenset[str]
    participles: frozenset[str] = frozenset()
    helpers: frozenset[str] = frozenset()
    he: frozenset[str] = frozenset()
    she: frozenset[str] = frozenset()
    they: frozenset[str] = frozenset()
    his: frozenset[str] = frozenset()
    her: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    men: frozenset[str] = frozenset()
    women: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    ties: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()
    linkers: frozenset[str] = frozenset()
    according: tuple[tuple[str, ...], ...] = ()
    relatives: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    joins: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    not_names: frozenset[str] = frozenset()
    women_verbs: frozenset[str] = frozenset()
    men_verbs: frozenset[str] = frozenset()
    role_ends: tuple[str, ...] = ()
    stop_starts: tuple[str, ...] = ()
    capital_nouns: bool = False
    capitals: bool = True
    inverts: bool = False
    inserts: bool = False
    clitics: bool = False
    any_verb: bool = False
    pronouns: frozenset[str] = field(init=False)
    starts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        # Frozen, and these two follow from the others.
        object.__setattr__(self, "pronouns", self.he | self.she | self.they)
        object.__setattr__(self, "starts", self.pronouns | self.articles | self.titles)


LINKERS = words("de del la las los da di du des le van von der den zu al el bin ibn abu ben af av y e")


@cache
def grammar_of(language: str) -> Grammar:
    """The grammar of a language tag ("pt-BR" is Portuguese); one of all six languages together where there is none."""
    from masthead.core.quotes import languages

    return languages.GRAMMARS.get(language.lower().replace("_", "-").partition("-")[0], languages.ANY)
