"""Data: what the files hold, that damage is noticed, that a seed decides, that a split is fair."""

import csv
import hashlib
from importlib.resources import files

import numpy as np
import pytest
import sklearn.datasets
from hypothesis import given
from hypothesis import strategies as st

from softmax_lib import datasets, load_digits, load_penguins, make_blobs, make_spirals, split

LOADERS = [load_digits, load_penguins]
MAKERS = [make_blobs, make_spirals]
FILES = {"digits.csv.gz": load_digits, "penguins.csv": load_penguins}


# The two files


def test_the_digits_are_scikit_learns_to_the_last_pixel():
    ours, theirs = load_digits(), sklearn.datasets.load_digits()
    assert (theirs.data == ours.X * 16).all()
    assert (ours.y == theirs.target).all()


def test_there_are_1797_digits_between_0_and_1():
    digits = load_digits()
    assert digits.X.shape == (1797, 64)
    assert (digits.X.min(), digits.X.max()) == (0, 1)
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.bincount(digits.y).tolist() == counts
    assert digits.class_names == tuple("0123456789")


def test_the_pixels_are_named_row_by_row():
    digits = load_digits()
    assert len(digits.feature_names) == 64
    assert (digits.feature_names[1], digits.feature_names[8]) == ("pixel_0_1", "pixel_1_0")
    assert (digits.X[:, 0] == 0).all()  # the corner is empty in every image


def test_there_are_342_penguins_of_three_species():
    penguins = load_penguins()
    assert penguins.X.shape == (342, 4)
    assert np.bincount(penguins.y).tolist() == [151, 68, 123]
    assert penguins.class_names == ("Adelie", "Chinstrap", "Gentoo")
    assert penguins.feature_names[-1] == "body_mass_g"


def test_a_penguin_is_measured_in_millimetres_and_grams():
    penguins = load_penguins()
    assert penguins.X[0].tolist() == [39.1, 18.7, 181, 3750]
    assert (penguins.X.min(axis=0) > [30, 10, 170, 2500]).all()
    assert (penguins.X.max(axis=0) < [60, 22, 235, 6500]).all()


def test_only_the_two_birds_without_measurements_are_left_out():
    with open(str(files("softmax_lib") / "data" / "penguins.csv"), encoding="utf-8") as file:
        birds = list(csv.DictReader(file))
    assert len(birds) == 344
    assert sum(bird["bill_length_mm"] == "NA" for bird in birds) == 2


def test_the_prior_entropies_of_the_penguins():
    shares = np.bincount(load_penguins().y) / 342
    assert round(float(-(shares * np.log(shares)).sum()), 4) == 1.0499


@pytest.mark.parametrize("load", LOADERS)
def test_features_are_float64_and_labels_integers(load):
    data = load()
    assert data.X.dtype == np.float64
    assert data.y.dtype == np.intp  # 32 bits in a browser, where np.bincount takes no more
    assert len(data.feature_names) == data.X.shape[1]
    assert len(data.class_names) == data.y.max() + 1


@pytest.mark.parametrize("load", LOADERS)
def test_every_load_is_a_fresh_copy(load):
    first = load()
    first.X[:], first.y[:] = -1, -1
    assert load().X.min() >= 0
    assert load().y.min() == 0


@pytest.mark.parametrize("name", FILES)
def test_the_checksum_in_the_readme_is_that_of_the_file(name):
    data = files("softmax_lib") / "data"
    digest = hashlib.sha256((data / name).read_bytes()).hexdigest()
    assert datasets.SHA256[name] == digest
    assert digest in (data / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    """A copy of the data files that a test may damage."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes((files("softmax_lib") / "data" / name).read_bytes())
    monkeypatch.setattr("importlib.resources.files", lambda package: tmp_path)
    return folder


@pytest.mark.parametrize(("name", "load"), FILES.items())
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content + b"\n",
        lambda content: b"",
        lambda content: content[:500] + bytes([content[500] ^ 1]) + content[501:],
        lambda content: content.replace(b"\n", b"\r\n", 1),
    ],
)
def test_a_damaged_file_is_named(name, load, damage, data_folder):
    load()
    path = data_folder / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(
        ValueError,
        match=f"{name} is damaged: its SHA-256 must be .*; got .*"
        r"Install softmax_lib again\.",
    ):
        load()


# Made-up data


@pytest.mark.parametrize("make", MAKERS)
def test_points_and_labels_have_their_shapes(make):
    X, y = make(7, 4, random_state=0)
    assert X.shape == (28, 2)
    assert y.tolist() == [0] * 7 + [1] * 7 + [2] * 7 + [3] * 7
    assert (X.dtype, y.dtype.kind) == (np.float64, "i")


@pytest.mark.parametrize("make", MAKERS)
def test_a_seed_decides_everything(make):
    assert (make(random_state=3)[0] == make(random_state=3)[0]).all()
    assert (make(random_state=3)[0] != make(random_state=4)[0]).any()


@pytest.mark.parametrize("make", MAKERS)
def test_a_generator_goes_on_where_it_stands(make):
    rng = np.random.default_rng(0)
    first, second = make(random_state=rng)[0], make(random_state=rng)[0]
    assert (first == make(random_state=0)[0]).all()
    assert (first != second).any()


@pytest.mark.parametrize("make", MAKERS)
def test_without_a_seed_two_calls_differ(make):
    assert (make()[0] != make()[0]).any()


def test_the_first_points_of_seed_0_are_the_same_anywhere():
    assert make_blobs(random_state=0)[0][0] == pytest.approx([4.12573022, -0.13210486], abs=5e-9)


def test_without_spread_blobs_are_their_centres():
    X, _ = make_blobs(1, 4, spread=0)
    assert pytest.approx(np.array([[4, 0], [0, 4], [-4, 0], [0, -4]]), abs=1e-14) == X


def test_neighbouring_centres_lie_8_sine_pi_over_c_apart():
    X, _ = make_blobs(1, 5, spread=0)
    assert np.linalg.norm(X[0] - X[1]) == pytest.approx(8 * np.sin(np.pi / 5))


def test_spread_is_a_standard_deviation():
    X, y = make_blobs(4000, 3, spread=0.5, random_state=0)
    for label in range(3):
        assert X[y == label].std(axis=0) == pytest.approx(0.5, rel=0.05)


def test_quiet_spirals_start_inside_and_wind_by_their_turns():
    X, _ = make_spirals(50, 1, turns=0.5, noise=0)
    radius = np.hypot(*X.T)
    assert radius == pytest.approx(np.linspace(0.05, 1, 50))
    angle = np.unwrap(np.arctan2(X[:, 1], X[:, 0]))
    assert angle == pytest.approx(np.pi * radius)


@given(st.integers(0, 2**32), st.floats(0, 3))
def test_spirals_stay_within_the_unit_circle(seed, noise):
    X, _ = make_spirals(20, noise=noise, random_state=seed)
    assert np.hypot(*X.T).max() <= 1 + 1e-15


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        ((0,), ValueError, "n_per_class must be at least 1; got 0"),
        ((2.5,), TypeError, r"n_per_class must be an integer; got 2\.5"),
        ((5, 0), ValueError, "n_classes must be at least 1; got 0"),
        ((5, "3"), TypeError, "n_classes must be an integer; got '3'"),
    ],
)
def test_counts_are_checked(make, args, error, message):
    with pytest.raises(error, match=message):
        make(*args)


@pytest.mark.parametrize("bad", [-1, np.nan, np.inf])
def test_noise_is_finite_and_at_least_0(bad):
    with pytest.raises(ValueError, match="spread must be finite and at least 0; got"):
        make_blobs(spread=bad)
    with pytest.raises(ValueError, match="noise must be finite and at least 0; got"):
        make_spirals(noise=bad)


# The split


labels = st.lists(st.sampled_from("abcd"), max_size=60).map(np.array)
fractions = st.sampled_from([(0.6, 0.2, 0.2), (0.8, 0.2), (0.5, 0.5), (1.0,), (0.1, 0.2, 0.3, 0.4)])


@given(labels, fractions, st.integers(0, 2**32))
def test_every_example_is_in_exactly_one_part(y, fractions, seed):
    parts = split(y, fractions, random_state=seed)
    assert len(parts) == len(fractions)
    assert np.sort(np.concatenate(parts)).tolist() == list(range(len(y)))
    assert all(part.dtype.kind == "i" for part in parts)


@given(labels, fractions, st.integers(0, 2**32))
def test_each_class_is_dealt_out_within_one_example_of_its_share(y, fractions, seed):
    parts = split(y, fractions, random_state=seed)
    for label in np.unique(y):
        for part, fraction in zip(parts, fractions, strict=True):
            assert abs((y[part] == label).sum() - fraction * (y == label).sum()) <= 1 + 1e-9


def test_where_the_shares_are_whole_they_are_exact():
    y = np.repeat([0, 1], [50, 10])
    parts = split(y, random_state=0)
    assert [np.bincount(y[part]).tolist() for part in parts] == [[30, 6], [10, 2], [10, 2]]


def test_sorted_labels_cut_in_two_lack_a_class_where_ours_do_not():
    y = np.repeat([0, 1], 50)
    assert set(y[80:]) == {1}
    assert set(y[split(y, (0.8, 0.2), random_state=0)[1]]) == {0, 1}


def test_the_same_seed_deals_the_same_way_and_another_another():
    y = load_penguins().y
    parts, again, other = (split(y, random_state=seed) for seed in (0, 0, 1))
    for part, same in zip(parts, again, strict=True):
        assert (part == same).all()
    assert set(parts[0]) != set(other[0])


def test_the_parts_come_shuffled_not_class_by_class():
    y = np.repeat([0, 1], 50)
    part = split(y, (0.5, 0.5), random_state=0)[0]
    assert (np.diff(y[part]) < 0).any()
    assert (np.diff(part) < 0).any()


@pytest.mark.parametrize(
    "bad", [(0.5, 0.4), (0.6, 0.6, -0.2), (1.0, 0.0), (), [[0.5, 0.5]], (np.nan, 1), 1.0]
)
def test_fractions_are_above_0_and_sum_to_1(bad):
    with pytest.raises(ValueError, match="fractions must be above 0 and sum to 1; got"):
        split([0, 1], bad)


@pytest.mark.parametrize("bad", [[[0], [1]], 3])
def test_labels_to_split_are_a_vector(bad):
    with pytest.raises(ValueError, match=r"y must have shape \(m,\), one label an example; got \("):
        split(bad)


def test_split_refuses_labels_that_it_could_not_deal_out():
    with pytest.raises(ValueError, match="y must be finite; got nan"):
        split([np.nan, 1.0, 2.0])
    with pytest.raises(ValueError, match="y must have no missing value; got None at index 0"):
        split([None, "a"])
