"""How answers are drawn, and tables that need more than a line."""
