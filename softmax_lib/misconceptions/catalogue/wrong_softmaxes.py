"""Wrong ways to compute a softmax, inside every kind of function that contains one.

Each is written once and put into the code of each kind as text, so that what is shown is what runs.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..mistake import Misconception, compiled

OVERFLOW = ("01-softmax-vs-hardmax", "Overflow, and the shift that cures it")
WHAT_GOES_WRONG = ("01-softmax-vs-hardmax", "What goes wrong")
FROM_LOGITS = ("03-cross-entropy", "Can the loss be computed from logits?")
SHAPES = ("prerequisites", "NumPy: shapes, broadcasting, keepdims")

# What comes of a shift that is too small, or too large, in a quotient and in a logarithm.
IN_A_QUOTIENT = {
    "unshifted": "inf, and inf/inf is nan; far below 0 it is 0/0",
    "overflow": "a large logit becomes inf, and inf/inf is nan",
    "underflow": "all exponentials round to 0, and 0/0 is nan",
    "divides": "divides by the sum",
}
IN_A_LOGARITHM = {
    "unshifted": "inf; far below 0 all round to 0, and ln 0 is -inf",
    "overflow": "a large logit becomes inf",
    "underflow": "all exponentials round to 0, and ln 0 is -inf",
    "divides": "subtracts the logarithm of the sum",
}

# Where the answer is a sum over the examples, nobody can tell whose maximum was taken for all.
ONE_FOR_ALL = ("other-row-shift",)

OWN_MAXIMUM = "Z - Z.max(axis=1, keepdims=True)"
OWN_SUM = "exps.sum(axis=1, keepdims=True)"


@dataclass(frozen=True)
class WrongSoftmax:
    """What is exponentiated, and what that is divided by; `alike` are other forms of one mistake.

    `it` in a message stands for the function, or for the softmax that it contains.
    """

    name: str  # the end of the entries' ids
    title: str
    symptom: str
    message: str
    see: tuple[str, str]
    exponents: str = OWN_MAXIMUM
    total: str = OWN_SUM
    ending: str = ""
    alike: tuple[str, ...] = ()  # other exponents
    needs: str = ""  # "rows": right for one example alone; "labels": it looks at y

    @property
    def is_a_shift(self) -> bool:
        return self.total == OWN_SUM and not self.ending

    def texts(self, form: str) -> list[str]:
        """The code of a kind with this softmax in it."""
        probs = f"exps / {self.total}"
        return [
            form.replace("{exponents}", exponents)
            .replace("{total}", self.total)
            .replace("{probs}", f"({probs}){self.ending}" if self.ending else probs)
            for exponents in (self.exponents, *self.alike)
        ]


WRONG_SOFTMAXES = [
    WrongSoftmax(
        "no-shift",
        "the maximum is not subtracted",
        "nan or inf as soon as a logit passes 709; before that, all is well",
        "the maximum of the row is not subtracted, so the exponential of a large logit is "
        "{unshifted}.",
        OVERFLOW,
        exponents="Z",
    ),
    WrongSoftmax(
        "batch-maximum",
        "the maximum of the whole batch as the shift",
        "nan or inf in a batch whose rows lie far apart",
        "{it} subtracts the maximum of the whole batch. In a row far below that, {underflow}. "
        "Take each row's own.",
        WHAT_GOES_WRONG,
        exponents="Z - Z.max()",
        needs="rows",
    ),
    WrongSoftmax(
        "maximum-with-zero",
        "the larger of 0 and the maximum as the shift",
        "nan or inf in rows whose logits all lie far below 0",
        "{it} subtracts the larger of 0 and the maximum, so nothing lifts a row of very "
        "negative logits: {underflow}.",
        WHAT_GOES_WRONG,
        exponents="Z - np.maximum(0, Z.max(axis=1, keepdims=True))",
    ),
    WrongSoftmax(
        "minimum-shift",
        "the minimum as the shift",
        "nan or inf when the logits of one row lie far apart",
        "{it} subtracts the minimum, which leaves the largest logit large. Then {overflow}. "
        "Subtract the maximum.",
        WHAT_GOES_WRONG,
        exponents="Z - Z.min(axis=1, keepdims=True)",
    ),
    WrongSoftmax(
        "mean-shift",
        "the mean as the shift",
        "nan or inf when one logit lies far above the others",
        "{it} subtracts the mean of the row. Far above that, {overflow}. Subtract the maximum.",
        WHAT_GOES_WRONG,
        exponents="Z - Z.mean(axis=1, keepdims=True)",
    ),
    WrongSoftmax(
        "absolute-shift",
        "the largest absolute value as the shift",
        "nan or inf in rows with a very negative logit",
        "{it} subtracts the largest absolute value. In a row with a very negative logit, "
        "{underflow}. Take the maximum itself.",
        WHAT_GOES_WRONG,
        exponents="Z - np.abs(Z).max(axis=1, keepdims=True)",
    ),
    WrongSoftmax(
        "first-logit-shift",
        "the first logit as the shift",
        "nan or inf when another logit lies far above the first",
        "{it} subtracts the first logit of the row. Where another is far larger, {overflow}. "
        "Subtract the maximum.",
        WHAT_GOES_WRONG,
        exponents="Z - Z[:, :1]",
    ),
    WrongSoftmax(
        "true-class-shift",
        "the logit of the true class as the shift",
        "nan or inf for a confident mistake",
        "{it} subtracts the logit of the true class. Where another is far larger, {overflow}. "
        "Subtract the maximum.",
        WHAT_GOES_WRONG,
        exponents="Z - Z[np.arange(len(y)), y][:, np.newaxis]",
        needs="labels",
    ),
    WrongSoftmax(
        "other-shift",
        "a shift that is not the maximum of the row",
        "nan or inf for logits that are large, or far apart",
        "{it} does not subtract the maximum of the row, but something else. For logits that are "
        "large or far apart, an exponential overflows, or all round to 0.",
        WHAT_GOES_WRONG,
        exponents="Z - np.median(Z, axis=1, keepdims=True)",
        alike=("Z - Z[:, -1:]",),
    ),
    WrongSoftmax(
        "other-row-shift",
        "a shift that is not the row's own maximum",
        "right for one example; nan or inf in a batch whose rows lie far apart",
        "{it} subtracts a maximum that is not the row's own. Where the rows lie far apart, an "
        "exponential overflows, or all of a row round to 0.",
        WHAT_GOES_WRONG,
        exponents="Z - Z[0].max()",
        alike=("Z - Z[-1].max()", "Z - np.roll(Z.max(axis=1, keepdims=True), 1, axis=0)"),
        needs="rows",
    ),
    WrongSoftmax(
        "column-shift",
        "the maximum of each class as the shift",
        "an error, or wrong in every batch: the classes of one row are shifted differently",
        "{it} subtracts another number from each class. Only a shift of a whole row cancels: "
        "take the row's maximum, with axis=1 and keepdims=True.",
        WHAT_GOES_WRONG,
        exponents="Z - Z.max(axis=0)",
        needs="rows",
    ),
    WrongSoftmax(
        "clipped-logits",
        "the logits are clipped, not shifted",
        "all logits beyond the clip are equal; nothing is learnt from them",
        "{it} clips the logits. Two that lie beyond the clip become equal, and their difference "
        "is lost. Subtract the maximum of the row instead.",
        OVERFLOW,
        exponents="np.clip(Z, -50, 50)",
        # In float32 a clip beyond 88 overflows like no clip at all, so these compute in float64.
        alike=tuple(
            text.format(limit)
            for limit in (10, 20, 30, 60, 80, 88, 100, 200, 250, 300, 500, 600, 700, 709)
            for text in (
                "np.clip(Z.astype(float), -{0}, {0})",
                "np.minimum(Z.astype(float), {0})",
            )
        ),
    ),
    WrongSoftmax(
        "guarded",
        "a small number in the denominator in place of a shift",
        "nan for large logits, and rows of zeros where all are very negative",
        "{it} adds a small number to the sum where a shift is due. 0/0 becomes 0, which is no "
        "probability, and inf/inf stays nan. Subtract the maximum of the row.",
        OVERFLOW,
        exponents="Z",
        total="(exps.sum(axis=1, keepdims=True) + 1e-8)",
    ),
    WrongSoftmax(
        "batch-maximum-guarded",
        "the maximum of the whole batch as the shift, and a small number in the denominator",
        "rows of zeros in a batch whose rows lie far apart",
        "{it} subtracts the maximum of the whole batch. A row far below that becomes 0/0, and a "
        "small number below the line hides it. Take each row's own maximum.",
        WHAT_GOES_WRONG,
        exponents="Z - Z.max()",
        total="(exps.sum(axis=1, keepdims=True) + 1e-8)",
        needs="rows",
    ),
    WrongSoftmax(
        "sum-of-everything",
        "one sum for the whole batch",
        "right for one example; in a batch of m, the rows sum to about 1/m",
        "{it} {divides} of the whole batch. That is right for one example only; "
        "in a batch each row needs its own maximum and its own sum.",
        SHAPES,
        exponents="Z - Z.max()",
        total="exps.sum()",
        alike=("Z",),
        needs="rows",
    ),
    WrongSoftmax(
        "own-maximum-one-sum",
        "the maximum of each row, and one sum for the whole batch",
        "right for one example; in a batch all rows together sum to 1",
        "{it} subtracts each row's own maximum and then {divides} of the whole batch. "
        "Sum each row by itself too: axis=1, keepdims=True.",
        SHAPES,
        total="exps.sum()",
        needs="rows",
    ),
    WrongSoftmax(
        "no-keepdims",
        "no keepdims",
        "an error about shapes, or silence when there are as many rows as classes",
        "{it} loses the axis of the maximum and of the sum, so NumPy lines them up with the "
        "classes and not with the rows. Pass keepdims=True to both.",
        SHAPES,
        exponents="Z - Z.max(axis=1)",
        total="exps.sum(axis=1)",
        needs="rows",
    ),
    WrongSoftmax(
        "no-keepdims-in-sum",
        "no keepdims in the sum",
        "an error about shapes, or silence when there are as many rows as classes",
        "{it} loses the axis of the sum, so NumPy lines it up with the classes and not with "
        "the rows. Pass keepdims=True to it.",
        SHAPES,
        total="exps.sum(axis=1)",
        needs="rows",
    ),
    WrongSoftmax(
        "no-shift-no-keepdims",
        "no shift, and no keepdims in the sum",
        "an error about shapes; for one example nan as soon as a logit passes 709",
        "{it} loses the axis of the sum, so NumPy lines it up with the classes: pass "
        "keepdims=True. And it does not subtract the maximum, so large logits overflow.",
        SHAPES,
        exponents="Z",
        total="exps.sum(axis=1)",
        needs="rows",
    ),
    WrongSoftmax(
        "wrong-axis",
        "normalised along the wrong axis",
        "no error; the columns sum to 1, the rows do not",
        "{it} sums over the wrong axis, so examples compete with each other where classes "
        "should. Each example's own probabilities must sum to 1.",
        WHAT_GOES_WRONG,
        exponents="Z - Z.max(axis=0)",
        total="exps.sum(axis=0)",
        alike=("Z", "Z - Z.max()", OWN_MAXIMUM),
        needs="rows",
    ),
    WrongSoftmax(
        "rounded",
        "the probabilities are rounded",
        "right to the digits that are shown; small probabilities are 0",
        "{it} rounds the probabilities. Round what you print, not what you compute with: a small "
        "probability becomes 0, and the rows no longer sum to 1.",
        ("01-softmax-vs-hardmax", "From scores to probabilities"),
        ending=".round(4)",
    ),
]


@dataclass(frozen=True)
class Inside:
    """A kind of function that contains a softmax: its code, with gaps for that."""

    kind: str
    prefix: str  # the beginning of the entries' ids
    forms: tuple[str, ...]
    it: str = "its softmax"
    suffix: str = ""  # the end of ids and titles, where a kind may contain it in two ways
    words: tuple[tuple[str, str], ...] = ()  # what things are called here
    shifts_only: bool = False
    one_row: bool = False
    has_labels: bool = False
    in_a_logarithm: bool = False
    without: tuple[str, ...] = ()

    def takes(self, wrong: WrongSoftmax) -> bool:
        if wrong.name in self.without or (self.shifts_only and not wrong.is_a_shift):
            return False
        return not (
            (wrong.needs == "rows" and self.one_row)
            or (wrong.needs == "labels" and not self.has_labels)
        )

    def entry(self, wrong: WrongSoftmax) -> Misconception:
        texts = [text for form in self.forms for text in wrong.texts(form.lstrip())]
        for word, here in self.words:
            texts = [text.replace(word, here) for text in texts]
        end = f"-in-{self.suffix.replace('-', '')}" if self.suffix else ""
        outcome = IN_A_LOGARITHM if self.in_a_logarithm else IN_A_QUOTIENT
        id = f"{self.prefix}-{wrong.name}{end}"
        return Misconception(
            id,
            self.kind,
            f"{wrong.title} in the {self.suffix}" if self.suffix else wrong.title,
            wrong.symptom,
            wrong.message.format(it=self.it, **outcome),
            *wrong.see,
            compiled(texts[0], id),
            sources=tuple(texts),
            needs_rows=wrong.needs == "rows",
        )


INSIDE = [
    Inside(
        "softmax",
        "softmax",
        (
            """
def softmax(Z):
    exps = np.exp({exponents})
    return {probs}
""",
        ),
        it="it",
    ),
    Inside(
        "softmax_with_temperature",
        "temperature",
        (
            """
def softmax_with_temperature(Z, temperature):
    Z = Z / temperature
    exps = np.exp({exponents})
    return {probs}
""",
        ),
        it="it",
    ),
    Inside(
        "log_softmax",
        "log-softmax",
        (
            """
def log_softmax(Z):
    shifted = {exponents}
    exps = np.exp(shifted)
    return shifted - np.log({total})
""",
            """
def log_softmax(Z):
    exps = np.exp({exponents})
    return np.log({probs})
""",
        ),
        it="it",
        in_a_logarithm=True,
        without=("rounded",),
    ),
    Inside(
        "logsumexp",
        "logsumexp",
        (
            """
def logsumexp(Z):
    shifted = {exponents}
    exps = np.exp(shifted)
    return np.log(exps.sum(axis=1)) + (Z - shifted)[:, 0]
""",
        ),
        it="it",
        in_a_logarithm=True,
        shifts_only=True,
        without=("clipped-logits", "column-shift"),
    ),
    Inside(
        "softmax_jacobian",
        "jacobian",
        (
            """
def softmax_jacobian(z):
    exps = np.exp({exponents})
    p = {probs}
    return np.diag(p) - np.outer(p, p)
""",
        ),
        words=(
            ("[:, :1]", "[0]"),
            ("[:, -1:]", "[-1]"),
            (", axis=1, keepdims=True", ""),
            ("axis=1, keepdims=True", ""),
            ("Z", "z"),
        ),
        one_row=True,
    ),
    Inside(
        "cross_entropy",
        "loss",
        (
            """
def cross_entropy(logits, y):
    exps = np.exp({exponents})
    probs = {probs}
    m = len(y)
    return -np.log(probs[np.arange(m), y]).mean()
""",
        ),
        words=(("Z", "logits"),),
        without=ONE_FOR_ALL,
    ),
    Inside(
        "cross_entropy",
        "loss",
        (
            """
def cross_entropy(logits, y):
    m = len(y)
    shifted = {exponents}
    logsumexps = np.log(np.exp(shifted).sum(axis=1))
    return (logsumexps - shifted[np.arange(m), y]).mean()
""",
        ),
        it="its log-sum-exp",
        suffix="log-sum-exp",
        words=(("Z", "logits"),),
        shifts_only=True,
        has_labels=True,
        in_a_logarithm=True,
        # The same answers as when they stand in the softmax, or as another row's maximum.
        without=("clipped-logits", "column-shift", "other-row-shift"),
    ),
    Inside(
        "logits_gradient",
        "dlogits",
        (
            """
def logits_gradient(Z, y):
    exps = np.exp({exponents})
    dZ = {probs}
    dZ[np.arange(len(y)), y] -= 1
    return dZ / len(y)
""",
        ),
        has_labels=True,
    ),
    Inside(
        "weight_gradient",
        "dweights",
        (
            """
def weight_gradient(X, Z, y):
    exps = np.exp({exponents})
    dZ = {probs}
    dZ[np.arange(len(y)), y] -= 1
    dZ /= len(y)
    return X.T @ dZ, dZ.sum(axis=0)
""",
        ),
        has_labels=True,
        without=ONE_FOR_ALL,
    ),
    Inside(
        "gradient_step",
        "step",
        (
            """
def gradient_step(W, b, X, y, learning_rate):
    Z = X @ W + b
    exps = np.exp({exponents})
    dZ = {probs}
    dZ[np.arange(len(y)), y] -= 1
    dZ /= len(y)
    return W - learning_rate * X.T @ dZ, b - learning_rate * dZ.sum(axis=0)
""",
        ),
        has_labels=True,
        without=ONE_FOR_ALL,
    ),
    Inside(
        "gradient_step_with_l2",
        "penalised-step",
        (
            """
def gradient_step_with_l2(W, b, X, y, learning_rate, l2):
    Z = X @ W + b
    exps = np.exp({exponents})
    dZ = {probs}
    dZ[np.arange(len(y)), y] -= 1
    dZ /= len(y)
    dW = X.T @ dZ + l2 * W
    return W - learning_rate * dW, b - learning_rate * dZ.sum(axis=0)
""",
        ),
        has_labels=True,
        without=ONE_FOR_ALL,
    ),
    Inside(
        "network_gradients",
        "network",
        (
            """
def network_gradients(X, y, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    Z = A1 @ W2 + b2
    exps = np.exp({exponents})
    dZ = {probs}
    dZ[np.arange(len(y)), y] -= 1
    dZ /= len(y)
    dZ1 = dZ @ W2.T * (A1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ, dZ.sum(axis=0)
""",
        ),
        has_labels=True,
        without=ONE_FOR_ALL,
    ),
    Inside(
        "descent_epoch",
        "epoch",
        (
            """
def descent_epoch(W, b, X, y, learning_rate, batch_size):
    for i in range(0, len(X), batch_size):
        x, labels = X[i:i + batch_size], y[i:i + batch_size]
        Z = x @ W + b
        exps = np.exp({exponents})
        dZ = ({probs} - np.eye(len(b))[labels]) / len(x)
        W = W - learning_rate * x.T @ dZ
        b = b - learning_rate * dZ.sum(axis=0)
    return W, b
""",
        ),
        without=ONE_FOR_ALL,
    ),
    Inside(
        "linear_loss_and_gradient",
        "linear",
        (
            """
def linear_loss_and_gradient(W, X, y, l2):
    m, Z = len(X), X @ W
    exps = np.exp({exponents})
    P = {probs}
    loss = -np.log(P[np.arange(m), y]).mean() + l2 * (W * W).sum()
    P[np.arange(m), y] -= 1
    return loss, X.T @ P / m + 2 * l2 * W
""",
            """
def linear_loss_and_gradient(W, X, y, l2):
    m, Z = len(X), X @ W
    shifted = {exponents}
    exps = np.exp(shifted)
    P = {probs}
    loss = (np.log(exps.sum(axis=1)) - shifted[np.arange(m), y]).mean()
    P[np.arange(m), y] -= 1
    return loss + l2 * (W * W).sum(), X.T @ P / m + 2 * l2 * W
""",
        ),
        without=ONE_FOR_ALL,
    ),
    Inside(
        "linear_loss_and_gradient_with_half",
        "linear-half",
        (
            """
def linear_loss_and_gradient_with_half(W, X, y, l2):
    m, Z = len(X), X @ W
    exps = np.exp({exponents})
    P = {probs}
    loss = -np.log(P[np.arange(m), y]).mean() + l2 / 2 * (W * W).sum()
    P[np.arange(m), y] -= 1
    return loss, X.T @ P / m + l2 * W
""",
            """
def linear_loss_and_gradient_with_half(W, X, y, l2):
    m, Z = len(X), X @ W
    shifted = {exponents}
    exps = np.exp(shifted)
    P = {probs}
    loss = (np.log(exps.sum(axis=1)) - shifted[np.arange(m), y]).mean()
    P[np.arange(m), y] -= 1
    return loss + l2 / 2 * (W * W).sum(), X.T @ P / m + l2 * W
""",
        ),
        without=ONE_FOR_ALL,
    ),
    Inside(
        "masked_softmax",
        "masked",
        (
            """
def masked_softmax(Z, mask):
    exps = np.where(mask, np.exp({exponents}), 0)
    return {probs}
""",
            """
def masked_softmax(Z, mask):
    exps = np.exp({exponents}) * mask
    return {probs}
""",
        ),
    ),
    Inside(
        "attention_weights",
        "attention",
        (
            """
def attention_weights(Q, K):
    Z = Q @ K.T / np.sqrt(Q.shape[1])
    exps = np.exp({exponents})
    return {probs}
""",
        ),
    ),
    Inside(
        "softmax_along_axis",
        "along-axis",
        (
            """
def softmax_along_axis(Z, axis):
    exps = np.exp({exponents})
    return {probs}
""",
        ),
        it="it",
        words=(
            ("Z[:, :1]", "np.take(Z, [0], axis)"),
            ("Z[:, -1:]", "np.take(Z, [-1], axis)"),
            ("axis=1", "axis=axis"),
        ),
        without=("other-row-shift", "column-shift", "wrong-axis"),
    ),
]

ENTRIES = [
    inside.entry(wrong) for inside in INSIDE for wrong in WRONG_SOFTMAXES if inside.takes(wrong)
]
