"""What the machine does by itself, and when it last did: jobs without keys, in a queue inside PostgreSQL."""
