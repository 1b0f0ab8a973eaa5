"""What maintainers and teachers run, and no reader imports."""
