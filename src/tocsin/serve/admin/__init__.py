"""What an admin does: people, feeds, long work, copies of the database."""
