"""The colour behind a picture that is still on its way, as a class: the policy of our pages allows no inline style.

`python -m masthead.site.grounds` prints the stylesheet `static/site/grounds.css` with its 216 colours.
"""

from __future__ import annotations

import re
import sys
from itertools import product

_COLOUR = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)
_STEP = 0x33


def of(colour: str) -> str:
    """The class of the colour nearest to `#rrggbb`; "" for anything else."""
    found = _COLOUR.fullmatch(colour)
    if found is None:
        return ""
    return "ground-" + "".join(f"{round(int(part, 16) / _STEP) * 3:x}" for part in found.groups())


def stylesheet() -> str:
    """All of these classes, a line for each red."""
    steps = "0369cf"
    lines = ["/* Made by `python -m masthead.site.grounds`. */"]
    for red in steps:
        tones = ("".join((red, *rest)) for rest in product(steps, repeat=2))
        lines.append("".join(f".ground-{tone}{{background:#{tone}}}" for tone in tones))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(stylesheet())
