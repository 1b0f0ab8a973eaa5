"""Stands for `diagnose` while a submission is graded."""


def diagnose(*arguments: object, **settings: object) -> None:
    """Your functions are judged elsewhere, by the inputs that they are given there."""
