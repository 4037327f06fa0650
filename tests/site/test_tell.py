"""All that the engine can say is told in the words of the page, in six languages. What has no words yet is named here.

The modules of `core` are read, not run: so a code that no fixture reaches is found as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from django.utils import translation

import masthead.core
from masthead.core.types import Evidence, Provenance, Repair
from masthead.site import messages, tell
from masthead.site.tell.fields import FIELDS
from masthead.site.tell.origins import EVIDENCE, ORIGINS, known

CORE = Path(masthead.core.__file__).parent
LANGUAGES = ("en", *messages.LANGUAGES)
SAMPLE = "7"  # stands for what a sentence or name carries


@dataclass(frozen=True)
class Said:
    """Something that the engine says, and where."""

    text: str
    place: str


class Module:
    """A module of the engine, asked what the arguments of its calls can be."""

    def __init__(self, path: Path, functions: dict[str, list[ast.FunctionDef]]) -> None:
        self.path, self.tree, self.functions = path, ast.parse(path.read_text(encoding="utf-8")), functions
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def calls(self, name: str) -> Iterator[ast.Call]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
                yield node

    def place(self, node: ast.expr) -> str:
        return f"core/{self.path.relative_to(CORE)}:{node.lineno}"

    def texts(self, node: ast.expr | None) -> set[str] | None:
        """The texts that an expression can be; empty when it hands on what was said elsewhere; None: not to be told."""
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.JoinedStr(values=parts):
                return {"".join(p.value if isinstance(p, ast.Constant) else SAMPLE for p in parts)}
            case ast.IfExp(body=body, orelse=other):
                one, two = self.texts(body), self.texts(other)
                return None if one is None or two is None else one | two
            case ast.Attribute():
                return set()
            case ast.Subscript(value=ast.Name(id=name)):
                return self._values(name)
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                returned = [self.texts(value) for f in self.functions[name] for value in _returned(f)]
                return {text for texts in returned if texts for text in texts if text}
            case ast.Name(id=name):
                return self._named(node, name)
        return None

    def _named(self, node: ast.Name, name: str) -> set[str] | None:
        """What a variable can hold: from assignments and loops over tables, in its function, else in the module."""
        scope: ast.AST = node
        while scope in self.parents and not isinstance(scope, ast.FunctionDef):
            scope = self.parents[scope]
        if isinstance(scope, ast.FunctionDef) and name in [a.arg for a in (*scope.args.args, *scope.args.kwonlyargs)]:
            return set()  # said by who calls it
        found: set[str] = set()
        known_here = False
        for where in (scope, self.tree):
            for inner in ast.walk(where):
                if isinstance(inner, ast.Assign) and any(name in _names(target) for target in inner.targets):
                    known_here = True
                    single = isinstance(inner.targets[0], ast.Name)
                    found |= (self.texts(inner.value) or set()) if single else set()
                elif isinstance(inner, ast.For | ast.comprehension) and name in _names(inner.target):
                    known_here = True
                    found |= self._in_table(inner.target, inner.iter, name)
            if known_here:
                return found
        return None

    def _values(self, name: str) -> set[str]:
        """The texts in a dictionary of the module."""
        tables = [
            node.value
            for node in self.tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            and isinstance(node.value, ast.Dict)
            and name in _names(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        ]
        return {text for table in tables for value in table.values for text in self.texts(value) or ()}

    def _in_table(self, target: ast.expr, table: ast.expr, name: str) -> set[str]:
        if not isinstance(table, ast.Tuple | ast.List):
            return set()
        if isinstance(target, ast.Name):
            return {text for row in table.elts for text in self.texts(row) or ()}
        index = _names(target).index(name)
        rows = [row.elts for row in table.elts if isinstance(row, ast.Tuple)]
        return {text for row in rows for text in self.texts(row[index]) or ()}


def _names(target: ast.expr) -> list[str]:
    elements = target.elts if isinstance(target, ast.Tuple) else [target]
    return [element.id if isinstance(element, ast.Name) else "" for element in elements]


def _returned(function: ast.FunctionDef) -> list[ast.expr]:
    return [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]


@lru_cache(maxsize=1)
def engine() -> list[Module]:
    functions: dict[str, list[ast.FunctionDef]] = {}
    paths = [path for path in sorted(CORE.rglob("*.py")) if path.name not in ("draft.py", "types.py")]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                functions.setdefault(node.name, []).append(node)
    return [Module(path, functions) for path in paths]


UNREAD: list[str] = []


def said(call: str, position: int, keyword: str = "") -> list[Said]:
    """What the engine's calls of that name can be given at that position."""
    found: list[Said] = []
    for module in engine():
        for node in module.calls(call):
            given = {k.arg: k.value for k in node.keywords}
            value = node.args[position] if len(node.args) > position else given.get(keyword)
            if value is None:
                continue
            texts = module.texts(value)
            if texts is None:
                UNREAD.append(f"{call} in {module.place(node)}")
                continue
            found += [Said(text, module.place(node)) for text in sorted(texts)]
    return found


REPAIRS = [*said("mend", 0, "code"), *said("Repair", 0, "code")]
WARNINGS = said("warn", 0, "sentence")
ORIGINS_SAID = [*said("origin", 1, "origin"), *said("Provenance", 0, "origin")]
EVIDENCE_SAID = [*said("Evidence", 0, "kind"), *said("Witness", 0, "kind")]


def without_words(everything: list[Said], told: set[str]) -> list[str]:
    return sorted({f"{one.text!r} ({one.place})" for one in everything if one.text not in told})


def test_the_engine_was_read() -> None:
    assert {"leaked-markup", "cut-date", "tracking-pixel", "promo"} <= {one.text for one in REPAIRS}
    assert any(one.text.startswith("Paywall") for one in WARNINGS)
    assert {"feed:title", "text:first-paragraph", "none"} <= {one.text for one in ORIGINS_SAID}
    assert {"weekday", "first-seen"} <= {one.text for one in EVIDENCE_SAID}


def test_nothing_is_said_in_a_way_that_cannot_be_read_here() -> None:
    assert not UNREAD, "write what is said where it is said, or in a table of the same module"


def test_every_repair_has_words() -> None:
    told = {one.text for one in REPAIRS if not tell.repair(Repair(one.text, "body", "", "", "why")).language}
    assert not without_words(REPAIRS, told), "add them to site/tell/repairs.py: REPAIRS"


def test_every_warning_has_words() -> None:
    told = {one.text for one in WARNINGS if not tell.warning(one.text).language}
    assert not without_words(WARNINGS, told), "add them to site/tell/repairs.py: WARNINGS"


def test_every_field_has_a_name() -> None:
    fields = [*said("mend", 1, "field_name"), *said("origin", 0, "field_name")]
    assert not without_words(fields, set(FIELDS)), "add them to site/tell/fields.py: FIELDS"


def test_every_origin_has_words() -> None:
    told = {one.text for one in ORIGINS_SAID if known(ORIGINS, one.text)}
    assert not without_words(ORIGINS_SAID, told), "add them to site/tell/origins.py: ORIGINS"


def test_every_kind_of_evidence_has_words() -> None:
    kinds = [
        Said(f"{start}-{kind}", "witnesses") for start in ("image", "link") for kind in ("path", "name", "made-at")
    ]
    shown = [one for one in EVIDENCE_SAID if SAMPLE not in one.text]
    told = {one.text for one in [*shown, *kinds] if known(EVIDENCE, one.text) or known(ORIGINS, one.text)}
    assert not without_words([*shown, *kinds], told), "add them to site/tell/origins.py: EVIDENCE"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_english_and_no_machine_name_in_another_language(language: str) -> None:
    """Each telling differs from the English one and holds none of the engine's names."""

    def everything() -> dict[str, str]:
        told = {f"repair {one.text}": tell.repair(Repair(one.text, "body", "", "", "why")).words for one in REPAIRS}
        told |= {f"warning {one.text}": tell.warning(one.text).words for one in WARNINGS}
        told |= {f"origin {one.text}": tell.origin(one.text) for one in ORIGINS_SAID}
        items = [Evidence(kind, "x", "2021-12-03") for kind in EVIDENCE]
        told |= {f"evidence {i.kind}": e.label for i, e in zip(items, tell.evidence(items, language), strict=True)}
        return told

    with translation.override("en"):
        english = everything()
    with translation.override(language):
        other = everything()
    assert [name for name in english if english[name] == other[name]] == []
    assert [words for words in other.values() if re.search(r"\b(?:feed|page|text):\w", words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_no_words_is_told_in_english_and_marked(language: str) -> None:
    with translation.override(language):
        told = tell.repair(Repair("no-such-code", "body", "", "", "Something was mended."))
        assert (told.words, told.language) == ("Something was mended.", "en")
        assert tell.warning("Something odd.").language == "en"
        assert tell.evidence([Evidence("no-such-kind", "x")], language)[0].language == "en"
        assert tell.origin("page:no-such-place") == tell.origin("page")


def test_what_a_warning_carries_is_told_too() -> None:
    with translation.override("de"):
        assert tell.warning("The date stated could not be read: 31 Foo").words.endswith(": 31 Foo")
        lost = "Letters in title had been decoded in the wrong encoding and in part lost; they stand as received."
        assert tell.warning(lost).words.startswith("Schlagzeile: ")


def test_evidence_says_what_it_supports_in_words() -> None:
    items = [
        Evidence("image-path", "2021.12", "2021-12"),
        Evidence("image-object-id", "61a7c0de0000000000000000", "made on Wednesday 2021-12-01"),
        Evidence("weekday", "on Friday", "a report of a Friday or soon after"),
        Evidence("first-seen", "2024-03-05T12:00Z", "zone is wrong"),
    ]
    with translation.override("de"):
        told = tell.evidence(items, "de")
    assert [one.supports for one in told] == [
        "Dezember 2021", "Mittwoch, 1. Dezember 2021", "", "also muss die angegebene Zeitzone falsch sein",
    ]  # fmt: skip
    assert told[3].text == "Dienstag, 5. März 2024, 12:00 UTC"


def test_the_table_leaves_out_what_is_missing_and_no_news() -> None:
    rows = tell.origins(
        {"byline": Provenance("none"), "license": Provenance("none"), "title": Provenance("feed:title")}
    )
    assert [(row.field, row.sure) for row in rows] == [("Headline", 1.0), ("Author", None)]
