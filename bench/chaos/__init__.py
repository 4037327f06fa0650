"""Faults on purpose, and what is left afterwards: `python -m chaos` (see `docs/reliability.md`)."""
