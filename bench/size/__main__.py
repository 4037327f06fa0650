"""Make a site:  python -m size make --articles N --words N --seed N   in the database of the settings."""

from __future__ import annotations

import argparse
import os
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("do", choices=["make"])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings")
    import django

    django.setup()
    from size.make import make

    began = time.monotonic()
    make(options.articles, options.words, options.seed)
    print(f"{options.articles:,} articles in {time.monotonic() - began:.0f} s")


main()
