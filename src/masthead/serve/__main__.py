"""`python -m masthead.serve`: prints `docs/settings.md`, which is written from `options.py` and kept so by a test."""

from __future__ import annotations

import click

from masthead.serve.template import page

if __name__ == "__main__":
    click.echo(page(), nl=False)
