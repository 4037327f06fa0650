"""Writes `docs/commands.md` from the commands' own help; a test keeps the two the same.

python docs/make_commands.py > docs/commands.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from masthead.cli import main

INTRODUCTION = """# Commands

Every command has `--help` with an example. The exit status is 0 when all was done, 1 when some items were refused (each
is named on stderr), 2 for wrong use or input that cannot be read. Commands that print take `--json`.

This page is made from the commands' own help (`make docs`).
"""


def walk(command: click.Command, context: click.Context) -> Iterator[click.Context]:
    """The contexts of a command and of all below it, parents first."""
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from walk(below, click.Context(below, info_name=name, parent=context))


def page() -> str:
    """The whole page, as Markdown."""
    parts = [INTRODUCTION]
    for context in walk(main, click.Context(main, info_name="masthead", max_content_width=100)):
        context.max_content_width = context.terminal_width = 100
        parts.append(f"## {context.command_path}\n\n```text\n{context.get_help().rstrip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
