"""The numeric kernels, the arrangement of arrays for them, and the checks of arguments."""
