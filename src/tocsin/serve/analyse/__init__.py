"""The page of questions about events: what `tocsin analyse` answers, for what is chosen on Explore."""
