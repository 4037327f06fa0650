"""The people of a text, learned from it: full names first, surnames later, and whether a text says "he" or "she"."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from masthead.core.quotes.grammar import Grammar
from masthead.core.quotes.model import Places, people_in
from masthead.core.quotes.phrases import Mention, gender, strip_titles
from masthead.core.quotes.tokens import Token, is_name, is_word, tokens

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽА-ЯЁІЇЄ"
_RUN = re.compile(
    rf"[{_UPPER}](?:[\w’'-]|\.(?=\w))*(?:\.?[ \u00a0](?:(?:de|del|la|von|van|der|al|el|bin|ibn|di|da|du|le|den) )*"
    rf"[{_UPPER}](?:[\w’'-]|\.(?=\w))*)*"
)
_MOST_PARTS = 5
_POSSESSIVE = re.compile(r"['’]s$")


class People:
    """Names met so far, in the order of the text. `learn` each paragraph once, then ask."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._full: dict[str, Counter[str]] = defaultdict(Counter)
        self._alone: set[str] = set()
        self._known: set[str] = set()  # who has a title or speaks
        self._maybe: set[str] = set()  # full names behind no article or preposition
        self._gender: dict[str, Counter[str]] = defaultdict(Counter)
        self._seen: dict[int, Places] = {}  # by the operator's model
        self._where: dict[int, list[tuple[int, str]]] = defaultdict(list)

    def learn(self, index: int, text: str) -> None:
        """Take in the names of paragraph `index`; quotations in `text` are blanked out before."""
        here: list[tuple[int, str]] = []
        seen = people_in(text)
        self._seen[index] = seen or []
        for start, end in [found.span() for found in _RUN.finditer(text)] if seen is None else seen:
            run = tokens(text, start, end, self._grammar)
            if dots := [place for place, token in enumerate(run) if not is_word(token)]:
                run = run[dots[-1] + 1 :]
            while seen is None and run and not is_name(run[0], self._grammar):
                run = run[1:]
            bare = strip_titles(run, self._grammar) if run else run
            if bare:
                before = tokens(text, run[0].start - 24, run[0].start, self._grammar)
                here.append((bare[0].start, self._take(run, bare, before[-1:])))
        self._where[index] = here
        self._learn_gender(text, {name.rpartition(" ")[2] for _, name in here})

    def _take(self, run: list[Token], bare: list[Token], before: list[Token]) -> str:
        name = _POSSESSIVE.sub("", " ".join(token.text for token in bare))
        last = name.rpartition(" ")[2]
        if 1 < len(bare) <= _MOST_PARTS:
            self._full[last][name] += 1
            if not before or before[0].low not in self._grammar.articles | self._grammar.stops:
                self._maybe.add(last)
        elif len(bare) == 1:
            self._alone.add(name)
        titles = [token for token in before + run if token.low in self._grammar.titles]
        if titles and (len(bare) > 1 or not any(token.low in self._grammar.articles for token in before)):
            self._known.add(last)
            if sex := gender(titles, self._grammar):
                self._gender[last][sex] += 4
        return name

    def _learn_gender(self, text: str, names: set[str]) -> None:
        if len(names) != 1:
            return
        said = Counter(re.findall(r"\w+", text.lower()))
        (name,) = names
        for sex, pronouns in (
            ("m", self._grammar.he | self._grammar.his),
            ("f", self._grammar.she | self._grammar.her),
        ):
            if count := sum(said[word] for word in pronouns):
                self._gender[name][sex] += count

    def narrowed(self, index: int, named: Mention) -> Mention:
        """The mention cut down to the person that the operator's model sees in it; as it is where it sees none."""
        for start, end in self._seen.get(index, []):
            if named.start <= start and end <= named.end:
                return Mention(named.text[start - named.start : end - named.start], start, end, "name", named.gender)
        return named

    def speaks(self, named: Mention) -> None:
        """Remember that this name is somebody who speaks."""
        last = named.text.rpartition(" ")[2]
        self._known.add(last)
        if named.gender:
            self._gender[last][named.gender] += 4

    def full(self, name: str) -> str:
        """The fullest form of a name that the text gives; the name itself when there is none, or more than one."""
        if " " in name:
            return name
        forms = self._full.get(name)
        if not forms:
            return name
        longest = max(forms, key=lambda form: (len(form), form))
        return longest if all(set(form.split()) <= set(longest.split()) for form in forms) else self._usual(forms, name)

    @staticmethod
    def _usual(forms: Counter[str], name: str) -> str:
        (first, most), *others = forms.most_common()
        return first if most >= 3 * sum(count for _, count in others) else name

    def gender(self, name: str) -> str:
        """ "m", "f" or empty: what titles and pronouns near the name say, where they agree by three to one."""
        counts = self._gender.get(name.rpartition(" ")[2], Counter())
        for one, other in (("m", "f"), ("f", "m")):
            if counts[one] > 0 and counts[one] >= 3 * counts[other]:
                return one
        return ""

    def before(self, index: int, position: int, sex: str) -> list[str]:
        """People that a pronoun of this gender at `position` of paragraph `index` may mean, the nearest first."""
        found: dict[str, str] = {}
        for paragraph, limit in ((index, position), (index - 1, 1 << 30)):
            for at, name in reversed(self._where.get(paragraph, [])):
                last = name.rpartition(" ")[2]
                if at < limit and self._is_person(last) and self.gender(last) in ("", sex):
                    found.setdefault(last, self.full(name))
            if found:
                break
        return list(found.values())

    def _is_person(self, last: str) -> bool:
        return last in self._known or last in self._maybe or (last in self._full and last in self._alone)
