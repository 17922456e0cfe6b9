"""Quality and speed of Tocsin against labelled data and naive baselines: `python -m bench`, see docs/bench.md."""
