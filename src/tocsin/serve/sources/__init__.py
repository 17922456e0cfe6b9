"""Who reports, who copies, who fell silent."""
