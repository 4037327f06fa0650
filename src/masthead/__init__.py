"""Masthead: turns the feeds a publisher trusts into a complete news site."""

__version__ = "0.1.0"
