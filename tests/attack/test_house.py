"""What the program does not have, so that nobody adds it without its guard; and lines of the log that cannot lie."""

from __future__ import annotations

import ast
import logging
from pathlib import Path

import pytest

import masthead
from masthead.store.logs import HumanFormatter

HOUSE = Path(masthead.__file__).parent


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_chance_has_no_place_where_secrets_are_made():
    """FreshRSS CVE-2025-68932: what opens a door comes from `secrets`."""
    files = [*HOUSE.glob("accounts/*.py"), *HOUSE.glob("desk/*.py"), HOUSE / "serve/home.py", HOUSE / "cli/user.py"]
    assert len(files) > 20
    for path in files:
        assert not imported(path) & {"random", "numpy.random"}, path.name


@pytest.mark.parametrize(
    ("module", "guard"),
    [
        ("csv", "cells that begin with = + - @ TAB CR must be neutralised (OTRS CVE-2026-93581)"),
        ("django.core.mail", "a line break must not reach a header (CPython CVE-2024-6923)"),
        ("smtplib", "mail goes through one place that refuses line breaks in headers"),
        ("pickle", "nothing is unpickled: what was stored could have been written by others"),
        ("xml.etree.ElementTree", "XML goes through core.parse, which resolves no entity"),
        ("xml.dom.minidom", "XML goes through core.parse, which resolves no entity"),
        ("yaml", "no format that builds objects"),
    ],
)
def test_what_the_house_does_without(module, guard):
    users = [path.relative_to(HOUSE).as_posix() for path in HOUSE.rglob("*.py") if module in imported(path)]
    assert users == [], guard


def formatted(message: str, error: BaseException | None = None) -> list[str]:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("a.logger", logging.INFO, __file__, 1, message, (), info)
    return HumanFormatter("%(levelname)s %(name)s: %(message)s").format(record).splitlines()


@pytest.mark.parametrize(
    "text",
    ["a\r\nINFO forged: x", "a\u2028INFO forged", "a\x85b", "a\x0bb\x0cc", "a\x1b[31mred\x1b[0m", "a\u202eb", "a\x00b"],
)
def test_an_event_is_one_line_whatever_was_written_into_it(text):
    [line] = formatted(text)
    assert line.isprintable() and line.startswith("INFO a.logger: a")


def test_an_error_cannot_pass_for_an_event():
    try:
        raise ValueError("bad\n12:00:00 INFO accounts: logged in: ada\x1b[2J")
    except ValueError as error:
        lines = formatted("failed", error)
    assert lines[0] == "INFO a.logger: failed" and len(lines) > 3
    assert all(line.startswith("    | ") and "\x1b" not in line for line in lines[1:])
