"""Running notebooks, and the rules that they keep."""
