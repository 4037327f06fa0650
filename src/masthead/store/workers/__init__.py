"""Foreign bytes are read in child processes that can be killed: no document stops the press.

`run.stream` and `run.call` do a `Task` (a pure function: records in, records out) in a worker, with a limit on its time
and memory. A document that breaks its worker is a `Failed` of its own; the others go on. What is confined, and what is
not, stands in `confine.py`. Only `run.py` knows Django, and no worker loads it.
"""
