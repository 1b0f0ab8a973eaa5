"""All that ever stands beside a student's code: NumPy, the standard library, and these files."""
