"""What a submission may take: the one place that the grader, the pages and the notebooks share."""

CELL_SECONDS = 10.0  # one cell
EXTRA_SECONDS = 30.0  # all cells together that were not handed out
CALL_SECONDS = 2.0  # one call of a function
QUESTION_SECONDS = 60.0  # all calls of a question's function
LATEST_SECONDS = 1.5 * CALL_SECONDS  # who has not come back by then is taken never to come back
READING_SECONDS = 20.0  # the grader's own work before anything runs
MEMORY = 1024**3  # bytes, of all processes of a submission together


def in_words() -> str:
    """What students read of it, on the pages and in the notebooks."""
    return (
        f"a cell may run for {CELL_SECONDS:g} seconds, the cells that you add for "
        f"{EXTRA_SECONDS:g} together, a call of a function for {CALL_SECONDS:g}, and all calls of "
        f"a question for {QUESTION_SECONDS:g}"
    )
