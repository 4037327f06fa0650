"""Ground for all tests: a home of their own, loopback allowed, nothing else."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("MASTHEAD_HOME", tempfile.mkdtemp(prefix="masthead-tests-"))
os.environ.setdefault("MASTHEAD_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8, ::1/128")
os.environ.setdefault("MASTHEAD_BASE_URL", "http://testserver")
os.environ.setdefault("MASTHEAD_SITE_NAME", "The Test Courier")
