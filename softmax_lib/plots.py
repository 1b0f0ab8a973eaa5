"""Pictures that are used more than once, in the book's style and palette.

Each function draws into `ax`, or into a new figure, and returns the axes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core.labels import as_class_labels
from ._core.validate import (
    as_count,
    as_features,
    as_finite,
    as_label_indices,
    as_probabilities,
    as_real,
)
from .activations import softmax

if TYPE_CHECKING:
    from .metrics import ReliabilityCurve

try:
    import matplotlib.pyplot as plt
    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap, to_rgb
except ImportError as error:
    raise ImportError(
        'softmax_lib.plots needs Matplotlib: pip install "softmax_lib[plots]"'
    ) from error

# Six colours that stay apart for colour-blind readers (after Okabe and Ito), darkened so that
# each has a contrast of at least 3 : 1 with white; then greys for what is not a class.
COLOURS = (
    "#0072b2",
    "#c14a00",
    "#00805f",
    "#a8488a",
    "#947100",
    "#4d4d4d",
    "#7a4b2a",
    "#5b5bb5",
    "#b02a37",
    "#4d7c0f",
)
INK, MUTED, FAINT = "#222222", "#666666", "#d9d9d9"
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")
HEAT = LinearSegmentedColormap.from_list("book", ["#ffffff", "#9cc7e0", "#0072b2", "#00314d"])


def use_style() -> None:
    """Set Matplotlib to the book's style.

    Sizes suit a column of 6.4 inches, so that text stays readable on a phone. The background
    is white and opaque: a figure looks the same on a light and on a dark page.

    See Also
    --------
    plot_logits_and_probs : a first picture in this style.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> use_style()
    >>> plt.rcParams["axes.spines.top"]
    False
    """
    plt.rcdefaults()
    plt.rcParams.update(
        {
            "figure.figsize": (6.4, 3.6),
            "figure.dpi": 144,
            "figure.facecolor": "white",
            "figure.constrained_layout.use": True,
            "savefig.facecolor": "white",
            "font.size": 11,
            "axes.titlesize": 11,
            "axes.labelsize": 11,
            "legend.fontsize": 10,
            "axes.edgecolor": MUTED,
            "axes.labelcolor": INK,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": False,
            "grid.color": FAINT,
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "lines.linewidth": 2,
            "legend.frameon": False,
            "image.cmap": "gray_r",
        }
    )


def plot_logits_and_probs(
    logits: ArrayLike, class_names: Sequence[str], *, axes: Sequence[Axes] | None = None
) -> Sequence[Axes]:
    r"""Draw logits and their softmax side by side, a bar a class.

    .. math:: z_k \quad \longrightarrow \quad e^{z_k} / \sum_j e^{z_j}

    Parameters
    ----------
    logits : array_like, shape (C,)
        Scores of one example.
    class_names : sequence of str, length C
        Labels of the bars.
    axes : pair of matplotlib.axes.Axes, optional
        Where to draw the logits and the probabilities; a new figure by default.

    Returns
    -------
    pair of matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If `class_names` are no sequence, or `axes` are none of Matplotlib's.
    ValueError
        If there is not one name for each logit, a logit is not finite, or `axes` are no pair.

    See Also
    --------
    softmax_lib.softmax : what leads from the left to the right.

    Examples
    --------
    >>> use_style()
    >>> left, right = plot_logits_and_probs([5, 2, -1, 3], ["other", "cat", "dog", "chick"])
    >>> right.get_title()
    'probabilities'
    """
    logits, class_names = as_finite(logits, "logits"), _as_names(class_names)
    if logits.shape != (len(class_names),):
        raise ValueError(
            f"class_names must hold one name for each logit; got "
            f"{len(class_names)} names for logits of shape {logits.shape}"
        )
    if axes is None:
        _, axes = plt.subplots(1, 2, sharey=True)
    if np.asarray(axes, dtype=object).shape != (2,):
        raise ValueError(f"axes must be a pair; got {axes!r}")
    for ax, values, digits, title in zip(
        map(_as_axes, axes),
        (logits, softmax(logits)),
        (1, 3),
        ("logits", "probabilities"),
        strict=True,
    ):
        # At numbers: bars at names would stand on each other where two are alike.
        bars = ax.barh(range(len(values)), values, color=_colours(len(values)))
        ax.set_yticks(range(len(values)), class_names)
        ax.bar_label(bars, [f"{value:.{digits}f}" for value in values], padding=3)
        ax.axvline(0, color=MUTED, linewidth=0.8)
        ax.margins(x=0.22)
        ax.set_title(title)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
    axes[0].invert_yaxis()
    return axes


def plot_decision_regions(
    predict_proba: Callable[[NDArray], NDArray],
    X: ArrayLike,
    y: ArrayLike,
    *,
    class_names: Sequence[str] | None = None,
    confidence: bool = False,
    limits: tuple[float, float, float, float] | None = None,
    resolution: int = 240,
    ax: Axes | None = None,
) -> Axes:
    r"""Colour the plane by the most probable class, and put the examples on it.

    .. math:: \text{region}_k = \{ x : \arg\max_j \hat y_j(x) = k \}

    Parameters
    ----------
    predict_proba : callable
        Takes points of shape (m, 2) and returns probabilities of shape (m, C).
    X : array_like, shape (m, 2)
        The examples.
    y : array_like of int, shape (m,)
        Their labels 0..C-1; one of -1 is not drawn.
    class_names : sequence of str, optional
        Names for a legend.
    confidence : bool, default False
        Fade the colour to white where the largest probability nears 1/C.
    limits : (x low, x high, y low, y high), optional
        The part of the plane; by default a little more than the examples.
    resolution : int, default 240
        Points along each axis.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If labels are not of an integer dtype, `predict_proba` is no function, `class_names` are no
        sequence, or `ax` is none of Matplotlib's.
    ValueError
        If `X` does not have two columns, labels or names do not fit, or `predict_proba` returns
        something else.

    See Also
    --------
    plot_simplex : probabilities of three classes as points of a triangle.

    Examples
    --------
    >>> from softmax_lib import SoftmaxRegression, make_blobs
    >>> X, y = make_blobs(random_state=0)
    >>> model = SoftmaxRegression().fit(X, y)
    >>> ax = plot_decision_regions(model.predict_proba, X, y, resolution=20)
    >>> len(ax.images)
    1
    """
    X = as_features(X)
    if X.shape[1] != 2:
        raise ValueError(f"X must have two columns to be drawn; got {X.shape[1]}")
    if not callable(predict_proba):
        raise TypeError(f"predict_proba must be a function; got {type(predict_proba).__name__}")
    resolution = as_count(resolution, "resolution")
    x0, x1, y0, y1 = _limits(X) if limits is None else _as_limits(limits)
    grid = np.stack(
        np.meshgrid(np.linspace(x0, x1, resolution), np.linspace(y0, y1, resolution)), axis=-1
    )
    probs = as_finite(predict_proba(grid.reshape(-1, 2)), "what predict_proba returns")
    if probs.ndim != 2 or len(probs) != resolution**2:
        raise ValueError(
            f"predict_proba must return probabilities of shape ({resolution**2}, C) for as many "
            f"points; got {probs.shape}"
        )
    class_names = None if class_names is None else _as_names(class_names)
    if class_names is not None and len(class_names) != probs.shape[1]:
        raise ValueError(
            f"class_names must hold one name for each of {probs.shape[1]} classes; "
            f"got {len(class_names)}"
        )
    y = as_label_indices(as_class_labels(y, len(X)), probs.shape[1], "y", ignore_index=-1)
    ax = _axes(ax)
    colours = np.array([to_rgb(colour) for colour in _colours(probs.shape[1])])
    winner = probs.argmax(axis=1)
    strength = np.full(len(probs), 0.3)
    if confidence and probs.shape[1] > 1:  # of one class there is no doubt
        floor = 1 / probs.shape[1]
        strength = 0.6 * (probs.max(axis=1) - floor) / (1 - floor)
    pixels = 1 - strength[:, None] * (1 - colours[winner])
    ax.imshow(
        pixels.reshape(resolution, resolution, 3),
        extent=(x0, x1, y0, y1),
        origin="lower",
        aspect="auto",
        interpolation="nearest",
    )
    for label in range(probs.shape[1]):
        points = X[y == label]
        ax.scatter(
            points[:, 0],
            points[:, 1],
            s=18,
            color=colours[label],
            marker=_marker(label),
            edgecolor="white",
            linewidth=0.5,
            label=None if class_names is None else class_names[label],
        )
    ax.set(xlim=(x0, x1), ylim=(y0, y1))
    if class_names is not None:
        ax.legend(frameon=True, framealpha=0.9, edgecolor=FAINT)
    return ax


def plot_learning_curves(
    history: Mapping[str, Sequence[float]],
    *,
    keys: str | Sequence[str] = ("cost", "validation_loss"),
    ax: Axes | None = None,
) -> Axes:
    r"""Draw what training recorded after each epoch.

    .. math:: t \mapsto J_t

    Parameters
    ----------
    history : dict of list
        ``history_`` of a network: ``"epoch"`` and the curves.
    keys : str or sequence of str, default ("cost", "validation_loss")
        Which curves to draw; those that were not recorded are left out.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If `history` is no dict or frame, or `ax` is none of Matplotlib's.
    ValueError
        If none of the curves was recorded, or not for each epoch.

    See Also
    --------
    softmax_lib.SoftmaxNetwork : records them.

    Examples
    --------
    >>> ax = plot_learning_curves({"epoch": [1, 2], "cost": [1.0, 0.5]})
    >>> len(ax.lines)
    1
    """
    if not callable(getattr(history, "get", None)):  # of a dict, or of a frame
        raise TypeError(
            f"history must be a dict of lists, the history_ of a network; "
            f"got {type(history).__name__}"
        )
    keys = [keys] if isinstance(keys, str) else keys
    drawn = [key for key in keys if key in history]
    if not drawn:
        raise ValueError(
            f"keys must name a recorded curve, one of "
            f"{', '.join(map(repr, history))}; got {tuple(keys)!r}"
        )
    lengths = {key: len(history.get(key, ())) for key in ("epoch", *drawn)}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"history must hold a number for each epoch; got as many: {lengths}")
    marker = "o" if lengths["epoch"] == 1 else None  # a line through one point is none
    ax = _axes(ax)
    for key, style in zip(drawn, ("-", "--", "-.", ":") * len(drawn), strict=False):
        ax.plot(history["epoch"], history[key], style, marker=marker, label=key.replace("_", " "))
    ax.set(xlabel="epoch", ylabel=drawn[0] if len(drawn) == 1 else None)
    ax.legend()
    return ax


def plot_confusion_matrix(
    matrix: ArrayLike, class_names: Sequence[str], *, ax: Axes | None = None
) -> Axes:
    r"""Draw a confusion matrix: rows are the truth, columns the prediction.

    .. math:: M_{jk} = \#\{ i : y_i = j, \ \hat y_i = k \}

    Parameters
    ----------
    matrix : array_like of int, shape (C, C)
        From `softmax_lib.confusion_matrix`.
    class_names : sequence of str, length C
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If `class_names` are no sequence, or `ax` is none of Matplotlib's.
    ValueError
        If the matrix is not square, with a name for each class, or there is no class.

    See Also
    --------
    softmax_lib.confusion_matrix : counts.

    Notes
    -----
    Only mistakes are coloured: next to the diagonal they would all look pale.

    Examples
    --------
    >>> ax = plot_confusion_matrix([[9, 1], [0, 8]], ["cat", "dog"])
    >>> [text.get_text() for text in ax.texts]
    ['9', '1', '8']
    """
    matrix, class_names = as_real(matrix, "matrix"), _as_names(class_names)
    if not class_names:
        raise ValueError("class_names must hold at least one name; got none")
    if matrix.shape != (len(class_names), len(class_names)):
        raise ValueError(
            f"matrix must have shape ({len(class_names)}, {len(class_names)}), a "
            f"row and a column for each class name; got {matrix.shape}"
        )
    ax = _axes(ax)
    mistakes = matrix * (1 - np.eye(len(matrix)))
    ax.imshow(mistakes, cmap=HEAT, vmin=0, vmax=max(1, mistakes.max()) * 1.3)
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            dark = mistakes[row, column] > 0.6 * max(1, mistakes.max())
            ax.text(
                column,
                row,
                f"{count:.2f}" if matrix.dtype.kind == "f" else f"{count}",
                ha="center",
                va="center",
                fontsize=9,
                color="white" if dark else MUTED if row == column else INK,
            )
    ax.set_xticks(range(len(matrix)), class_names)
    ax.set_yticks(range(len(matrix)), class_names)
    ax.set(xlabel="predicted", ylabel="true")
    return ax


def plot_images(
    images: ArrayLike,
    titles: Sequence[str],
    *,
    columns: int = 5,
    axes: Sequence[Axes] | NDArray[np.object_] | None = None,
) -> NDArray[np.object_]:
    r"""Draw small grey images in rows, each with a title.

    .. math:: x \in [0, 1]^{h \times w}

    Parameters
    ----------
    images : array_like, shape (k, h, w)
        Brightness from 0 (drawn white) to 1 (drawn black).
    titles : sequence of str, length k
    columns : int, default 5
        Images a row.
    axes : array of matplotlib.axes.Axes, optional
        At least k of them; a new figure by default.

    Returns
    -------
    ndarray of matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If `titles` are no sequence, or `axes` are none of Matplotlib's.
    ValueError
        If there is no image, or not one title and, where axes are given, one of them for each.

    See Also
    --------
    softmax_lib.load_digits : images to draw.

    Examples
    --------
    >>> from softmax_lib import load_digits
    >>> axes = plot_images(load_digits().X[:3].reshape(-1, 8, 8), ["0", "1", "2"])
    >>> axes[1].get_title()
    '1'
    """
    images, titles = as_real(images, "images"), _as_names(titles, "titles")
    if images.ndim != 3 or len(images) != len(titles):
        raise ValueError(
            f"titles must hold one title for each image of shape (h, w); got "
            f"{len(titles)} titles for images of shape {images.shape}"
        )
    if not len(images):
        raise ValueError(f"images must hold at least one image; got shape {images.shape}")
    if axes is None:
        rows = -(-len(images) // as_count(columns, "columns"))
        _, axes = plt.subplots(rows, columns, figsize=(6.4, 1.75 * rows), squeeze=False)
    flat = np.asarray(axes, dtype=object).ravel()
    if len(flat) < len(images):
        raise ValueError(f"axes must hold one for each of {len(images)} images; got {len(flat)}")
    for ax, image, title in zip(map(_as_axes, flat), images, titles, strict=False):
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
        ax.set_title(title, fontsize=10)
    for ax in flat:
        ax.axis("off")
    return flat


def plot_reliability(
    curve: ReliabilityCurve,
    *,
    chance: ArrayLike | None = None,
    label: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw accuracy against confidence; calibrated forecasts lie on the diagonal.

    .. math:: \text{acc}_b \approx \text{conf}_b

    Parameters
    ----------
    curve : ReliabilityCurve
        From `softmax_lib.reliability_curve`; the area of a dot grows with its count.
    chance : (low, high), each array_like of shape (bins,), optional
        Range of the accuracies that calibrated forecasts would show, drawn as a grey bar behind
        each dot.
    label : str, optional
        Name for a legend.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If `curve` is none of `reliability_curve`, or `ax` is none of Matplotlib's.
    ValueError
        If `chance` does not hold two values for each bin.

    See Also
    --------
    softmax_lib.reliability_curve : counts.

    Notes
    -----
    A range for `chance`: draw labels from the forecasts themselves, many times; the quantiles of
    the accuracies of their curves are what chance gives.

    Examples
    --------
    >>> from softmax_lib import reliability_curve
    >>> ax = plot_reliability(reliability_curve([[0.9, 0.1]] * 4, [0, 0, 0, 1]))
    >>> ax.get_xlabel()
    'confidence'
    """
    if not all(hasattr(curve, part) for part in ("confidence", "accuracy", "count")):
        raise TypeError(f"curve must be what reliability_curve returns; got {type(curve).__name__}")
    if chance is not None:
        chance = as_real(chance, "chance")
        if chance.shape != (2, len(curve.count)):
            raise ValueError(
                f"chance must have shape (2, {len(curve.count)}), the lowest and the "
                f"highest accuracy of each bin; got {chance.shape}"
            )
    ax = _axes(ax)
    if not ax.lines:
        ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=":")
    if chance is not None:
        ax.vlines(curve.confidence, *chance, color=MUTED, alpha=0.35, linewidth=9, zorder=1)
    (line,) = ax.plot(curve.confidence, curve.accuracy, label=label)
    ax.scatter(
        curve.confidence,
        curve.accuracy,
        zorder=3,
        color=line.get_color(),
        s=20 + 60 * curve.count / curve.count.sum(),
    )
    ax.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="confidence", ylabel="accuracy", aspect="equal")
    if label is not None:
        ax.legend()
    return ax


def plot_simplex(
    probs: ArrayLike,
    class_names: Sequence[str],
    *,
    colours: Sequence[Any] | None = None,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw distributions over three classes as points of a triangle.

    .. math:: p \mapsto p_0 v_0 + p_1 v_1 + p_2 v_2

    Parameters
    ----------
    probs : array_like, shape (m, 3)
        Probabilities; rows sum to 1. With no rows only the triangle is drawn.
    class_names : sequence of str, length 3
        Names of the corners.
    colours : sequence of colours, optional
        One for each point.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If `class_names` are no sequence, or `ax` is none of Matplotlib's.
    ValueError
        If there are not three classes or rows do not sum to 1.

    See Also
    --------
    simplex_to_plane : the map, for arrows and paths of your own.

    Examples
    --------
    >>> ax = plot_simplex([[0.2, 0.3, 0.5]], ["cat", "dog", "chick"])
    >>> [text.get_text() for text in ax.texts]
    ['cat', 'dog', 'chick']
    """
    points, class_names = simplex_to_plane(probs), _as_names(class_names)
    if len(class_names) != 3:
        raise ValueError(f"class_names must hold three names; got {len(class_names)}")
    ax = _axes(ax)
    corners = simplex_to_plane(np.eye(3))
    ax.fill(*corners.T, facecolor="none", edgecolor=MUTED, linewidth=1)
    for corner, name, va in zip(corners, class_names, ("top", "top", "bottom"), strict=True):
        offset = 0.04 if va == "bottom" else -0.04
        ax.text(corner[0], corner[1] + offset, name, ha="center", va=va)
    ax.scatter(points[:, 0], points[:, 1], c=colours, zorder=3)
    ax.set(xlim=(-0.15, 1.15), ylim=(-0.15, 1.0), aspect="equal")
    ax.axis("off")
    return ax


def simplex_to_plane(probs: ArrayLike) -> NDArray[np.floating]:
    r"""Map distributions over three classes to points of a triangle with side 1.

    .. math:: p \mapsto (p_1 + p_2 / 2, \ \tfrac{\sqrt 3}{2} p_2)

    Parameters
    ----------
    probs : array_like, shape (m, 3)
        Probabilities; rows sum to 1.

    Returns
    -------
    ndarray, shape (m, 2)

    Raises
    ------
    ValueError
        If there are not three classes or rows do not sum to 1.

    See Also
    --------
    plot_simplex : draws the triangle.

    Examples
    --------
    >>> simplex_to_plane([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    array([[0., 0.],
           [1., 0.]])
    """
    probs = as_probabilities(probs, -1, "probs")
    if probs.ndim != 2 or probs.shape[1] != 3:
        raise ValueError(f"probs must have shape (m, 3); got {probs.shape}")
    return probs @ np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]])


def _limits(X: NDArray) -> NDArray[np.float64]:
    """A little more than the examples: x low, x high, y low, y high."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = np.where(low < high, 0.08 * (high - low), np.maximum(1, 1e-9 * abs(low)))
    return np.column_stack([low - margin, high + margin]).ravel()


def _as_limits(limits: ArrayLike) -> NDArray:
    numbers = as_finite(limits, "limits")
    if numbers.shape != (4,) or not (numbers[::2] < numbers[1::2]).all():
        raise ValueError(
            f"limits must be four numbers, x low, x high, y low, y high; got {limits!r}"
        )
    return numbers


def _axes(ax: Axes | None) -> Axes:
    return plt.subplots()[1] if ax is None else _as_axes(ax)


def _as_axes(ax: Any) -> Axes:
    """One pair of axes; ``plt.subplots(1, 2)`` gives an array of them, and a figure has several."""
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be one of Matplotlib's Axes; got {type(ax).__name__}")
    return ax


def _as_names(names: Any, name: str = "class_names") -> list[Any]:
    """One name after another; a dict would give its keys, and a set any order."""
    if isinstance(names, (Mapping, Set)) or not isinstance(names, Iterable):
        raise TypeError(f"{name} must be a sequence of names; got {names!r}")
    return list(names)


def _marker(label: int) -> str:
    """One further each time the colours come round: no two of a hundred classes look alike."""
    return MARKERS[(label + label // len(COLOURS)) % len(MARKERS)]


def _colours(n_classes: int) -> list[str]:
    return [COLOURS[k % len(COLOURS)] for k in range(n_classes)]
