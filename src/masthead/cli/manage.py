"""`masthead manage`: Django's own commands, on this site."""

from __future__ import annotations

import click

from masthead.cli import ready


@click.command(name="manage", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands.

    \b
    Example:
        masthead manage shell
    """
    if arguments[:1] in ((), ("--help",), ("-h",)):
        click.echo(click.get_current_context().get_help())
        click.echo("\nDjango's commands:")
    ready()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["masthead manage", *(arguments or ("help",))])
