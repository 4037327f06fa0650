"""The commands. `masthead NAME` is `command` in `cli/NAME.py`, imported only when it is asked for.

`inspect feed` is `cli/inspect_feed.py`, `move-database` `cli/move_database.py`; `import`, a word of Python, is
`cli/import_.py`; modules whose name starts with "_" are no commands. A command that needs the database begins with
`ready()` and imports models after it.
"""

from __future__ import annotations

import importlib
import keyword
import pkgutil

import click

from masthead import __version__

DEFAULT = "serve"


class LazyGroup(click.Group):
    """A group whose commands are the modules of this package that start with `prefix`."""

    def __init__(self, *, prefix: str = "", groups: dict[str, str] | None = None, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._prefix = prefix
        self._groups = groups or {}

    def list_commands(self, context: click.Context) -> list[str]:
        names = {
            module.name.removesuffix("_")
            for module in pkgutil.iter_modules(__path__)
            if not module.name.startswith("_")
        }
        if self._prefix:
            names = {name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix)}
            return sorted(name.replace("_", "-") for name in names)
        taken = tuple(f"{group}_" for group in self._groups)
        own = {name.replace("_", "-") for name in names if not name.startswith(taken)}
        return sorted(own | set(self._groups))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in self._groups:
            return LazyGroup(name=name, prefix=f"{name}_", help=self._groups[name])
        module = self._prefix + name.replace("-", "_") + ("_" if keyword.iskeyword(name) else "")
        if name not in self.list_commands(context):
            return None
        command = importlib.import_module(f"{__name__}.{module}").command
        assert isinstance(command, click.Command)
        return command


class _MainGroup(LazyGroup):
    """`masthead` alone, or with options only, is `masthead serve`."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")):
            args = [DEFAULT, *args]
        return super().parse_args(context, args)


main = _MainGroup(
    name="masthead",
    groups={
        "inspect": """Show what Masthead makes of files; needs no site.

        \b
        Example:
            masthead inspect article page.html --url https://news.example/a-report"""
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="""Turns the feeds you trust into a news site you can stand behind.

    Without a command: `masthead serve`. Settings: docs/settings.md.

    \b
    Example:
        masthead --bind 127.0.0.1:8000""",
)
click.version_option(__version__, prog_name="masthead")(main)


def ready() -> None:
    """Make the site usable for a command: home, key and database if they are not there yet, and Django set up.

    A home that cannot be used ends the program with one line on stderr and exit status 2.
    """
    from masthead.serve import home

    try:
        home.open_site()
    except home.HomeError as error:
        click.echo(f"masthead: {error}", err=True)
        raise SystemExit(2) from error
