"""Pure functions and frozen dataclasses: no Django, no database. Only `core.fetch` does I/O."""
