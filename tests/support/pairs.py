"""Functions with two mistakes of the catalogue at once: one in the middle, one at the end."""

from softmax_lib.misconceptions import CATALOGUE

# What some mistakes do to an answer, whatever else is wrong with it. The last two arguments of
# these functions are a table, with a row for each example, and labels.
AT_THE_END = {
    "probs-loss-sum": lambda loss, table, y: loss * len(y),
    "probs-loss-sign": lambda loss, table, y: -loss,
    "probs-loss-class-mean": lambda loss, table, y: loss / table.shape[1],
    "loss-sum": lambda loss, table, y: loss * len(y),
    "loss-sign": lambda loss, table, y: -loss,
    "loss-class-mean": lambda loss, table, y: loss / table.shape[1],
    "dlogits-no-mean": lambda dZ, table, y: dZ * len(y),
    "dlogits-mean-twice": lambda dZ, table, y: dZ / len(y),
    "dlogits-sign": lambda dZ, table, y: -dZ,
    "dlogits-factor-2": lambda dZ, table, y: 2 * dZ,
}


def both(first, second):
    def function(table, y):
        return AT_THE_END[second.id](first.wrong(table, y), table, y)

    return function


def pairs():
    """Each pair of mistakes as two entries and the function that has both."""
    for last in AT_THE_END:
        second = CATALOGUE[last]
        for first in CATALOGUE.values():
            if first.kind == second.kind and first.id not in AT_THE_END:
                yield first, second, both(first, second)
