"""The site that is published: the book, and the Python that runs its cells in the browser."""
