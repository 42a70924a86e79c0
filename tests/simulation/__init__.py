"""Whatever people do, played at random against a naive model: `python -m tests.simulation 200000` (make simulate)."""
