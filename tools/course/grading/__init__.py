"""What decides the points of one submission."""
