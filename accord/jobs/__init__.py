"""Background jobs in a queue inside PostgreSQL, and when each job last ran. Jobs hold no keys."""
