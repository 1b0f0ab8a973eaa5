"""Data to learn on: two small real data sets, two synthetic ones, and an honest split."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core.labels import as_labels
from ._core.validate import as_count, as_generator, as_number, as_real

SHA256 = {
    "digits.csv.gz": "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
    "penguins.csv": "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93",
}
PENGUIN_FEATURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
PENGUIN_SPECIES = ("Adelie", "Chinstrap", "Gentoo")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples with their labels, and what both are called.

    Attributes
    ----------
    X : ndarray of float64, shape (m, n)
        A row is an example.
    y : ndarray of int, shape (m,)
        Labels in 0..C-1.
    feature_names : tuple of str, length n
        What the columns of `X` hold.
    class_names : tuple of str, length C
        What the labels stand for.
    """

    X: NDArray[np.float64]
    y: NDArray[np.integer]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]


def load_digits() -> Dataset:
    r"""Load 1,797 handwritten digits, 8 by 8 pixels each.

    .. math:: (x_i, y_i) \in \{0, \tfrac{1}{16}, \dots, 1\}^{64} \times \{0, \dots, 9\}

    Returns
    -------
    Dataset
        `X` of shape (1797, 64), the brightness from 0 to 1, row by row; `y` of shape (1797,).

    Raises
    ------
    ValueError
        If the file in the package is damaged.

    See Also
    --------
    load_penguins : fewer features, drawn more easily.
    split : training, validation and test examples.

    Notes
    -----
    The examples come in the order of the file, which keeps each writer's digits together. A
    split in that order asks a harder question than a random one: how well are *new* writers
    read?

    References
    ----------
    .. [1] E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
       Learning Repository, 1998 (CC BY 4.0).

    Examples
    --------
    >>> digits = load_digits()
    >>> digits.X.shape, digits.y[:10].tolist()
    ((1797, 64), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    import gzip  # with the first file: `import softmax_lib` need not wait for it

    text = gzip.decompress(_verified_bytes("digits.csv.gz"))
    table = np.loadtxt(io.BytesIO(text), delimiter=",", dtype=np.intp)
    names = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))
    return Dataset(table[:, :-1] / 16, table[:, -1], names, tuple("0123456789"))


def load_penguins() -> Dataset:
    r"""Load the four measurements of 342 penguins of three species.

    .. math:: (x_i, y_i) \in \mathbb{R}^4 \times \{0, 1, 2\}

    Bill length, bill depth and flipper length come first, then the body mass.

    Returns
    -------
    Dataset
        `X` of shape (342, 4) in millimetres and grams; `y` of shape (342,), 0 Adelie,
        1 Chinstrap, 2 Gentoo. The two birds without measurements are left out.

    Raises
    ------
    ValueError
        If the file in the package is damaged.

    See Also
    --------
    load_digits : more classes and more features.

    Notes
    -----
    Grams beside millimetres: gradient descent hardly moves until the columns are standardised.

    References
    ----------
    .. [1] K. B. Gorman, T. D. Williams and W. R. Fraser, "Ecological Sexual Dimorphism and
       Environmental Variability within a Community of Antarctic Penguins (Genus Pygoscelis)",
       PLoS ONE, 2014 (CC0).

    Examples
    --------
    >>> import numpy as np
    >>> penguins = load_penguins()
    >>> penguins.class_names, np.bincount(penguins.y).tolist()
    (('Adelie', 'Chinstrap', 'Gentoo'), [151, 68, 123])
    """
    import csv  # as above

    text = _verified_bytes("penguins.csv").decode("utf-8")
    birds = [
        bird
        for bird in csv.DictReader(io.StringIO(text))
        if all(bird[feature] != "NA" for feature in PENGUIN_FEATURES)
    ]
    X = np.array([[float(bird[feature]) for feature in PENGUIN_FEATURES] for bird in birds])
    y = np.array([PENGUIN_SPECIES.index(bird["species"]) for bird in birds])
    return Dataset(X, y, PENGUIN_FEATURES, PENGUIN_SPECIES)


def make_blobs(
    n_per_class: int = 100,
    n_classes: int = 3,
    *,
    spread: float = 1.0,
    random_state: int | np.random.Generator | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.integer]]:
    r"""Draw round clouds of points, one a class, around a circle.

    .. math:: \begin{aligned}
              x &= 4 \, (\cos \theta_k, \sin \theta_k) + s \, \varepsilon \\
              \theta_k &= 2 \pi k / C
              \end{aligned}

    Parameters
    ----------
    n_per_class : int, default 100
        Points in each class.
    n_classes : int, default 3
        Number of classes C.
    spread : float, default 1.0
        Standard deviation s of each cloud; at least 0.
    random_state : int, Generator or None
        Seed of the noise; the same seed draws the same points.

    Returns
    -------
    X : ndarray of float64, shape (n_per_class * n_classes, 2)
    y : ndarray of int, shape (n_per_class * n_classes,)

    Raises
    ------
    ValueError
        If a number is out of its range.

    See Also
    --------
    make_spirals : classes that no line separates.

    Notes
    -----
    Neighbouring centres lie 8 sin(π/C) apart.

    References
    ----------
    .. [1] C. M. Bishop, "Pattern Recognition and Machine Learning", Springer, 2006, §4.2.1.

    Examples
    --------
    >>> X, y = make_blobs(50, 4, random_state=0)
    >>> X.shape, y.max()
    ((200, 2), np.int64(3))
    """
    n_per_class = as_count(n_per_class, "n_per_class")
    n_classes = as_count(n_classes, "n_classes")
    spread = as_number(spread, "spread", low=0)
    rng = as_generator(random_state)
    angles = 2 * np.pi * np.arange(n_classes) / n_classes
    centres = 4 * np.column_stack([np.cos(angles), np.sin(angles)])
    y = np.repeat(np.arange(n_classes), n_per_class)
    return centres[y] + spread * rng.standard_normal((len(y), 2)), y


def make_spirals(
    n_per_class: int = 100,
    n_classes: int = 3,
    *,
    turns: float = 0.75,
    noise: float = 0.1,
    random_state: int | np.random.Generator | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.integer]]:
    r"""Draw interleaved spiral arms, one a class.

    .. math:: \begin{aligned}
              x &= r \, (\cos \theta, \sin \theta) \\
              \theta &= 2 \pi (k / C + \text{turns} \cdot r) + s \, \varepsilon
              \end{aligned}

    Parameters
    ----------
    n_per_class : int, default 100
        Points in each class.
    n_classes : int, default 3
        Number of classes C.
    turns : float, default 0.75
        How far each arm winds around the centre.
    noise : float, default 0.1
        Standard deviation s of the angle, in radians; at least 0.
    random_state : int, Generator or None
        Seed of the noise; the same seed draws the same points.

    Returns
    -------
    X : ndarray of float64, shape (n_per_class * n_classes, 2)
        Within the unit circle.
    y : ndarray of int, shape (n_per_class * n_classes,)

    Raises
    ------
    ValueError
        If a number is out of its range.

    See Also
    --------
    make_blobs : classes that lines separate.

    Notes
    -----
    No straight boundary separates the arms, so softmax regression must fail here and a hidden
    layer need not.

    References
    ----------
    .. [1] K. J. Lang and M. J. Witbrock, "Learning to Tell Two Spirals Apart", Proceedings of
       the 1988 Connectionist Models Summer School.

    Examples
    --------
    >>> X, y = make_spirals(50, random_state=0)
    >>> X.shape, bool((X**2).sum(axis=1).max() <= 1)
    ((150, 2), True)
    """
    n_per_class = as_count(n_per_class, "n_per_class")
    n_classes = as_count(n_classes, "n_classes")
    noise = as_number(noise, "noise", low=0)
    turns = as_number(turns, "turns")
    rng = as_generator(random_state)
    y = np.repeat(np.arange(n_classes), n_per_class)
    radius = np.tile(np.linspace(0.05, 1.0, n_per_class), n_classes)
    angle = 2 * np.pi * (y / n_classes + turns * radius) + noise * rng.standard_normal(len(y))
    return radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), y


def split(
    y: ArrayLike,
    fractions: Sequence[float] = (0.6, 0.2, 0.2),
    *,
    random_state: int | np.random.Generator | None = None,
) -> tuple[NDArray[np.intp], ...]:
    r"""Deal the examples out at random, every class in the same proportions.

    .. math:: |\text{part}_j \cap \text{class}_k| \approx f_j \, m_k

    Parameters
    ----------
    y : array_like, shape (m,)
        Labels, numbers or strings.
    fractions : sequence of float, default (0.6, 0.2, 0.2)
        Share of each part; above 0, with sum 1.
    random_state : int, Generator or None
        Seed; the same seed deals the same way.

    Returns
    -------
    tuple of ndarray of int
        Indices of each part, shuffled; every example is in exactly one part.

    Raises
    ------
    TypeError
        If labels are of more kinds than one, or the fractions are no numbers.
    ValueError
        If `y` is not a vector, or the fractions do not sum to 1.

    See Also
    --------
    load_digits : where a split in file order asks another question.

    Notes
    -----
    A part of a class differs from its share by less than one example for each cut. So a class of
    one or two members lies in one part, and where every class is that rare, a part may be empty.

    References
    ----------
    .. [1] T. Hastie, R. Tibshirani and J. Friedman, "The Elements of Statistical Learning",
       Springer, 2009, §7.2.

    Examples
    --------
    Sorted labels cut in two leave the test part without the first class; this does not:

    >>> import numpy as np
    >>> y = np.repeat([0, 1], 50)
    >>> np.bincount(y[80:]).tolist()
    [0, 20]
    >>> train, test = split(y, (0.8, 0.2), random_state=0)
    >>> np.bincount(y[test]).tolist()
    [10, 10]
    """
    y = as_labels(y)
    shares = as_real(fractions, "fractions")
    if shares.ndim != 1 or not (shares > 0).all() or abs(shares.sum() - 1) > 1e-9:
        raise ValueError(f"fractions must be above 0 and sum to 1; got {shares.tolist()}")
    rng = as_generator(random_state)
    parts: list[list[NDArray[np.intp]]] = [[] for _ in shares]
    for label in np.unique(y):
        members = rng.permutation(np.flatnonzero(y == label))
        cuts = np.rint(np.cumsum(shares)[:-1] * len(members)).astype(int)
        for part, piece in zip(parts, np.split(members, cuts), strict=True):
            part.append(piece)
    none = np.empty(0, dtype=np.intp)
    return tuple(rng.permutation(np.concatenate([none, *part])) for part in parts)


def _verified_bytes(name: str) -> bytes:
    import hashlib  # as above
    from importlib.resources import files

    content = files("softmax_lib").joinpath("data", name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        raise ValueError(
            f"the data file {name} is damaged: its SHA-256 must be {SHA256[name]}; "
            f"got {found}. Install softmax_lib again."
        )
    return content
