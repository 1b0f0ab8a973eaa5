"""Functions as learners write them, for the tests of `diagnose`."""
