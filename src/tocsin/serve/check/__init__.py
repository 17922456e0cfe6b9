"""The page on which the statements of a text are checked: what `tocsin check` does."""
