"""Who may do what, and what holds off those who may not."""
