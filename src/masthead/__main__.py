"""`masthead` and `python -m masthead`."""

from __future__ import annotations

from masthead.cli import main as _commands


def main() -> None:
    """Run the command line; exit status as in the documentation of each command."""
    _commands(prog_name="masthead")


if __name__ == "__main__":
    main()
