"""`masthead user`: who may log in at the desk."""

from __future__ import annotations

import json
import secrets
import sys
from typing import TYPE_CHECKING

import click

from masthead.cli import ready

if TYPE_CHECKING:
    from masthead.accounts.models import User

ROLES = ("reader", "editor", "chief", "operator")


@click.group(name="user")
def command() -> None:
    """Add, list and disable those who may log in.

    \b
    Example:
        masthead user add anna --role chief
    """


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="editor", show_default=True)
@click.option("--email", default="")
@click.option("--generate", is_flag=True, help="Make a password and print it, rather than ask for one.")
def add(name: str, role: str, email: str, generate: bool) -> None:
    """Add a user. The password is asked for, or read from standard input when that is no terminal.

    \b
    Example:
        masthead user add anna --role chief
    """
    ready()
    from masthead.accounts.models import User
    from masthead.accounts.record import record

    if User.objects.filter(username=name).exists():
        _refuse(f"there is a user {name} already: masthead user password {name} gives a new password")
    operator = role == "operator"
    user = User(username=name, email=email, role=role, is_staff=operator, is_superuser=operator)
    _give_password(user, generate)
    record(user, "added by the command line", user)
    click.echo(f"{name} ({role}) may log in at /desk/", err=True)


@command.command()
@click.argument("name")
@click.option("--generate", is_flag=True, help="Make a password and print it, rather than ask for one.")
def password(name: str, generate: bool) -> None:
    """Give a user a new password; every session of theirs ends.

    \b
    Example:
        masthead user password anna --generate
    """
    ready()
    _give_password(_find(name), generate)


@command.command()
@click.argument("name")
def disable(name: str) -> None:
    """Shut a user out at once: sessions and API tokens end. What they did stays in the log.

    \b
    Example:
        masthead user disable anna
    """
    ready()
    from django.db import transaction

    from masthead.accounts.record import record

    user = _find(name)
    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        record(None, "disabled by the command line", user)
    click.echo(f"{name} is shut out", err=True)


@command.command()
@click.argument("name")
@click.option("--remove-factor", is_flag=True, help="Take the second factor away as well (a lost phone).")
def unlock(name: str, remove_factor: bool) -> None:
    """Let a user try to log in again at once, after too many wrong passwords; for a lost phone, without its codes.

    \b
    Example:
        masthead user unlock anna --remove-factor
    """
    ready()
    from masthead.accounts import factor, sessions, throttle
    from masthead.accounts.record import record

    user = _find(name)
    throttle.forget(user.username)
    record(None, "let user try again by the command line", user)
    if remove_factor and factor.remove(user):
        sessions.end_others(user, None)
        record(None, "removed second factor by the command line", user)
        click.echo(f"{name} has no second factor any more; all logins of theirs ended", err=True)
    click.echo(f"{name} may try again", err=True)


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_users(as_json: bool) -> None:
    """List the users.

    \b
    Example:
        masthead user list --json
    """
    ready()
    from masthead.accounts.models import User

    for user in User.objects.order_by("username"):
        last = user.last_login.isoformat() if user.last_login else None
        if as_json:
            row = {"name": user.username, "role": user.role, "active": user.is_active, "last_login": last}
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            state = "" if user.is_active else "  (disabled)"
            click.echo(f"{user.username}  {user.role}  last login: {last or 'never'}{state}")


def _find(name: str) -> User:
    from masthead.accounts.models import User

    user = User.objects.filter(username=name).first()
    if user is None:
        _refuse(f"there is no user {name}: masthead user list shows them")
    assert user is not None
    return user


def _give_password(user: User, generate: bool) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    if generate:
        given = secrets.token_urlsafe(15)
    elif sys.stdin.isatty():
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        given = sys.stdin.readline().rstrip("\n")
    try:
        user.full_clean(exclude=["password"])
        validate_password(given, user)
    except ValidationError as error:
        _refuse(" ".join(error.messages))
    user.set_password(given)
    user.save()
    if generate:
        click.echo(given)


def _refuse(why: str) -> None:
    click.echo(f"masthead: {why}", err=True)
    raise SystemExit(2)
