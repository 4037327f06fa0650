"""Whether a site is set up for several machines; what is missing, with the cure."""

from __future__ import annotations

from importlib.util import find_spec

from masthead.options import OptionError, Options

SCHEMES = ("redis", "rediss", "amqp", "amqps")
EXAMPLE = "MASTHEAD_BROKER=redis://host:6379/0 or amqp://user:password@host:5672//"


def check(options: Options) -> None:
    """Raise `OptionError` when these settings, or what is installed, do not let steps run on several machines."""
    if not options.broker:
        raise OptionError(
            f"no broker is set, and without one there is nothing to listen to: {EXAMPLE}"
            " (on one machine `masthead serve` does all the work)"
        )
    scheme = options.broker.partition(":")[0]
    if scheme not in SCHEMES:
        raise OptionError(f"MASTHEAD_BROKER begins with {scheme!r}: {EXAMPLE} is wanted")
    if not options.database_url:
        raise OptionError(
            "MASTHEAD_BROKER is set, but several machines cannot share SQLite:"
            " DATABASE_URL=postgres://user:password@host/name is wanted (or no broker)"
        )
    wanted = ("celery", "redis") if scheme.startswith("redis") else ("celery",)
    if missing := [name for name in wanted if find_spec(name) is None]:
        raise OptionError(f"MASTHEAD_BROKER needs {' and '.join(missing)}: pip install 'masthead[cluster]'")
