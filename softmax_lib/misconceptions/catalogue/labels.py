"""The catalogue's wrong versions of what is done with labels: one-hot rows and accuracy."""

from __future__ import annotations

import numpy as np

from ...activations import hardmax
from ..mistake import mistake

SIMPLEX = ("01-softmax-vs-hardmax", "The simplex: where the answers live")
WRONG_SHIFTS = ("01-softmax-vs-hardmax", "What goes wrong")
SHAPES = ("prerequisites", "NumPy: shapes, broadcasting, keepdims")
THREE_SETS = ("04-gradient-descent", "Three sets of birds")


@mistake(
    "one_hot",
    "the classes counted in the batch",
    symptom="a column too few, in the batches that lack a class",
    message="it takes the number of classes from the labels at hand. A batch may lack the "
    "last class; use the number that is passed.",
    see=SIMPLEX,
)
def one_hot_classes_in_batch(y, n_classes):
    return np.eye(y.max() + 1)[y]


@mistake(
    "one_hot",
    "the labels renumbered",
    symptom="wrong columns, in the batches that lack a class",
    message="it numbers the labels anew, from those that occur. In a batch without class 1, "
    "class 2 then lands in column 1. A label is the number of its column.",
    see=SIMPLEX,
)
def one_hot_renumbered(y, n_classes):
    _, renumbered = np.unique(y, return_inverse=True)
    return np.eye(n_classes)[renumbered]


@mistake(
    "one_hot",
    "labels counted from 1",
    symptom="each 1 one column too far left; class 0 in the last column",
    message="it counts labels from 1. Here they start at 0, and label 0 with 1 taken off is "
    "-1, which NumPy reads as the last column.",
    see=SIMPLEX,
)
def one_hot_counted_from_1(y, n_classes):
    return np.eye(n_classes)[y - 1]


@mistake(
    "one_hot",
    "a column for each example",
    symptom="the shape is (C, m), not (m, C)",
    message="each example is a column. In this book examples are rows: the shape is (m, C).",
    see=SHAPES,
)
def one_hot_in_columns(y, n_classes):
    return np.eye(n_classes)[:, y]


@mistake(
    "accuracy",
    "compared entry by entry",
    symptom="a miss among ten classes still scores 80 %",
    message="it compares one-hot rows entry by entry, where even a miss agrees in all but two "
    "of C places. Compare the predicted class with the label.",
    see=THREE_SETS,
)
def accuracy_over_entries(scores, y):
    return np.mean(hardmax(scores) == np.eye(scores.shape[1])[y])


@mistake(
    "accuracy",
    "a column compared with a row",
    symptom="a number that hardly moves while the model learns",
    message="it compares a column (m, 1) with a vector (m,), and NumPy makes all m × m "
    "comparisons. Give both the same shape.",
    see=SHAPES,
)
def accuracy_column_with_row(scores, y):
    predictions = scores.argmax(axis=1, keepdims=True)
    return np.mean(predictions == y)


@mistake(
    "accuracy",
    "the wrong axis",
    symptom="an error about shapes, or nonsense when there are as many rows as classes",
    message="argmax runs along the wrong axis: it finds the best example of each class, not "
    "the best class of each example.",
    see=WRONG_SHIFTS,
)
def accuracy_wrong_axis(scores, y):
    return np.mean(scores.argmax(axis=0) == y)


@mistake(
    "accuracy",
    "a count where a share belongs",
    symptom="grows with the number of examples",
    message="it counts the right answers. Accuracy is their share: divide by the number of "
    "examples.",
    see=THREE_SETS,
)
def accuracy_as_count(scores, y):
    return np.sum(scores.argmax(axis=1) == y)


@mistake(
    "accuracy",
    "the share of misses",
    symptom="falls while the model learns",
    message="this is the share of wrong answers, the error rate. Accuracy is 1 less that.",
    see=THREE_SETS,
)
def accuracy_of_misses(scores, y):
    return np.mean(scores.argmax(axis=1) != y)
