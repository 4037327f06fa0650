"""`masthead move-database`: a whole site from SQLite to PostgreSQL or back, every table proved equal by its hash.

Nothing of the source is changed. The target must be empty; until the move is finished it is marked as half-made
(PostgreSQL) or has another name (SQLite), so that no interruption leaves something that looks like a site.
"""
