"""What every stage stands on: the SQLite write gate, the change counter of the page cache, heartbeats of steps."""
