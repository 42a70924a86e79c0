"""What kill -9 leaves: `python -m tests.crash 200` kills commands at random points and looks at what is there then."""
