"""Twenty people at once against the real server, on either database."""
