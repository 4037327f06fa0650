"""Django's SQLite backend with a write gate: one writer at a time, across threads and processes.

SQLite before 3.51.3 can corrupt a WAL database when two connections write and checkpoint at the same moment
(https://sqlite.org/wal.html#walresetbug). Behind the gate they never do. It also queues writers fairly, where
SQLite itself would let them poll and give up. Readers never wait.
"""
