"""Replay: articles are made again from the originals that were kept, by the program as it is now.

`compare` tells two records apart field by field, `findings` counts what was found and keeps samples, `entry` cleans one
entry and writes it, `run` goes over the archive and remembers how far it is, `report` makes a page of it.
"""
