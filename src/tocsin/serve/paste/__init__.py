"""The page on which a report is pasted, and the process that codes it."""
