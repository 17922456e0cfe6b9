"""Our own interface for programs."""
