"""`masthead demo`: the site on the bundled sample newsroom."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from masthead.demo import press, state
from masthead.demo.hosts import WEATHER, Newsroom
from masthead.demo.publishers import HOST, PortInUse
from masthead.demo.timeline import Timeline
from masthead.serve.home import HomeError
from masthead.serve.run import run
from masthead.serve.supervisor import Part

DEFAULT_HOME = "masthead-demo"
EDITOR = "demo"


@click.command(name="demo")
@click.option("--bind", default="", metavar="HOST:PORT", help="Where to listen. Default: the setting `bind`.")
@click.option(
    "--newsroom-port",
    default=0,
    metavar="PORT",
    help="Port of the invented publishers, at the first start. Default: a free one.",
)
def command(bind: str, newsroom_port: int) -> None:
    """Start a site on a sample newsroom: fourteen invented publishers in six languages, served over loopback.

    Everything is kept in ./masthead-demo (MASTHEAD_HOME wins); delete the folder to begin anew. The first start makes
    an editor's account and prints its password once.

    \b
    Example:
        masthead demo --bind 127.0.0.1:8080
    """
    home = Path(os.environ.setdefault("MASTHEAD_HOME", DEFAULT_HOME)).expanduser().resolve()
    try:
        found = state.ready(home, newsroom_port)
        _settings(found.port)
        newsroom = Newsroom(Timeline(press.load(), found.opened, found.releases), home)
        newsroom.port = found.port
        password = [""] if (home / "version").exists() else [secrets.token_urlsafe(9)]
        run(
            bind,
            extra=[Part("publishers", "masthead.demo.server:main")],
            prepare=lambda: _prepare(newsroom, password[0]),
            note=_note(password[0], found.port),
        )
    except (HomeError, PortInUse, ValueError, OSError) as error:
        click.echo(f"masthead: {error}", err=True)
        raise SystemExit(2) from error


def _settings(port: int) -> None:
    """The demo's settings, where the environment says nothing else."""
    for name, value in {
        "MASTHEAD_SITE_NAME": "The Meridian Courier",
        "MASTHEAD_MOTTO": "Every report whole, every source named",
        "MASTHEAD_LANGUAGE": "en",
        "MASTHEAD_EDITIONS": "en,es,de,fr,ru,ar",
        "MASTHEAD_TIME_ZONE": "Europe/Rome",
        "MASTHEAD_CITY": "Trieste",
        "MASTHEAD_WEATHER": "open-meteo",
        "MASTHEAD_WEATHER_URL": f"http://{WEATHER}.localhost:{port}/v1/forecast",
        "MASTHEAD_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
        "MASTHEAD_POLL_FLOOR": "5",
        "MASTHEAD_HOST_GAP": "0.05",
        "MASTHEAD_CONTACT": f"http://{HOST}/",
    }.items():
        os.environ.setdefault(name, value)


def _prepare(newsroom: Newsroom, password: str) -> None:
    """Subscribe the publishers and, at the first start, make the editor's account."""
    from masthead.accounts.models import Role, User
    from masthead.demo.subscriptions import subscribe_all

    subscribe_all(newsroom)
    if password and not User.objects.exists():
        User.objects.create_user(EDITOR, password=password, role=Role.CHIEF)


def _note(password: str, port: int) -> str:
    lines = [f"The invented publishers are at http://record.localhost:{port}/ and its neighbours."]
    if password:
        lines.append(f"Log in at the desk as {EDITOR} with the password {password} (shown this once).")
    return "\n".join(lines)
