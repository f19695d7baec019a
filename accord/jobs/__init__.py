"""Background jobs in a queue inside PostgreSQL, and a record of when each job last ran. Jobs hold no keys."""
