"""The methods behind the questions: each works on arrays or events, and knows no options."""
