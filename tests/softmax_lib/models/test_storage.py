"""Saved models come back as they were; any other file is a clear error; nothing is left behind."""

import errno
import io
import json
import os
import pickle
import stat
import zipfile
from threading import Thread

import numpy as np
import pytest

from softmax_lib import (
    Adam,
    GradientDescent,
    Momentum,
    SoftmaxNetwork,
    SoftmaxRegression,
    make_blobs,
)

X, LABELS = make_blobs(8, 3, spread=2.0, random_state=0)
NAMES = np.array(["cat", "dog", "Küken"])[LABELS]
MODELS = {
    "regression": SoftmaxRegression(l2=0.5, fit_intercept=False, tol=1e-7, max_iter=50),
    "network": SoftmaxNetwork(
        (4, 3),
        Momentum(0.02, 0.8),
        batch_size=None,
        epochs=3,
        l2=0.1,
        random_state=5,
        dtype=np.float32,
    ),
    "linear network": SoftmaxNetwork((), Adam(0.1, beta1=0.8), epochs=2),
}
BOTH = [SoftmaxRegression, SoftmaxNetwork]


@pytest.fixture(params=MODELS)
def model(request):
    return MODELS[request.param].fit(X, NAMES)


@pytest.fixture
def saved(model, tmp_path):
    model.save(tmp_path / "model.npz")
    return tmp_path / "model.npz"


def refused(cls, path, message="must be a saved"):
    with pytest.raises(ValueError, match=message) as error:
        cls.load(path)
    assert str(path) in str(error.value)
    assert f"saved {cls.__name__}" in str(error.value)


# There and back


def test_predictions_come_back_to_the_last_bit(model, saved):
    loaded = type(model).load(saved)
    for method in "predict", "predict_proba", "decision_function":
        assert (getattr(loaded, method)(X) == getattr(model, method)(X)).all()
    assert loaded.predict_proba(X).dtype == model.predict_proba(X).dtype
    assert loaded.classes_.tolist() == model.classes_.tolist()
    assert loaded.n_features_in_ == 2


@pytest.mark.parametrize("name", MODELS)
def test_settings_come_back(name, tmp_path):
    before = MODELS[name].fit(X, NAMES)
    before.save(tmp_path / "m.npz")
    after = type(before).load(tmp_path / "m.npz")
    for setting, value in vars(before).items():
        if not setting.startswith("_") and not setting.endswith("_"):
            assert getattr(after, setting) == value


def test_the_history_comes_back(tmp_path):
    network = SoftmaxNetwork((3,), epochs=3, random_state=0)
    network.fit(X, NAMES, validation_data=(X, NAMES)).save(tmp_path / "m.npz")
    assert SoftmaxNetwork.load(tmp_path / "m.npz").history_ == network.history_


@pytest.mark.parametrize(
    "labels", [LABELS, LABELS * 2.5, LABELS > 0, NAMES, LABELS.astype(np.uint8)]
)
@pytest.mark.parametrize("cls", BOTH)
def test_classes_of_every_kind_come_back(cls, labels, tmp_path):
    model = cls().fit(X, labels)
    model.save(tmp_path / "m.npz")
    loaded = cls.load(tmp_path / "m.npz")
    assert loaded.classes_.dtype == model.classes_.dtype
    assert (loaded.predict(X) == model.predict(X)).all()


@pytest.mark.parametrize(
    "model",
    [
        SoftmaxRegression(l2=np.float32(0.5), fit_intercept=np.True_, max_iter=np.int64(50)),
        SoftmaxNetwork(
            (np.int64(3),),
            Adam(np.float32(0.5)),
            batch_size=np.int64(4),
            epochs=np.int32(2),
            l2=np.float32(0.5),
            random_state=np.int64(3),
        ),
    ],
)
def test_settings_may_be_numpy_scalars(model, tmp_path):
    model.fit(X, NAMES).save(tmp_path / "m.npz")
    loaded = type(model).load(tmp_path / "m.npz")
    assert (loaded.predict_proba(X) == model.predict_proba(X)).all()
    assert loaded.l2 == 0.5


def test_a_generator_as_seed_does_not_hinder_saving(tmp_path):
    network = SoftmaxNetwork((3,), epochs=1, random_state=np.random.default_rng(0)).fit(X, NAMES)
    network.save(tmp_path / "m.npz")
    assert (SoftmaxNetwork.load(tmp_path / "m.npz").predict(X) == network.predict(X)).all()


def test_a_loaded_network_can_go_on_learning(tmp_path):
    network = SoftmaxNetwork((5,), GradientDescent(0.1), epochs=5, random_state=0).fit(X, NAMES)
    network.save(tmp_path / "m.npz")
    loaded = SoftmaxNetwork.load(tmp_path / "m.npz")
    before = loaded.cost(X, NAMES)
    loaded.partial_fit(X, NAMES)
    assert loaded.cost(X, NAMES) < before
    assert loaded.history_["epoch"] == [1, 2, 3, 4, 5, 6]
    assert loaded.fit(X, NAMES).history_ == network.history_


class OwnDescent:
    def start(self, parameters):
        return {}

    def step(self, parameters, gradient, state):
        parameters -= 0.1 * gradient


class OwnAdam(Adam):
    pass


@pytest.mark.parametrize("optimizer", [OwnDescent(), OwnAdam()])
def test_an_optimiser_of_ones_own_is_left_out_of_the_file(optimizer, tmp_path):
    network = SoftmaxNetwork((5,), optimizer, epochs=5, random_state=0).fit(X, NAMES)
    network.save(tmp_path / "m.npz")
    assert type(optimizer).__name__.encode() not in (tmp_path / "m.npz").read_bytes()
    for path in tmp_path / "m.npz", tmp_path / "again.npz":
        loaded = SoftmaxNetwork.load(tmp_path / "m.npz")
        assert loaded.optimizer is None
        assert (loaded.predict_proba(X) == network.predict_proba(X)).all()
        loaded.save(path)


def test_a_network_without_its_optimiser_trains_on_with_the_next(tmp_path):
    network = SoftmaxNetwork((5,), OwnDescent(), epochs=5, random_state=0).fit(X, NAMES)
    network.save(tmp_path / "m.npz")
    loaded = SoftmaxNetwork.load(tmp_path / "m.npz")
    with pytest.raises(ValueError, match="optimizer must be set before this network trains on"):
        loaded.partial_fit(X, NAMES)
    assert (loaded.predict_proba(X) == network.predict_proba(X)).all()
    loaded.optimizer = OwnDescent()
    before = loaded.cost(X, NAMES)
    assert loaded.partial_fit(X, NAMES).cost(X, NAMES) < before
    assert loaded.history_["epoch"] == [1, 2, 3, 4, 5, 6]


def test_a_path_may_be_text_and_keeps_its_name(tmp_path):
    model = SoftmaxRegression().fit(X, NAMES)
    model.save(str(tmp_path / "no suffix"))
    assert os.listdir(tmp_path) == ["no suffix"]
    assert (SoftmaxRegression.load(str(tmp_path / "no suffix")).W_ == model.W_).all()


def test_saving_twice_replaces_the_file(saved, model):
    other = type(model)().fit(X[:, :1], LABELS)
    other.save(saved)
    assert type(model).load(saved).n_features_in_ == 1
    assert os.listdir(saved.parent) == ["model.npz"]


def test_the_file_holds_arrays_and_json_and_no_pickle(saved):
    with np.load(saved, allow_pickle=False) as content:
        arrays = {name: content[name] for name in content.files}
    assert not any(array.dtype.hasobject for array in arrays.values())
    assert json.loads(str(arrays["header"]))["format"].startswith("softmax_lib model")


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_a_new_file_gets_the_permissions_of_any_new_file(model, mask, tmp_path):
    before = os.umask(mask)
    try:
        model.save(tmp_path / "model.npz")
        (tmp_path / "plain").touch()
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {0o666 & ~mask}


# An old file: no more changes than open(path, "wb") would change

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and kinds of POSIX")


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_an_old_file_keeps_its_mode(saved, model, mode):
    saved.chmod(mode)
    model.save(saved)
    assert stat.S_IMODE(saved.stat().st_mode) == mode


@posix
def test_a_private_file_is_never_open_to_others(saved, model, monkeypatch):
    saved.chmod(0o600)
    modes, write = set(), os.replace

    def watched(source, target):
        modes.add(stat.S_IMODE(os.stat(source).st_mode))
        write(source, target)

    monkeypatch.setattr(os, "replace", watched)
    opened = os.open
    monkeypatch.setattr(
        os, "open", lambda *args, **kw: modes.add(kw["mode"]) or opened(*args, **kw)
    )
    model.save(saved)
    assert modes == {0o600}


@posix
def test_a_saved_file_is_new_by_its_time(saved, model):
    os.utime(saved, (0, 0))
    model.save(saved)
    assert saved.stat().st_mtime > 0


@posix
def test_a_save_goes_where_a_link_leads(model, saved, tmp_path):
    (tmp_path / "folder").mkdir()
    for name, target in ("link", "model.npz"), ("new", "folder/new.npz"), ("twice", "link"):
        (tmp_path / name).symlink_to(target)
        model.save(tmp_path / name)
        assert os.readlink(tmp_path / name) == target
        assert type(model).load(tmp_path / name).n_features_in_ == 2
    assert os.listdir(tmp_path / "folder") == ["new.npz"]
    assert not list(tmp_path.rglob("*.part"))


@posix
def test_links_that_go_round_in_a_circle_are_left(model, tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        model.save(tmp_path / "a")
    assert {os.readlink(tmp_path / name) for name in os.listdir(tmp_path)} == {"a", "b"}


@posix
def test_a_second_name_of_the_file_sees_the_new_model(saved, model, tmp_path):
    os.link(saved, tmp_path / "second.npz")
    type(model)().fit(X[:, :1], LABELS).save(saved)
    assert type(model).load(tmp_path / "second.npz").n_features_in_ == 1
    assert saved.stat().st_nlink == 2


@posix
def test_a_pipe_stays_a_pipe_and_carries_the_model(model, saved, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    received = []
    reader = Thread(target=lambda: received.append((tmp_path / "pipe").read_bytes()), daemon=True)
    reader.start()
    model.save(tmp_path / "pipe")
    reader.join(timeout=60)
    (tmp_path / "received.npz").write_bytes(received[0])
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert type(model).load(tmp_path / "received.npz").n_features_in_ == 2


@posix
def test_a_device_stays_a_device(model):
    model.save(os.devnull)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@posix
def test_an_open_descriptor_is_written_to(model, tmp_path):
    with open(tmp_path / "gone.npz", "w+b") as file:
        os.unlink(tmp_path / "gone.npz")
        model.save(f"/dev/fd/{file.fileno()}")
        assert os.listdir(tmp_path) == []
        (tmp_path / "copy.npz").write_bytes(file.read())
    assert type(model).load(tmp_path / "copy.npz").n_features_in_ == 2


@pytest.mark.parametrize("name", ["m" * 251 + ".npz", "näme with spaces", ".hidden"])
def test_every_name_that_a_file_may_have_is_taken(model, tmp_path, name):
    model.save(tmp_path / name)
    model.save(tmp_path / name)
    assert os.listdir(tmp_path) == [name]


def test_a_path_may_be_bytes(model, tmp_path):
    path = os.fsencode(tmp_path / "m.npz")
    model.save(path)
    assert (type(model).load(path).predict(X) == model.predict(X)).all()


@pytest.mark.parametrize("path", ["", "new/", "new/.", ".", "nowhere/m.npz"])
def test_what_open_refuses_is_refused_and_leaves_nothing(model, tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError):  # noqa: PT011 each in the system's words
        open(path, "wb").close()
    with pytest.raises(OSError):  # noqa: PT011
        model.save(path)
    assert os.listdir(tmp_path) == []


def refusing(error, name):
    def refuse(*args, **kwargs):
        raise OSError(error, os.strerror(error), name)

    return refuse


@pytest.mark.parametrize("place", ["os.open", "os.replace", "os.chown"])
@pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY])
def test_a_folder_that_allows_no_new_file_is_no_hindrance(saved, model, monkeypatch, place, error):
    with monkeypatch.context() as patch:
        if place == "os.chown":  # somebody else's file
            unlike = list(os.stat(saved))
            unlike[stat.ST_UID] += 1
            theirs = os.stat_result(unlike)
            stats = os.stat
            patch.setattr(
                os, "stat", lambda path, **kw: theirs if path == saved else stats(path, **kw)
            )
        patch.setattr(place, refusing(error, str(saved)))
        inode = stats(saved).st_ino if place == "os.chown" else os.stat(saved).st_ino
        type(model)().fit(X[:, :1], LABELS).save(saved)
    assert type(model).load(saved).n_features_in_ == 1
    assert os.listdir(saved.parent) == ["model.npz"]
    assert os.stat(saved).st_ino == inode


@pytest.mark.parametrize("place", ["os.open", "os.replace"])
def test_a_full_disk_leaves_the_old_file(saved, model, monkeypatch, place):
    before = saved.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(place, refusing(errno.ENOSPC, str(saved)))
        with pytest.raises(OSError, match="No space left"):
            model.save(saved)
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == ["model.npz"]


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_left(saved, model):
    before = saved.read_bytes()
    saved.chmod(0o444)
    with pytest.raises(PermissionError):
        model.save(saved)
    assert saved.read_bytes() == before


@posix
def test_the_umask_of_the_process_is_not_touched(saved, model, monkeypatch):
    def touched(mask):
        raise AssertionError

    monkeypatch.setattr(os, "umask", touched)
    model.save(saved)
    model.save(saved.with_name("new.npz"))


# What could not be loaded again


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda net: net.history_.update(lr=[None] * 3), r"history_\['lr'\] must be"),
        (lambda net: net.history_.update(lr=[[1], [1, 2], 3]), r"history_\['lr'\] must be"),
        (lambda net: net.history_.update(lr=0.1), r"history_\['lr'\] must be"),
        (lambda net: net.history_.pop("cost"), "history_cost"),
        (lambda net: net.weights_[0].fill(np.nan), "parameters must be finite"),
        (lambda net: setattr(net, "epochs", "three"), "epochs must be an integer"),
        (lambda net: setattr(net, "epochs", -1), "epochs must be at least 0"),
        (lambda net: setattr(net, "batch_size", 0), "batch_size must be at least 1"),
        (lambda net: setattr(net, "l2", "strong"), "l2 must be a real number"),
        (lambda net: setattr(net, "random_state", -1), "random_state must be at least 0"),
        (lambda net: setattr(net, "random_state", "x"), "random_state must be an integer"),
        (lambda net: setattr(net, "classes_", net.classes_[::-1]), "classes must be sorted"),
        (lambda net: setattr(net, "classes_", np.array([0, None, "a"])), "classes must hold"),
        (lambda net: setattr(net, "n_features_in_", 7), "the parameters do not fit the layers"),
    ],
)
def test_what_could_not_be_loaded_again_is_refused_at_once(change, name, tmp_path):
    network = SoftmaxNetwork((3,), epochs=3, random_state=0).fit(X, LABELS)
    network.save(tmp_path / "m.npz")
    before = (tmp_path / "m.npz").read_bytes()
    change(network)
    with pytest.raises(ValueError, match=f"this SoftmaxNetwork would not load again: .*{name}"):
        network.save(tmp_path / "m.npz")
    assert (tmp_path / "m.npz").read_bytes() == before
    assert os.listdir(tmp_path) == ["m.npz"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"l2": -1.0}, "l2 must be"),
        ({"tol": 0.0}, "tol must be above 0"),
        ({"max_iter": 0}, "max_iter must be at least 1"),
        ({"W_": np.full((2, 3), np.inf)}, "W must be finite"),
        ({"b_": np.zeros(2)}, "shapes do not fit"),
        ({"classes_": np.array([0, "b", None])}, "classes must hold"),
    ],
)
def test_a_regression_that_could_not_be_loaded_again_is_refused(change, name, tmp_path):
    model = SoftmaxRegression().fit(X, LABELS)
    vars(model).update(change)
    with pytest.raises(ValueError, match=f"this SoftmaxRegression would not load again: .*{name}"):
        model.save(tmp_path / "m.npz")
    assert os.listdir(tmp_path) == []


def test_every_setting_of_a_fit_that_works_can_be_saved(tmp_path):
    network = SoftmaxNetwork(
        np.array([3, 2]),
        Adam(np.array(0.01), np.longdouble(0.5), weight_decay=np.float32(0.5)),
        batch_size=np.array(4),
        epochs=np.array(2),
        l2=np.longdouble(0.5),
        random_state=np.array(3),
        class_weight={np.str_("cat"): np.float32(2), "dog": 3},
        warm_start=np.True_,
    ).fit(X, NAMES)
    network.save(tmp_path / "m.npz")
    loaded = SoftmaxNetwork.load(tmp_path / "m.npz")
    assert loaded.hidden == (3, 2)
    assert loaded.optimizer == Adam(0.01, 0.5, weight_decay=0.5)
    assert (loaded.batch_size, loaded.epochs, loaded.l2, loaded.random_state) == (4, 2, 0.5, 3)
    assert loaded.class_weight == {"cat": 2, "dog": 3}
    assert loaded.warm_start is True
    assert loaded.cost(X, NAMES) == network.cost(X, NAMES)


def test_weights_of_classes_that_are_bytes_come_back(tmp_path):
    labels, class_weight = np.array([b"a", b"b", b"\xff"])[LABELS], {b"a": 2.0, b"\xff": 3.0}
    model = SoftmaxRegression(class_weight=class_weight).fit(X, labels)
    model.save(tmp_path / "m.npz")
    assert SoftmaxRegression.load(tmp_path / "m.npz").class_weight == class_weight


# What is refused


@pytest.mark.parametrize("cls", BOTH)
def test_a_missing_file_is_a_file_not_found_error(cls, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.npz"):
        cls.load(tmp_path / "nowhere.npz")


@pytest.mark.parametrize("cls", BOTH)
def test_a_directory_is_refused(cls, tmp_path):
    refused(cls, tmp_path, "got a directory")


@pytest.mark.parametrize("cls", BOTH)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        "naïve text\n".encode() * 100,
        b"PK\x03\x04",
        b"\x93NUMPY",
        b"\x00" * 1000,
        b"PK\x05\x06" + b"\x00" * 18,
    ],
)
def test_what_is_no_archive_is_refused(cls, content, tmp_path):
    path = tmp_path / "m.npz"
    path.write_bytes(content)
    refused(cls, path, "the file is damaged or of another format")


@pytest.mark.parametrize("cls", BOTH)
def test_a_foreign_archive_is_refused(cls, tmp_path):
    np.savez(tmp_path / "foreign.npz", W=np.zeros((2, 3)), b=np.zeros(3))
    refused(cls, tmp_path / "foreign.npz", "the file is damaged or of another format")
    np.save(tmp_path / "array.npy", np.zeros(3))
    refused(cls, tmp_path / "array.npy", "the file is damaged or of another format")
    with zipfile.ZipFile(tmp_path / "text.zip", "w") as archive:
        archive.writestr("header", "hello")
    refused(cls, tmp_path / "text.zip", "the file is damaged or of another format")


@pytest.mark.parametrize(
    "header",
    [
        "hello",
        "[]",
        "7",
        "null",
        "{}",
        '{"format": "other 1", "kind": "x", "settings": {}}',
        '{"format": "softmax_lib model 1"}',
        '{"format": "softmax_lib model 1", "kind": []}',
    ],
)
@pytest.mark.parametrize("cls", BOTH)
def test_an_archive_with_another_header_is_refused(cls, header, tmp_path):
    np.savez(tmp_path / "m.npz", header=np.array(header))
    refused(cls, tmp_path / "m.npz")


@pytest.mark.parametrize("cls", BOTH)
def test_a_pickle_is_refused_and_never_run(cls, tmp_path):
    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "exploded"),)

    (tmp_path / "plain.npz").write_bytes(pickle.dumps(Bomb()))
    refused(cls, tmp_path / "plain.npz", "the file is damaged or of another format")
    np.savez(tmp_path / "inside.npz", header=np.array(Bomb(), object))
    refused(cls, tmp_path / "inside.npz", "the file is damaged or of another format")
    assert not (tmp_path / "exploded").exists()


def test_the_other_kind_of_model_is_named(tmp_path):
    SoftmaxRegression().fit(X, NAMES).save(tmp_path / "r.npz")
    SoftmaxNetwork((), epochs=1).fit(X, NAMES).save(tmp_path / "n.npz")
    refused(SoftmaxNetwork, tmp_path / "r.npz", "got a SoftmaxRegression")
    refused(SoftmaxRegression, tmp_path / "n.npz", "got a SoftmaxNetwork")


def test_a_truncated_file_is_refused_wherever_it_ends(saved, model):
    content = saved.read_bytes()
    for length in range(0, len(content), 97):
        saved.write_bytes(content[:length])
        refused(type(model), saved)


def test_a_flipped_byte_is_refused_or_does_no_harm(saved, model):
    content, expected = saved.read_bytes(), model.predict_proba(X)
    n_refused = 0
    for place in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        saved.write_bytes(damaged)
        try:
            loaded = type(model).load(saved)
        except ValueError:
            n_refused += 1
        else:
            assert (loaded.predict_proba(X) == expected).all()
    assert n_refused > len(content) / 7 / 2


def test_a_damaged_compressed_archive_is_refused(tmp_path):
    path = tmp_path / "m.npz"
    np.savez_compressed(path, header=np.random.default_rng(0).normal(size=500))
    damaged = bytearray(path.read_bytes())
    for place in range(100, len(damaged) - 100, 29):
        damaged[place] ^= 0xFF
    path.write_bytes(damaged)
    refused(SoftmaxRegression, path, "the file is damaged or of another format")


def rewritten(path, drop=(), **changes):
    """Save the same archive with some arrays replaced or left out."""
    with np.load(path, allow_pickle=False) as content:
        arrays = {name: content[name] for name in content.files if name not in drop}
    np.savez(path, **{**arrays, **changes})


def test_parts_that_are_missing_or_do_not_fit_are_refused(saved, model):
    parameters = "W" if isinstance(model, SoftmaxRegression) else "parameters"
    content = saved.read_bytes()
    for change in (
        {"drop": [parameters]},
        {"drop": ["classes"]},
        {parameters: np.zeros((1, 1))},
        {"classes": np.array(["cat"])},
    ):
        rewritten(saved, **change)
        refused(type(model), saved, "parts of it are missing or do not fit together")
        saved.write_bytes(content)


def test_settings_that_the_model_does_not_have_are_refused(saved, model):
    with np.load(saved) as content:
        header = json.loads(str(content["header"]))
    header["settings"]["colour"] = "blue"
    rewritten(saved, header=np.array(json.dumps(header)))
    refused(type(model), saved, "parts of it are missing or do not fit together")


@pytest.mark.parametrize("cls", BOTH)
def test_an_unfitted_model_is_not_saved(cls, tmp_path):
    with pytest.raises(ValueError, match=f"this {cls.__name__} must be fitted first: call fit"):
        cls().save(tmp_path / "m.npz")
    assert os.listdir(tmp_path) == []


# An interrupted save


@pytest.mark.parametrize("interruption", [OSError("disk full"), KeyboardInterrupt()])
@pytest.mark.parametrize("place", ["numpy.savez", "os.replace"])
def test_an_interrupted_save_keeps_the_old_file_alone(
    saved, model, monkeypatch, interruption, place
):
    before = saved.read_bytes()

    def interrupt(*args, **kwargs):
        raise interruption

    with monkeypatch.context() as patch:
        patch.setattr(place, interrupt)
        with pytest.raises(type(interruption)):
            model.save(saved)
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == ["model.npz"]


def test_half_a_file_never_appears_under_the_name(saved, model, monkeypatch):
    write = np.savez

    def look_before_and_after(file, **arrays):
        write(file, **arrays)
        assert (type(model).load(saved).predict_proba(X) == model.predict_proba(X)).all()
        raise OSError("unplugged")

    monkeypatch.setattr(np, "savez", look_before_and_after)
    with pytest.raises(OSError, match="unplugged"):
        model.save(saved)


def test_saving_into_a_folder_that_is_not_there_fails_clearly(model, tmp_path):
    with pytest.raises(FileNotFoundError):
        model.save(tmp_path / "nowhere" / "m.npz")


def test_saving_over_a_folder_leaves_nothing_behind(model, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        model.save(tmp_path / "folder")
    assert os.listdir(tmp_path) == ["folder"]


@pytest.mark.parametrize("kind", [complex, str, object])
def test_arrays_of_another_kind_are_refused(saved, model, kind):
    with np.load(saved) as content:
        arrays = dict(content)
    for name in {"W", "b", "parameters"} & set(arrays):
        np.savez(saved, **arrays | {name: arrays[name].astype(kind)})
        refused(type(model), saved)


def test_classes_that_are_no_vector_are_refused(saved, model):
    with np.load(saved) as content:
        arrays = dict(content)
    for classes in arrays["classes"][:, None], arrays["classes"][0], arrays["classes"][:0]:
        np.savez(saved, **arrays | {"classes": classes})
        refused(type(model), saved)


def test_numbers_that_are_not_finite_are_refused(saved, model):
    with np.load(saved) as content:
        arrays = dict(content)
    for name in {"W", "b", "parameters"} & set(arrays):
        np.savez(saved, **arrays | {name: np.full_like(arrays[name], np.nan)})
        refused(type(model), saved)


def test_classes_out_of_order_or_twice_are_refused(saved, model):
    with np.load(saved) as content:
        arrays = dict(content)
    classes = arrays["classes"]
    for changed in classes[::-1], np.repeat(classes[:1], len(classes)):
        np.savez(saved, **arrays | {"classes": changed})
        refused(type(model), saved)


def test_parameters_of_another_precision_are_refused(tmp_path):
    path = tmp_path / "model.npz"
    SoftmaxNetwork((2,), epochs=1, dtype=np.float32).fit(X, LABELS).save(path)
    with np.load(path) as content:
        arrays = dict(content)
    np.savez(path, **arrays | {"parameters": arrays["parameters"].astype(np.float64)})
    refused(SoftmaxNetwork, path)


def test_a_network_without_its_history_is_refused(tmp_path):
    path = tmp_path / "model.npz"
    SoftmaxNetwork((2,), epochs=1).fit(X, LABELS).save(path)
    with np.load(path) as content:
        arrays = {name: content[name] for name in content.files if "history" not in name}
    np.savez(path, **arrays)
    refused(SoftmaxNetwork, path)


def test_a_path_is_no_open_file(model, saved):
    for path in io.BytesIO(), None, 987:
        for use in model.save, type(model).load:
            with pytest.raises(TypeError, match="path must be a path of a file; got"):
                use(path)


@pytest.mark.parametrize("shape", [(10**13,), (10**30,), (0, 10**22)])
def test_an_array_that_claims_more_than_there_is_is_refused(shape, saved, model):
    claim = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        claim, {"descr": "<f8", "fortran_order": False, "shape": shape}
    )
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in "header.npy", "classes.npy":
        with zipfile.ZipFile(saved, "w") as archive:
            for part, content in {**parts, name: claim.getvalue()}.items():
                archive.writestr(part, content)
        refused(type(model), saved, "the file is damaged or of another format")
