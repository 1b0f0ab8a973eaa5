"""All that ever stands beside a student's code."""
