"""Assignments: releasing, collecting and grading them."""
