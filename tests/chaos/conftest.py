"""The harness is the one of `make chaos-long` (`bench/chaos`); here it runs a short round."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
