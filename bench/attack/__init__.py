"""Hostile texts through every field to every outlet, judged by other parsers and in a real browser."""
