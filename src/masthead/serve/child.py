"""The first lines of every supervised process: `python -m masthead.serve.child NAME MODULE:FUNCTION`."""

from __future__ import annotations

import importlib
import os
import sys

from masthead.store import lifeline


def main() -> None:
    """Run the function that the command line names, tied to the life of the supervisor."""
    name, target = sys.argv[1:3]
    os.environ["MASTHEAD_PROCESS"] = name
    lifeline.die_with_parent()
    module, _, function = target.partition(":")
    getattr(importlib.import_module(module), function)()


if __name__ == "__main__":
    main()
