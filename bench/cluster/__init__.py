"""A site of several machines, on one: real PostgreSQL, Redis or RabbitMQ, workers that are killed, a press to read."""
