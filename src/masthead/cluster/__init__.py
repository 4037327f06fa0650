"""The same steps on many machines: Celery wakes them, the database holds what is true."""
