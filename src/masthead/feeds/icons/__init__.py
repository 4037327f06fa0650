"""Sources' icons: found on the home page or in the feed, fetched as politely as feeds, kept as small files of ours.

`visit.py` is the plan of one visit to a publisher, `keep.py` the pipeline's step, `schedule.py` when it comes again.
"""
