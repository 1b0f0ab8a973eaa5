"""The loop: every example once an epoch, history, callbacks, stopping, and a quiet terminal."""

import copy
import io
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from softmax_lib import (
    Adam,
    ConvergenceWarning,
    EarlyStopping,
    GradientDescent,
    SoftmaxNetwork,
    make_blobs,
    train,
)
from softmax_lib.optimizers import OPTIMIZERS, Momentum

DATA = np.array([1.0, 2.0, 3.0, 6.0, 8.0])


def mean_objective(theta, rows):
    """Half the mean squared distance to DATA: its minimum is the mean."""
    error = theta - DATA[rows]
    return (error**2).mean() / 2, np.array([error.mean()])


def run(theta=None, objective=mean_objective, **changes):
    settings = {
        "optimizer": GradientDescent(0.5),
        "batch_size": None,
        "epochs": 3,
        "rng": np.random.default_rng(0),
        **changes,
    }
    theta = np.zeros(1) if theta is None else theta
    return train(objective, theta, len(DATA), **settings), theta


class Watching:
    """An objective that remembers which rows it saw."""

    def __init__(self):
        self.batches = []

    def __call__(self, theta, rows):
        self.batches.append(rows.tolist())
        return mean_objective(theta, rows)


def test_two_epochs_of_full_batches_by_hand():
    # The mean is 4; each step goes half the way: 0, 2, 3.
    history, theta = run(epochs=2)
    costs = [((at - DATA) ** 2).mean() / 2 for at in (0, 2)]
    assert history == {"epoch": [1, 2], "cost": pytest.approx(costs, rel=1e-15)}
    assert theta.tolist() == [3]


def test_descent_ends_at_the_mean():
    _, theta = run(epochs=60)
    assert theta == pytest.approx([4], abs=1e-12)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 100])
def test_every_example_is_seen_once_an_epoch(batch_size):
    watching = Watching()
    run(objective=watching, batch_size=batch_size, epochs=1)
    assert sorted(np.concatenate(watching.batches)) == [0, 1, 2, 3, 4]
    assert {len(batch) for batch in watching.batches[:-1]} <= {batch_size}
    assert len(watching.batches) == -(-5 // batch_size)


def test_every_epoch_has_a_fresh_shuffle():
    watching = Watching()
    run(objective=watching, batch_size=5, epochs=6)
    assert len({tuple(batch) for batch in watching.batches}) == 6


def test_full_batches_keep_the_order_and_draw_nothing():
    watching, rng = Watching(), np.random.default_rng(0)
    run(objective=watching, batch_size=None, epochs=2, rng=rng)
    assert watching.batches == [[0, 1, 2, 3, 4]] * 2
    assert rng.random() == np.random.default_rng(0).random()


def test_the_recorded_cost_weighs_batches_by_their_size():
    # Batches of 3 and 2 without a move: the mean over all five examples.
    history, _ = run(
        theta=np.array([4.0]), batch_size=3, epochs=1, optimizer=GradientDescent(1e-300)
    )
    assert history["cost"] == [pytest.approx(((4 - DATA) ** 2).mean() / 2, rel=1e-12)]


def test_the_same_generator_state_trains_the_same():
    runs = [run(batch_size=2, rng=np.random.default_rng(7)) for _ in range(2)]
    assert runs[0][0] == runs[1][0]
    assert runs[0][0] != run(batch_size=2, rng=np.random.default_rng(8))[0]


def test_no_epochs_change_nothing():
    history, theta = run(epochs=0)
    assert history == {"epoch": [], "cost": []}
    assert theta == [0]


@pytest.mark.parametrize(
    "optimizer",
    [kind(0.1) for kind in OPTIMIZERS.values() if kind(0.1).start(np.zeros(1))],
    ids=repr,
)
def test_a_state_handed_in_is_continued(optimizer):
    whole, theta = run(epochs=4, optimizer=optimizer)
    parts, state = np.zeros(1), optimizer.start(np.zeros(1))
    costs = [run(parts, epochs=2, optimizer=optimizer, state=state)[0]["cost"] for _ in range(2)]
    assert costs[0] + costs[1] == whole["cost"]
    assert parts == theta
    afresh = np.zeros(1)
    for _ in range(2):
        run(afresh, epochs=2, optimizer=optimizer)
    assert afresh != theta


def test_what_validate_measures_is_recorded_after_the_steps():
    history, _ = run(epochs=2, validate=lambda theta: {"at": float(theta[0])})
    assert history["at"] == [2, 3]


def test_callbacks_see_each_record_and_the_live_parameters():
    seen = []
    run(epochs=2, callbacks=[lambda record, theta: seen.append((dict(record), theta.copy()))])
    assert [record["epoch"] for record, _ in seen] == [1, 2]
    assert [float(theta[0]) for _, theta in seen] == [2, 3]
    assert list(seen[0][0]) == ["epoch", "cost"]


def test_a_callback_stops_and_the_others_still_see_the_epoch():
    seen = []
    history, _ = run(
        epochs=9,
        callbacks=[
            lambda record, _: record["epoch"] == 2,
            lambda record, _: seen.append(record["epoch"]),
        ],
    )
    assert history["epoch"] == [1, 2]
    assert seen == [1, 2]


@pytest.mark.parametrize("poison", [np.nan, np.inf])
def test_a_cost_not_finite_stops_and_restores_the_last_good(poison):
    def exploding(theta, rows):
        cost, gradient = mean_objective(theta, rows)
        return (poison if theta[0] == 3 else cost), gradient

    theta = np.zeros(1)
    with pytest.warns(
        ConvergenceWarning,
        match=r"stopped in epoch 3: the cost became "
        rf"{poison}.*smaller learning_rate",
    ):
        history, _ = run(theta, exploding, epochs=9)
    assert history["epoch"] == [1, 2]
    assert theta.tolist() == [3]


def test_parameters_that_overflow_stop_the_training_too():
    def cliff(theta, rows):
        return 1.0, np.array([np.inf])

    theta = np.ones(1)
    with pytest.warns(ConvergenceWarning, match="stopped in epoch 1"):
        run(theta, cliff)
    assert theta.tolist() == [1]


def interrupted(at, error=KeyboardInterrupt):
    """An objective that raises in its call number `at`."""
    calls = []

    def objective(theta, rows):
        calls.append(rows)
        if len(calls) == at:
            raise error
        return mean_objective(theta, rows)

    return objective


@pytest.mark.parametrize("optimizer", [kind(0.1) for kind in OPTIMIZERS.values()], ids=repr)
@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_an_epoch_cut_short_is_taken_back_and_the_error_goes_on(optimizer, error):
    theta, history = np.zeros(1), {}
    state = optimizer.start(theta)
    with pytest.raises(error):  # three batches an epoch: in the last of the third
        run(
            theta,
            interrupted(9, error),
            epochs=9,
            batch_size=2,
            optimizer=optimizer,
            state=state,
            history=history,
        )
    expected = np.zeros(1)
    expected_state = optimizer.start(expected)
    expected_history, _ = run(
        expected, epochs=2, batch_size=2, optimizer=optimizer, state=expected_state
    )
    assert theta == expected
    assert state == expected_state
    assert history == expected_history


def test_an_interrupt_while_validating_takes_the_epoch_back_too():
    theta, history = np.zeros(1), {}

    def validate(theta):
        if theta == 3:
            raise KeyboardInterrupt
        return {"at": float(theta[0])}

    with pytest.raises(KeyboardInterrupt):
        run(theta, validate=validate, history=history)
    assert theta == 2
    assert {name: len(values) for name, values in history.items()} == {
        "epoch": 1,
        "cost": 1,
        "at": 1,
    }


def test_divergence_takes_back_what_the_optimiser_remembers():
    optimizer, theta = Adam(0.1), np.zeros(1)
    state = optimizer.start(theta)
    run(theta, epochs=2, optimizer=optimizer, state=state)
    remembered = copy.deepcopy(state)
    with pytest.warns(ConvergenceWarning):
        run(theta, lambda *_: (1.0, np.array([np.inf])), optimizer=optimizer, state=state)
    assert state == remembered


def test_a_history_handed_in_starts_afresh_and_comes_back():
    history = {"epoch": [1, 2, 3], "cost": [3, 2, 1]}
    assert run(epochs=2, history=history)[0] is history
    assert history == run(epochs=2)[0]


def test_the_warning_names_the_line_that_called_train():
    with pytest.warns(ConvergenceWarning) as caught:
        run(objective=lambda *_: (np.nan, np.ones(1)))
    assert caught[0].filename == __file__


# Early stopping


def stopped(losses, patience):
    """The epoch it stops at, and the epoch whose parameters it leaves."""
    stop, theta = EarlyStopping(patience), np.zeros(1)
    for epoch, loss in enumerate(losses, start=1):
        theta[0] = epoch
        if stop({"epoch": epoch, "validation_loss": loss}, theta):
            return epoch, int(theta[0])
    return None, int(theta[0])


@pytest.mark.parametrize(
    ("losses", "patience", "expected"),
    [
        ([3, 2, 1, 0], 1, (None, 4)),
        ([3, 2, 2.5], 1, (3, 2)),
        ([3, 2, 2], 1, (3, 2)),
        ([3, 2, 2.5, 1, 1.5, 1.5], 2, (6, 4)),
        ([1, 2, 3, 4], 3, (4, 1)),
        ([1, 2, 3], 3, (None, 3)),
        ([np.nan, np.nan, np.nan], 2, (3, 1)),
    ],
)
def test_it_stops_after_patience_epochs_and_goes_back(losses, patience, expected):
    assert stopped(losses, patience) == expected


@pytest.mark.parametrize(
    ("losses", "min_delta", "expected"),
    [
        ([3, 2.5, 2, 1.5], 0.5, (None, 4)),  # never by more than half: but the sum of two is
        ([3, 2.5, 2.25, 2.2, 2.1], 0.5, (5, 3)),
        ([3, 2.9, 2.8, 2.7], 1.0, (3, 1)),
        ([3, 2.9, 2.8, 2.7], 0.0, (None, 4)),
        ([np.nan, 5, 4.5, 4.2], 1.0, (4, 2)),
    ],
)
def test_a_new_best_is_below_the_last_by_more_than_min_delta(losses, min_delta, expected):
    stop, theta = EarlyStopping(2, min_delta), np.zeros(1)
    outcome = None
    for epoch, loss in enumerate(losses, start=1):
        theta[0] = epoch
        if stop({"epoch": epoch, "validation_loss": loss}, theta):
            outcome = epoch
            break
    assert (outcome, int(theta[0])) == expected


def watched_run(losses, *, epochs=None, stop=None, others=(), **changes):
    """Train, of which each epoch leaves the parameters at its number and the loss as listed."""
    theta, stop = np.zeros(1), EarlyStopping(100) if stop is None else stop
    seen = iter(losses)

    def objective(theta, rows):
        return 1.0, np.array([-1.0])  # a step of one

    history, _ = run(
        theta,
        objective,
        epochs=len(losses) if epochs is None else epochs,
        optimizer=GradientDescent(1.0),
        validate=lambda _: {"validation_loss": next(seen)},
        callbacks=[stop, *others],
        **changes,
    )
    return history, float(theta[0])


def test_the_best_parameters_come_back_where_the_epochs_run_out():
    assert watched_run([3, 1, 2, 2])[1] == 2
    assert watched_run([3, 2, 1])[1] == 3
    assert watched_run([2, 3], stop=EarlyStopping(1))[1] == 1
    assert watched_run([3, 2.9, 2.8], stop=EarlyStopping(9, min_delta=1))[1] == 1


def test_the_best_come_back_where_another_callback_stops():
    history, end = watched_run([3, 1, 2, 0], others=[lambda record, _: record["epoch"] == 3])
    assert (history["epoch"], end) == ([1, 2, 3], 2)


def test_the_best_parameters_come_back_where_training_diverges():
    calls = []

    def objective(theta, rows):
        calls.append(1)
        return (np.nan if len(calls) == 4 else 1.0), np.array([-1.0])

    theta, losses = np.zeros(1), iter([3, 1, 2])
    with pytest.warns(ConvergenceWarning, match="stopped in epoch 4"):
        run(
            theta,
            objective,
            epochs=9,
            optimizer=GradientDescent(1.0),
            validate=lambda _: {"validation_loss": next(losses)},
            callbacks=[EarlyStopping()],
        )
    assert theta == 2


def test_what_one_fit_found_best_never_comes_back_in_another():
    stop = EarlyStopping()
    watched_run([3, 1, 2], stop=stop)
    assert watched_run([], epochs=0, stop=stop)[1] == 0
    with pytest.raises(KeyboardInterrupt):
        watched_run([5, 4], stop=stop, others=[interrupt])
    assert watched_run([9, 8], stop=stop)[1] == 2


def interrupt(record, parameters):
    raise KeyboardInterrupt


def test_an_interrupt_keeps_the_last_whole_epoch_not_the_best():
    theta, losses = np.zeros(1), iter([1, 2, 3])
    with pytest.raises(KeyboardInterrupt):
        run(
            theta,
            lambda *_: (1.0, np.array([-1.0])),
            optimizer=GradientDescent(1.0),
            validate=lambda _: {"validation_loss": next(losses)},
            callbacks=[
                EarlyStopping(),
                lambda record, _: interrupt(record, _) if record["epoch"] == 3 else None,
            ],
        )
    assert theta == 3


@pytest.mark.parametrize("answer", [17, "done", np.ones(2), None, False, np.False_])
def test_nothing_but_true_stops(answer):
    assert run(callbacks=[lambda record, theta: answer])[0]["epoch"] == [1, 2, 3]
    assert run(callbacks=[lambda record, theta: np.True_])[0]["epoch"] == [1]


def test_a_measured_number_is_kept_where_its_array_is_not():
    room = np.zeros(())

    def validate(theta):
        room[...] = theta[0]
        return {"theta": room, "half": np.float32(0.5)}

    seen = []
    history, _ = run(validate=validate, callbacks=[lambda _, theta: seen.append(float(theta[0]))])
    assert history["theta"] == seen
    assert {type(value) for value in history["theta"] + history["half"]} == {float}
    assert len(set(seen)) == 3


def test_any_callback_may_have_an_end():
    class Ending:
        ended = ()

        def __call__(self, record, parameters):
            return record["epoch"] == 2

        def finish(self, parameters):
            self.ended = (*self.ended, float(parameters[0]))

    ending = Ending()
    assert run(epochs=9, callbacks=[ending])[0]["epoch"] == [1, 2]
    assert ending.ended == (3.0,)
    run(epochs=0, callbacks=[ending])
    assert ending.ended == (3.0,)


def test_one_object_serves_one_fit_after_another():
    stop, theta = EarlyStopping(1), np.zeros(1)
    for worse in 0, 100:  # nothing in the second fit beats the best of the first
        for epoch, loss in enumerate([5, 4, 6], start=1):
            theta[0] = worse + loss
            stops = stop({"epoch": epoch, "validation_loss": worse + loss}, theta)
            assert stops == (epoch == 3)
        assert theta == worse + 4


@pytest.mark.parametrize("loss", [1.0, np.nan])
def test_it_may_be_called_in_any_order(loss):
    stop, parameters = EarlyStopping(patience=2), np.ones(1)
    stop.finish(parameters)
    assert stop({"epoch": 2, "validation_loss": loss}, parameters) == np.isnan(loss)
    assert parameters == 1


def test_it_needs_a_validation_loss():
    with pytest.raises(ValueError, match="EarlyStopping must see a validation loss: pass valid"):
        run(callbacks=[EarlyStopping()])


@pytest.mark.parametrize(
    ("patience", "error"), [(0, ValueError), (-1, ValueError), ("3", TypeError), (1.5, TypeError)]
)
def test_patience_is_a_count(patience, error):
    with pytest.raises(error, match="patience must be"):
        EarlyStopping(patience)


@pytest.mark.parametrize(
    ("value", "error"),
    [(-0.1, ValueError), (np.nan, ValueError), (np.inf, ValueError), ("0", TypeError)],
)
def test_min_delta_is_at_least_0(value, error):
    with pytest.raises(error, match="min_delta must be"):
        EarlyStopping(min_delta=value)


@pytest.mark.parametrize("number", range(1, 4))
def test_no_record_of_an_epoch_is_left_in_part(number):
    class Interrupting(list):
        def append(self, value):
            if len(self) == number - 1:
                raise KeyboardInterrupt
            super().append(value)

    class History(dict):
        def update(self, **columns):
            super().update(columns, cost=Interrupting())

    theta, history = np.zeros(1), History()
    with pytest.raises(KeyboardInterrupt):
        run(theta, history=history, epochs=5)
    assert len(history["epoch"]) == len(history["cost"]) == number - 1
    assert theta == run(epochs=number - 1)[1]


def test_a_history_handed_in_keeps_nothing_of_before():
    history = {"epoch": [1], "cost": [2.0], "validation_loss": [3.0]}
    run(epochs=2, history=history)
    assert set(history) == {"epoch", "cost"}


@pytest.mark.parametrize("measured", [{"cost": 7.0}, {"epoch": 9}])
def test_what_validate_measures_overwrites_no_record(measured):
    with pytest.raises(ValueError, match="validate must leave 'epoch' and 'cost' to the training"):
        run(validate=lambda theta: measured)


def test_every_epoch_measures_the_same():
    measured = iter([{"error": 1.0}, {}])
    theta, history = np.zeros(1), {}
    with pytest.raises(ValueError, match=r"the same names after each epoch; got \[\] after \['e"):
        run(theta, validate=lambda theta: next(measured), history=history)
    assert history["epoch"] == [1]
    assert theta == run(epochs=1)[1]


@pytest.mark.parametrize("value", [None, "0.5", [0.5], np.zeros(2), 1j])
def test_what_is_measured_is_numbers_without_a_bar_too(value):
    with pytest.raises(TypeError, match="validate must return a dict of numbers to record; got"):
        run(validate=lambda theta: {"error": value})


@pytest.mark.parametrize("value", [1, np.float32(0.5), np.array(0.5), np.True_, np.nan])
def test_numbers_of_any_kind_are_recorded(value):
    history, _ = run(validate=lambda theta: {"error": value})
    assert history["error"] == [value] * 3 or value != value


def test_parameters_may_be_one_number():
    theta, losses = np.array(0.0), iter([1.0, 2.0, 3.0])

    def objective(theta, rows):
        return (theta - 4) ** 2 / 2, theta - 4

    run(
        theta,
        objective,
        validate=lambda theta: {"validation_loss": next(losses)},
        callbacks=[EarlyStopping()],
    )
    assert theta == 2


@pytest.mark.parametrize(
    ("optimizer", "state"),
    [
        (Momentum(), {}),
        (Adam(), Momentum().start(np.zeros(1))),
        (Momentum(), Adam().start(np.zeros(1))),
        (Adam(weight_decay=0.1), Adam().start(np.zeros(1))),
    ],
)
def test_the_state_of_another_optimiser_is_named(optimizer, state):
    with pytest.raises(ValueError, match="state must be what start of this optimiser returned"):
        run(optimizer=optimizer, state=state)


# Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def drawn(monkeypatch):
    """What an action draws while a person watches."""

    def watch(action):
        terminal = Terminal()
        with monkeypatch.context() as patch:  # here, since pytest sets stderr after fixtures
            patch.setattr(sys, "stderr", terminal)
            action()
        return terminal.getvalue()

    return watch


def test_nothing_is_drawn_where_nobody_watches(capfd):
    run(epochs=3)
    X, y = make_blobs(5, random_state=0)
    SoftmaxNetwork((3,), epochs=2).fit(X, y).partial_fit(X, y)
    assert capfd.readouterr() == ("", "")


def test_a_bar_is_drawn_on_a_terminal_and_ends_its_line(drawn):
    text = drawn(lambda: run(epochs=3))
    assert text.startswith("\repoch 1/3 ")
    last = text.split("\r")[-1]
    assert last.startswith("epoch 3/3 " + "█" * 24 + " cost ")
    assert last.endswith("\n")
    assert text.count("\n") == 1


def test_a_bar_can_be_forced_and_goes_to_stderr_alone(capfd):
    run(epochs=2, progress=True, validate=lambda _: {"validation_loss": 0.25})
    out, err = capfd.readouterr()
    assert out == ""
    assert "epoch 2/2" in err
    assert "validation loss 0.2500" in err


def test_a_bar_can_be_forbidden_on_a_terminal(drawn):
    assert drawn(lambda: run(epochs=2, progress=False)) == ""


def test_no_epochs_draw_no_bar(drawn):
    assert drawn(lambda: run(epochs=0)) == ""


def test_a_shorter_line_covers_the_longer_one_before(drawn):
    def value(theta):
        return {"value": 1e9 if theta[0] == 2 else 1.0}

    lines = drawn(lambda: run(epochs=2, validate=value)).strip("\n").split("\r")[1:]
    assert len(lines[-1]) >= len(lines[0])


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_a_bar_ends_its_line_where_training_is_interrupted(drawn, error):
    def action():
        with pytest.raises(error):
            run(objective=interrupted(2, error))

    text = drawn(action)
    assert "epoch 1/3" in text
    assert text.endswith("\n")
    assert text.count("\n") == 1


def test_a_warning_comes_after_the_line_has_ended(drawn):
    def action():
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = lambda _, kind, *where: sys.stderr.write(kind.__name__)
            run(objective=lambda theta, _: (np.nan if theta else 1.0, np.ones(1)))

    bar, warning = drawn(action).split("\n")
    assert bar.startswith("\repoch 1/3")
    assert warning == "ConvergenceWarning"


def test_the_last_line_is_the_last_epoch_even_stopped_early(drawn):
    text = drawn(lambda: run(epochs=50, callbacks=[lambda record, _: record["epoch"] == 7]))
    assert text.split("\r")[-1].startswith("epoch 7/50 ")


@pytest.mark.parametrize("columns", [20, 50, 90, 200])
def test_a_line_fits_the_terminal_numbers_before_the_bar(drawn, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    text = drawn(lambda: run(epochs=2, validate=lambda _: {"validation_loss": 0.25}))
    lines = text.strip("\r\n").split("\r")
    assert all(len(line) < columns for line in lines)
    assert all("validation loss 0.2500" in line for line in lines) == (columns >= 50)
    assert ("█" in lines[-1]) == (columns >= 90)


class Logger:
    """What stands for stderr in many programs: it can write, and knows no more."""

    def write(self, text):
        pass


def closed():
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("progress", [None, True])
@pytest.mark.parametrize(
    "stderr",
    [lambda: None, Logger, closed, lambda: io.TextIOWrapper(io.BytesIO(), encoding="ascii")],
)
def test_a_bar_that_cannot_be_drawn_ends_no_training(stderr, progress, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stderr())
        history, _ = run(progress=progress)
    assert history["epoch"] == [1, 2, 3]


def test_the_network_passes_progress_and_callbacks_on(drawn):
    X, y = make_blobs(5, random_state=0)
    network = SoftmaxNetwork((3,), epochs=9)
    assert drawn(lambda: network.fit(X, y, progress=False)) == ""
    text = drawn(lambda: network.fit(X, y, progress=True, callbacks=[lambda *_: True]))
    assert "epoch 1/9" in text
    assert "epoch 2/9" not in text


def test_a_first_loss_of_nan_is_beaten_by_any_number():
    assert stopped([np.nan, 0.5, 0.4, 0.3], 2) == stopped([9.0, 0.5, 0.4, 0.3], 2)


@pytest.mark.parametrize(
    ("setting", "error", "message"),
    [
        ({"n_examples": 0}, ValueError, "n_examples must be at least 1; got 0"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1; got 0"),
        ({"rng": "x"}, TypeError, "rng must be an integer, a Generator .* None; got 'x'"),
        ({"callbacks": None}, TypeError, "callbacks must be a list of functions"),
        (
            {"callbacks": [EarlyStopping]},
            TypeError,
            r"the class EarlyStopping: .* EarlyStopping\(\)",
        ),
        ({"callbacks": EarlyStopping()}, TypeError, "callbacks must be a list of functions"),
        ({"callbacks": [dict]}, TypeError, "callbacks must .* got the class dict"),
        (
            {"callbacks": [lambda record: None]},
            TypeError,
            r"callbacks must take two arguments, record and parameters; got <lambda>\(record\)",
        ),
        ({"parameters": [0.0]}, TypeError, "parameters must be an array; got list"),
        ({"progress": "no"}, TypeError, "progress must be True or False; got 'no'"),
        ({"epochs": -1}, ValueError, "epochs must be at least 0; got -1"),
        ({"epochs": 2.5}, TypeError, "epochs must be an integer"),
        ({"validate": 3}, TypeError, "validate must be a function; got 3"),
        ({"validate": lambda _: None}, TypeError, "validate must return a dict of .*; got None"),
        ({"validate": lambda _: {1: 0.5}}, TypeError, r"names are text; got \{1: 0.5\}"),
        (
            {"optimizer": SimpleNamespace(start=lambda _: {"rate": (r for r in [1])}, step=abs)},
            TypeError,
            "optimizer.start must return a state that can be copied",
        ),
        ({"history": []}, TypeError, r"history must be a dict; got \[\]"),
        ({"objective": lambda *_: 1.0}, TypeError, r"objective must return a pair, .*; got 1\.0"),
        (
            {"objective": lambda *_: (None, np.ones(1))},
            TypeError,
            "objective must return one number as the cost; got None",
        ),
        ({"objective": lambda *_: (1.0, None)}, TypeError, "gradient must hold .*; got None"),
        (
            {"parameters": np.broadcast_to(0.0, 1)},
            ValueError,
            "parameters must be writeable; got a read-only array",
        ),
    ],
)
def test_the_arguments_of_train_are_named(setting, error, message):
    arguments = {
        "objective": mean_objective,
        "parameters": np.zeros(1),
        "n_examples": 4,
        "optimizer": GradientDescent(),
        "batch_size": 2,
        "epochs": 1,
        "rng": np.random.default_rng(0),
    } | setting
    with pytest.raises(error, match=message):
        train(**arguments)


@pytest.mark.parametrize("kind", [np.float32, np.array, lambda cost: np.array([[cost]])])
def test_a_cost_may_be_an_array_of_one_number(kind):
    history, _ = run(objective=lambda *_: (kind(0.5), np.ones(1)))
    assert history["cost"] == [0.5] * 3
