"""Two people at once, and twenty: `python -m tests.races` measures how long writers wait beside a large import."""
