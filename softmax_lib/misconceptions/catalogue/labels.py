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
    variants=({}, {"dtype": np.uint8}),
)
def one_hot_counted_from_1(y, n_classes, dtype=int):
    return np.eye(n_classes)[y.astype(dtype) - 1]


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
    "one_hot",
    "ten classes are written into the code",
    symptom="ten columns, whatever the number of classes",
    message="it always makes ten columns. Take the number of classes that is passed.",
    see=SIMPLEX,
)
def one_hot_ten_classes(y, n_classes):
    return np.eye(10)[y]


@mistake(
    "one_hot",
    "the labels of all rows in every row",
    symptom="right for one example; in a batch more than one 1 a row",
    message="out[:, y] = 1 marks, in every row, the labels of all examples. One place a row is "
    "meant: out[np.arange(m), y] = 1.",
    see=SHAPES,
)
def one_hot_all_pairs(y, n_classes):
    out = np.zeros((len(y), n_classes))
    out[:, y] = 1
    return out


@mistake(
    "one_hot",
    "whole rows are marked",
    symptom="rows of ones and rows of zeros, or an error",
    message="out[y] = 1 takes the labels for rows, and marks whole rows. Give both indices: "
    "out[np.arange(m), y] = 1.",
    see=SHAPES,
)
def one_hot_marks_rows(y, n_classes):
    out = np.zeros((len(y), n_classes))
    out[y] = 1
    return out


@mistake(
    "one_hot",
    "the label where a 1 belongs",
    symptom="rows that sum to the number of the class; row of zeros for class 0",
    message="it writes the label itself into its column. A one-hot row holds a 1 there.",
    see=SIMPLEX,
)
def one_hot_keeps_the_label(y, n_classes):
    return np.eye(n_classes)[y] * y[:, np.newaxis]


@mistake(
    "one_hot",
    "a column for class 0 is missing",
    symptom="class 0 is a row of zeros",
    message="it compares the labels with 1 to C, so class 0 has no column and the last column is "
    "empty. Labels start at 0: compare with np.arange(n_classes).",
    see=SIMPLEX,
)
def one_hot_from_1_to_c(y, n_classes):
    return (y[:, np.newaxis] == np.arange(1, n_classes + 1)).astype(float)


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
    message="this is the share of wrong answers, the error rate. Accuracy is 1 minus that.",
    see=THREE_SETS,
)
def accuracy_of_misses(scores, y):
    return np.mean(scores.argmax(axis=1) != y)


@mistake(
    "accuracy",
    "per cent",
    symptom="numbers up to 100",
    message="these are per cent, up to 100. Accuracy is a share between 0 and 1.",
    see=THREE_SETS,
)
def accuracy_per_cent(scores, y):
    return 100 * np.mean(scores.argmax(axis=1) == y)


@mistake(
    "accuracy",
    "a threshold of one half, compared entry by entry",
    symptom="a miss still scores most of its entries",
    message="it compares scores above 0.5, or rounded ones, with one-hot rows, entry by entry. The "
    "prediction is the class with the largest score: argmax, whatever its size.",
    see=THREE_SETS,
    variants=({}, {"rounded": True}),
)
def accuracy_threshold(scores, y, rounded=False):
    guesses = np.round(scores) if rounded else scores > 0.5
    return np.mean(guesses == np.eye(scores.shape[1])[y])


@mistake(
    "accuracy",
    "the largest score compared with the label",
    symptom="0, or chance",
    message="it compares the largest score itself with the label. Where that score stands is "
    "what counts: argmax, not max.",
    see=THREE_SETS,
)
def accuracy_of_values(scores, y):
    return np.mean(scores.max(axis=1) == y)


@mistake(
    "accuracy",
    "right only if all are right",
    symptom="0 or 1",
    message="it is 0 unless all answers are right: all() asks for all, and // cuts a fraction "
    "to 0. Accuracy is the share that is right: divide with /.",
    see=THREE_SETS,
)
def accuracy_of_all(scores, y):
    return float(np.all(scores.argmax(axis=1) == y))


@mistake(
    "accuracy",
    "argmax without an axis",
    symptom="one prediction for the whole batch",
    message="without an axis, argmax gives one place in the flattened table. Each example has a "
    "prediction of its own: axis=1.",
    see=SHAPES,
)
def accuracy_argmax_of_all(scores, y):
    return np.mean(scores.argmax() == y)


@mistake(
    "accuracy",
    "the hits are not averaged",
    symptom="a vector of true and false where a number belongs",
    message="it gives right or wrong for each example. Accuracy is one number, their mean.",
    see=THREE_SETS,
)
def accuracy_of_each(scores, y):
    return scores.argmax(axis=1) == y


@mistake(
    "accuracy",
    "the smallest score wins",
    symptom="near 0 where the model is good",
    message="it predicts the class with the smallest score. Take argmax, not argmin.",
    see=THREE_SETS,
)
def accuracy_of_smallest(scores, y):
    return np.mean(scores.argmin(axis=1) == y)


@mistake(
    "accuracy",
    "divided by the number of classes",
    symptom="above 1, or too small",
    message="it divides the hits by the number of classes. Accuracy is the share of examples: "
    "divide by m.",
    see=THREE_SETS,
)
def accuracy_over_classes(scores, y):
    return np.sum(scores.argmax(axis=1) == y) / scores.shape[1]


# --- accuracy of labels ------------------------------------------------------------------------


@mistake(
    "accuracy_of_labels",
    "a count where a share belongs",
    symptom="grows with the number of examples",
    message="it counts the right answers. Accuracy is their share: divide by the number of "
    "examples.",
    see=THREE_SETS,
)
def label_accuracy_as_count(predicted, y):
    return np.sum(predicted == y)


@mistake(
    "accuracy_of_labels",
    "the share of misses",
    symptom="falls while the model learns",
    message="this is the share of wrong answers, the error rate. Accuracy is 1 minus that.",
    see=THREE_SETS,
)
def label_accuracy_of_misses(predicted, y):
    return np.mean(predicted != y)


@mistake(
    "accuracy_of_labels",
    "per cent",
    symptom="numbers up to 100",
    message="these are per cent, up to 100. Accuracy is a share between 0 and 1.",
    see=THREE_SETS,
)
def label_accuracy_per_cent(predicted, y):
    return 100 * np.mean(predicted == y)


@mistake(
    "accuracy_of_labels",
    "the hits are not averaged",
    symptom="a vector of true and false where a number belongs",
    message="it gives right or wrong for each example. Accuracy is one number, their mean.",
    see=THREE_SETS,
)
def label_accuracy_of_each(predicted, y):
    return predicted == y


@mistake(
    "accuracy_of_labels",
    "a column compared with a row",
    symptom="a number that hardly moves while the model learns",
    message="it compares a column (m, 1) with a vector (m,), and NumPy makes all m × m "
    "comparisons. Give both the same shape.",
    see=SHAPES,
)
def label_accuracy_column_with_row(predicted, y):
    return np.mean(predicted[:, np.newaxis] == y)


@mistake(
    "accuracy_of_labels",
    "right only if all are right",
    symptom="0 or 1",
    message="it is 0 unless all answers are right: all() asks for all, and // cuts a fraction "
    "to 0. Accuracy is the share that is right: divide with /.",
    see=THREE_SETS,
)
def label_accuracy_of_all(predicted, y):
    return float(np.all(predicted == y))


@mistake(
    "accuracy_of_labels",
    "how far apart the labels are",
    symptom="0 for perfect answers, and above 1 for poor ones",
    message="it measures how far the labels lie apart, as if they were sizes. A label is a name: "
    "count how many are equal.",
    see=THREE_SETS,
)
def label_accuracy_as_distance(predicted, y):
    return np.mean(np.abs(predicted - y))
