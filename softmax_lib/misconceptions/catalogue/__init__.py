"""The wrong implementations, a file for each kind of function."""
