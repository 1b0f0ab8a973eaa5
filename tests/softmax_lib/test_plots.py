"""Pictures: they show the numbers they were given, in the book's style, and refuse the rest."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from softmax_lib import (
    ReliabilityCurve,
    SoftmaxNetwork,
    SoftmaxRegression,
    confusion_matrix,
    make_blobs,
    plots,
    softmax,
)

LECTURE = [5, 2, -1, 3]
CLASSES = ["other", "cat", "dog", "chick"]


@pytest.fixture(autouse=True)
def style():
    with mpl.rc_context():
        plots.use_style()
        yield
        plt.close("all")


def draw(axes):
    """Render the picture, so that whatever fails only then fails here."""
    np.ravel(axes)[0].figure.canvas.draw()


def luminance(colour):
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return np.dot([0.2126, 0.7152, 0.0722], channels)


# The style


@pytest.mark.parametrize("colour", plots.COLOURS)
def test_every_colour_stands_three_to_one_against_the_page(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 3


@pytest.mark.parametrize("ink", [plots.INK, plots.MUTED])
def test_text_has_a_contrast_of_four_and_a_half_to_one(ink):
    assert 1.05 / (luminance(ink) + 0.05) >= 4.5


def test_ten_digits_have_ten_colours_and_ten_markers():
    assert len(set(plots.COLOURS)) >= 10
    assert len(set(plots.MARKERS)) >= 10


def test_the_style_does_not_depend_on_what_was_set_before():
    first = dict(plt.rcParams)
    plt.rcParams["font.size"] = 40
    plots.use_style()
    assert dict(plt.rcParams) == first


def test_figures_are_opaque_so_that_they_read_on_a_dark_page():
    assert plt.rcParams["figure.facecolor"] == plt.rcParams["savefig.facecolor"] == "white"


# Bars


def test_bars_have_the_length_of_logits_and_probabilities():
    axes = plots.plot_logits_and_probs(LECTURE, CLASSES)
    draw(axes)
    widths = [[bar.get_width() for bar in ax.patches] for ax in axes]
    assert widths[0] == LECTURE
    assert widths[1] == pytest.approx(softmax(LECTURE))


def test_the_lectures_numbers_stand_beside_their_bars():
    _, right = plots.plot_logits_and_probs(LECTURE, CLASSES)
    texts = [text.get_text() for text in right.texts]
    assert texts == ["0.842", "0.042", "0.002", "0.114"]


def test_bars_can_be_drawn_into_given_axes():
    _, axes = plt.subplots(1, 2)
    assert plots.plot_logits_and_probs(LECTURE, CLASSES, axes=axes) is axes
    assert plt.get_fignums() == [1]


def test_classes_of_one_name_have_a_bar_each():
    axes = plots.plot_logits_and_probs([5, 2, -1], iter(["cat", "cat", "dog"]))
    draw(axes)
    for ax in axes:
        middles = [bar.get_y() + bar.get_height() / 2 for bar in ax.patches]
        assert middles == pytest.approx([0, 1, 2])
    assert [tick.get_text() for tick in axes[0].get_yticklabels()] == ["cat", "cat", "dog"]


@pytest.mark.parametrize("logits", [LECTURE[:3], [LECTURE], 5])
def test_bars_need_a_name_each(logits):
    with pytest.raises(ValueError, match="class_names must hold one name for each logit; got 4"):
        plots.plot_logits_and_probs(logits, CLASSES)


# Decision regions


@pytest.fixture(scope="module")
def blobs():
    X, y = make_blobs(20, 3, random_state=0)
    return X, y, SoftmaxRegression().fit(X, y)


@pytest.mark.parametrize("confidence", [False, True])
def test_every_pixel_has_the_colour_of_its_most_probable_class(blobs, confidence):
    X, y, model = blobs
    ax = plots.plot_decision_regions(
        model.predict_proba, X, y, resolution=9, limits=(-6, 6, -5, 5), confidence=confidence
    )
    draw(ax)
    (image,) = ax.images
    assert image.origin == "lower"
    x0, x1, y0, y1 = image.get_extent()
    assert (x0, x1, y0, y1) == (-6, 6, -5, 5)
    pixels = np.asarray(image.get_array())
    for row, vertical in enumerate(np.linspace(y0, y1, 9)):
        for column, horizontal in enumerate(np.linspace(x0, x1, 9)):
            winner = model.predict([[horizontal, vertical]])[0]
            hue = np.subtract(1, pixels[row, column])
            full = np.subtract(1, to_rgb(plots.COLOURS[winner]))
            assert np.cross(hue, full) == pytest.approx(0, abs=1e-12)


def test_confidence_fades_towards_white_where_the_classes_tie():
    def unsure(points):
        return np.full((len(points), 3), 1 / 3)

    X, y = make_blobs(5, 3, random_state=0)
    ax = plots.plot_decision_regions(unsure, X, y, confidence=True, resolution=4)
    assert np.asarray(ax.images[0].get_array()) == pytest.approx(1, abs=1e-12)


def test_every_example_is_drawn_and_inside_the_picture(blobs):
    X, y, model = blobs
    ax = plots.plot_decision_regions(model.predict_proba, X, y, class_names="abc", resolution=5)
    draw(ax)
    points = np.vstack([collection.get_offsets() for collection in ax.collections])
    assert sorted(map(tuple, points)) == sorted(map(tuple, X))
    assert ax.get_xlim()[0] < X[:, 0].min() < X[:, 0].max() < ax.get_xlim()[1]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b", "c"]


def test_regions_need_two_columns():
    with pytest.raises(ValueError, match="X must have two columns to be drawn; got 3"):
        plots.plot_decision_regions(softmax, np.zeros((2, 3)), [0, 1])


# Curves


HISTORY = {
    "epoch": [1, 2, 3],
    "cost": [3.0, 2.0, 1.0],
    "validation_loss": [3.0, 2.5, 2.4],
    "validation_accuracy": [0.1, 0.5, 0.6],
}


def test_learning_curves_hold_the_history():
    ax = plots.plot_learning_curves(HISTORY)
    draw(ax)
    assert [line.get_ydata().tolist() for line in ax.lines] == [
        HISTORY["cost"],
        HISTORY["validation_loss"],
    ]
    assert all(list(line.get_xdata()) == [1, 2, 3] for line in ax.lines)
    assert ax.get_xlabel() == "epoch"


def test_learning_curves_differ_by_more_than_colour():
    ax = plots.plot_learning_curves(HISTORY)
    assert len({line.get_linestyle() for line in ax.lines}) == 2


def test_curves_that_were_not_recorded_are_left_out():
    assert len(plots.plot_learning_curves({"epoch": [1], "cost": [1.0]}).lines) == 1
    with pytest.raises(ValueError, match=r"keys must name a recorded curve.*'cost'.*got"):
        plots.plot_learning_curves(HISTORY, keys=["loss"])


# The confusion matrix


def test_every_count_above_0_is_written_into_its_cell():
    matrix = np.array([[9, 1, 0], [0, 8, 2], [3, 0, 7]])
    ax = plots.plot_confusion_matrix(matrix, ["a", "b", "c"])
    draw(ax)
    written = {
        (int(t.get_position()[1]), int(t.get_position()[0])): int(t.get_text()) for t in ax.texts
    }
    assert written == {index: int(n) for index, n in np.ndenumerate(matrix) if n}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b", "c"]


def test_a_classifier_without_mistakes_can_be_drawn():
    draw(plots.plot_confusion_matrix(np.eye(3, dtype=int), ["a", "b", "c"]))


def test_a_matrix_needs_a_name_for_each_row():
    with pytest.raises(ValueError, match=r"matrix must have shape \(2, 2\).*got \(3, 3\)"):
        plots.plot_confusion_matrix(np.eye(3), ["a", "b"])


# Images


def test_images_come_in_rows_and_spare_axes_are_empty():
    images = np.random.default_rng(0).random((7, 8, 8))
    axes = plots.plot_images(images, [str(k) for k in range(7)], columns=5)
    draw(axes)
    assert len(axes) == 10
    assert [ax.get_title() for ax in axes] == [str(k) for k in range(7)] + [""] * 3
    for ax, image in zip(axes, images, strict=False):
        assert (np.asarray(ax.images[0].get_array()) == image).all()


@pytest.mark.parametrize("images", [np.zeros((2, 8, 8)), np.zeros((3, 64))])
def test_images_need_a_title_each(images):
    with pytest.raises(ValueError, match="titles must hold one title for each image"):
        plots.plot_images(images, ["a", "b", "c"])


# Reliability


def test_calibrated_forecasts_lie_on_the_diagonal():
    curve = ReliabilityCurve(np.array([0.3, 0.9]), np.array([0.4, 0.8]), np.array([10, 90]))
    ax = plots.plot_reliability(curve, label="before")
    draw(ax)
    diagonal, line = ax.lines
    assert list(diagonal.get_xdata()) == list(diagonal.get_ydata()) == [0, 1]
    assert line.get_ydata().tolist() == [0.4, 0.8]
    sizes = ax.collections[0].get_sizes()
    assert sizes[1] > sizes[0]


def test_a_second_curve_does_not_draw_the_diagonal_again():
    curve = ReliabilityCurve(np.array([0.3, 0.9]), np.array([0.4, 0.8]), np.array([10, 90]))
    ax = plots.plot_reliability(curve, label="before")
    plots.plot_reliability(curve, label="after", ax=ax)
    assert len(ax.lines) == 3


def test_the_range_of_chance_is_a_bar_behind_each_dot():
    curve = ReliabilityCurve(np.array([0.3, 0.9]), np.array([0.4, 0.8]), np.array([10, 90]))
    ax = plots.plot_reliability(curve, chance=([0.1, 0.85], [0.6, 0.95]))
    draw(ax)
    bars, dots = ax.collections
    ends = [segment.tolist() for segment in bars.get_segments()]
    assert ends == [[[0.3, 0.1], [0.3, 0.6]], [[0.9, 0.85], [0.9, 0.95]]]
    assert bars.get_zorder() < ax.lines[1].get_zorder() < dots.get_zorder()


@pytest.mark.parametrize("chance", [[0.1, 0.2], [[0.1], [0.2]], [[0.1, 0.2]] * 3])
def test_chance_has_two_ends_for_each_bin(chance):
    curve = ReliabilityCurve(np.array([0.3, 0.9]), np.array([0.4, 0.8]), np.array([10, 90]))
    with pytest.raises(ValueError, match=r"chance must have shape \(2, 2\).*got \("):
        plots.plot_reliability(curve, chance=chance)
    assert plt.get_fignums() == []


# The simplex


def test_corners_are_certain_and_the_centre_is_undecided():
    plane = plots.simplex_to_plane(np.vstack([np.eye(3), np.full((1, 3), 1 / 3)]))
    corners, centre = plane[:3], plane[3]
    sides = [np.linalg.norm(corners[k] - corners[k - 1]) for k in range(3)]
    assert sides == pytest.approx([1, 1, 1])
    assert centre == pytest.approx(corners.mean(axis=0))


def test_points_of_the_simplex_are_drawn_in_their_place():
    probs = softmax([[1, 0, 0], [0, 2, 0]])
    ax = plots.plot_simplex(probs, ["a", "b", "c"], colours=["red", "blue"])
    draw(ax)
    assert np.asarray(ax.collections[0].get_offsets()) == pytest.approx(
        plots.simplex_to_plane(probs)
    )


def test_an_empty_simplex_is_a_triangle():
    draw(plots.plot_simplex(np.empty((0, 3)), ["a", "b", "c"]))


@pytest.mark.parametrize("probs", [[0.2, 0.3, 0.5], [[0.5, 0.5]]])
def test_a_simplex_has_three_classes(probs):
    with pytest.raises(ValueError, match=r"probs must have shape \(m, 3\); got"):
        plots.plot_simplex(probs, ["a", "b", "c"])


# Into given axes


@pytest.mark.parametrize(
    "picture",
    [
        lambda ax: plots.plot_learning_curves(HISTORY, ax=ax),
        lambda ax: plots.plot_confusion_matrix(np.eye(2), ["a", "b"], ax=ax),
        lambda ax: plots.plot_simplex([[0.2, 0.3, 0.5]], ["a", "b", "c"], ax=ax),
        lambda ax: plots.plot_decision_regions(
            lambda points: softmax(points), *make_blobs(3, 2), resolution=3, ax=ax
        ),
    ],
)
def test_a_picture_is_drawn_into_the_axes_it_is_given(picture):
    _, ax = plt.subplots()
    assert picture(ax) is ax
    assert plt.get_fignums() == [1]


def test_pictures_leave_the_style_and_the_data_alone():
    before = dict(plt.rcParams)
    matrix = np.array([[3, 1], [0, 4]])
    plots.plot_confusion_matrix(matrix, ["a", "b"])
    plots.plot_learning_curves(HISTORY)
    assert dict(plt.rcParams) == before
    assert matrix.tolist() == [[3, 1], [0, 4]]


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        ([0, 3], ValueError, r"y must lie in 0\.\.2 \(3 classes\); got 3"),
        ([0.0, 1.0], TypeError, "y .* must be of an integer dtype; got float64"),
        (["a", "b"], TypeError, "y must hold real numbers"),
        ([0], ValueError, r"y must have shape \(2,\)"),
    ],
)
def test_labels_that_would_not_be_drawn_are_named(y, error, message):
    def unsure(points):
        return np.full((len(points), 3), 1 / 3)

    with pytest.raises(error, match=message):
        plots.plot_decision_regions(unsure, [[0.0, 1.0], [1.0, 0.0]], y, resolution=2)


def test_an_example_of_label_minus_1_is_not_drawn():
    X, y = make_blobs(5, random_state=0)
    model = SoftmaxRegression().fit(X, y)
    ax = plots.plot_decision_regions(model.predict_proba, X[:2], [-1, 0], resolution=2)
    assert sum(len(points.get_offsets()) for points in ax.collections) == 1


def test_shares_are_written_with_two_digits():
    shares = confusion_matrix([0, 0, 0, 1], [0, 0, 1, 1], normalize="true")
    ax = plots.plot_confusion_matrix(shares, ["cat", "dog"])
    assert [text.get_text() for text in ax.texts] == ["0.67", "0.33", "1.00"]


def sure(points):
    return np.tile([1.0, 0.0], (len(points), 1))


@pytest.mark.parametrize("X", [[[1.0, 3.0], [2.0, 3.0]], [[1.0, 3.0]]])
def test_a_feature_that_never_changes_can_be_drawn(X):
    ax = plots.plot_decision_regions(sure, X, [0] * len(X), resolution=2)
    draw(ax)
    assert ax.get_ylim() == (2, 4)


def test_one_curve_may_be_named_without_a_list():
    assert len(plots.plot_learning_curves(HISTORY, keys="cost").lines) == 1


@pytest.mark.parametrize("confidence", [False, True])
def test_one_class_has_one_region(confidence):
    ax = plots.plot_decision_regions(
        lambda points: np.ones((len(points), 1)),
        [[0.0, 1.0]],
        [0],
        confidence=confidence,
        resolution=2,
    )
    assert len(np.unique(ax.images[0].get_array().reshape(-1, 3), axis=0)) == 1


def test_no_two_of_a_hundred_classes_look_alike():
    looks = {(plots._colours(100)[label], plots._marker(label)) for label in range(100)}
    assert len(looks) == 100


def test_a_large_feature_that_never_changes_has_two_limits():
    ax = plots.plot_decision_regions(sure, [[1e20, 0.0], [1e20, 1.0]], [0, 1], resolution=2)
    assert ax.get_xlim()[0] < 1e20 < ax.get_xlim()[1]


def test_a_history_may_be_a_frame():
    (line,) = plots.plot_learning_curves(pd.DataFrame({"epoch": [1, 2], "cost": [2.0, 1.0]})).lines
    assert line.get_ydata().tolist() == [2, 1]


def test_one_epoch_is_a_point_to_be_seen():
    ax = plots.plot_learning_curves({"epoch": [1], "cost": [0.5]})
    assert ax.lines[0].get_marker() == "o"
    assert plots.plot_learning_curves(HISTORY).lines[0].get_marker() == "None"


@pytest.mark.parametrize(
    ("picture", "error", "message"),
    [
        (lambda: regions(SoftmaxRegression()), TypeError, "predict_proba must be a function; got"),
        (lambda: regions(lambda points: points[:, 0]), ValueError, r"predict_proba must .*\(4,\)"),
        (lambda: regions(lambda points: points[:1]), ValueError, r"predict_proba must .*\(1, 2\)"),
        (lambda: regions(sure, resolution=0), ValueError, "resolution must be at least 1; got 0"),
        (lambda: regions(sure, limits=(0, 1)), ValueError, r"limits must be four .* got \(0, 1\)"),
        (lambda: regions(sure, limits=(0, 1, 2, 2)), ValueError, "limits must be four numbers"),
        (lambda: regions(sure, class_names=["a"]), ValueError, "class_names must .* 2 .*; got 1"),
        (lambda: images(2, axes=plt.subplots()[1]), ValueError, "axes must .* 2 images; got 1"),
        (lambda: images(2, columns=0), ValueError, "columns must be at least 1; got 0"),
        (
            lambda: regions(lambda points: np.full((len(points), 2), np.nan)),
            ValueError,
            "what predict_proba returns must be finite; got nan",
        ),
        (
            lambda: plots.plot_learning_curves({"cost": [1.0]}),
            ValueError,
            "history must hold a number for each epoch; got as many: {'epoch': 0, 'cost': 1}",
        ),
        (
            lambda: plots.plot_learning_curves({"epoch": [1, 2], "cost": [1.0]}),
            ValueError,
            "history must hold a number for each epoch",
        ),
        (
            lambda: plots.plot_logits_and_probs([np.inf, 0], ["a", "b"]),
            ValueError,
            "logits must be finite; got inf",
        ),
        (
            lambda: plots.plot_logits_and_probs([1, 0], ["a", "b"], axes=plt.subplots()[1]),
            ValueError,
            "axes must be a pair",
        ),
        (lambda: images(0), ValueError, r"images must hold at least one image; .*\(0, 2, 2\)"),
        (
            lambda: plots.plot_simplex([[0.2, 0.3, 0.5]], ["a", "b"]),
            ValueError,
            "class_names must hold three names; got 2",
        ),
        (lambda: regions(sure, ax=plt.subplots(1, 2)[1]), TypeError, "ax must .*; got ndarray"),
        (
            lambda: plots.plot_learning_curves(HISTORY, ax=plt.figure()),
            TypeError,
            "ax must be one of Matplotlib's Axes; got Figure",
        ),
        (lambda: images(2, axes=[plt, plt]), TypeError, "ax must be one .* Axes; got module"),
        (lambda: regions(sure, class_names={0: "a", 1: "b"}), TypeError, "class_names must be a"),
        (
            lambda: plots.plot_confusion_matrix([[1]], None),
            TypeError,
            "class_names must be a sequence of names; got None",
        ),
        (
            lambda: plots.plot_images(np.zeros((1, 2, 2)), {"a"}),
            TypeError,
            "titles must be a sequence of names; got {'a'}",
        ),
        (
            lambda: plots.plot_learning_curves(SoftmaxNetwork()),
            TypeError,
            "history must be a dict of lists, .*; got SoftmaxNetwork",
        ),
        (
            lambda: plots.plot_reliability(([0.5], [0.6])),
            TypeError,
            "curve must be what reliability_curve returns; got tuple",
        ),
        (
            lambda: plots.plot_confusion_matrix(np.zeros((0, 0)), []),
            ValueError,
            "class_names must hold at least one name",
        ),
    ],
)
def test_what_cannot_be_drawn_is_named_before_it_is(picture, error, message):
    with pytest.raises(error, match=message):
        picture()


def regions(predict_proba, **options):
    options = {"resolution": 2, **options}
    return plots.plot_decision_regions(predict_proba, [[0.0, 1.0], [1.0, 0.0]], [0, 1], **options)


def images(k, **options):
    return plots.plot_images(np.zeros((k, 2, 2)), ["title"] * k, **options)
