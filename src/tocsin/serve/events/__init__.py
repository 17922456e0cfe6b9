"""Which events a role may see, as columns in memory, and what is counted over them."""
