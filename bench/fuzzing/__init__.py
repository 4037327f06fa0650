"""Mutated inputs for everything that reads what strangers wrote: see bench/fuzz.py."""
