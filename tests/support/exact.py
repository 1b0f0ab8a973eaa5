"""Slow but plain answers to compare with, to 200 digits."""

from functools import cache

import mpmath
import numpy as np

mpmath.mp.dps = 200
FLOOR = 1e-150  # below this, 200 digits of logits near 100 leave the exact answers in doubt


@cache
def _exact_log_softmax(logits, temperature):
    z = [mpmath.mpf(value) / mpmath.mpf(temperature) for value in logits]
    total = mpmath.log(mpmath.fsum(mpmath.exp(value) for value in z))
    return tuple(value - total for value in z)


def exact_log_softmax(logits, temperature=1.0):
    """Log-probabilities of one example to 200 digits, by the formula as it stands."""
    return _exact_log_softmax(tuple(float(value) for value in logits), float(temperature))


def exact_softmax(logits, temperature=1.0):
    return [mpmath.exp(value) for value in exact_log_softmax(logits, temperature)]


def exact_logsumexp(logits):
    return mpmath.mpf(float(logits[0])) - exact_log_softmax(logits)[0]


def plain_cross_entropy(
    logits, targets, *, class_weight=None, ignore_index=None, label_smoothing=0.0, reduction="mean"
):
    """Cross-entropy read off its definition, one position and one class at a time."""
    n_classes = logits.shape[1]
    weight = [1.0] * n_classes if class_weight is None else list(class_weight)
    spread = label_smoothing / n_classes
    losses, divisor = [], 0.0
    for row, target in zip(logits, targets, strict=True):
        surprisal = [-value for value in exact_log_softmax(row)]
        if np.ndim(target):
            losses.append(
                mpmath.fsum(
                    weight[c] * ((1 - label_smoothing) * float(target[c]) + spread) * surprisal[c]
                    for c in range(n_classes)
                )
            )
            divisor += 1
        elif target == ignore_index:
            losses.append(mpmath.mpf(0))
        else:
            even = mpmath.fsum(weight[c] * surprisal[c] for c in range(n_classes))
            losses.append(
                (1 - label_smoothing) * weight[target] * surprisal[target] + spread * even
            )
            divisor += weight[target]
    if reduction == "none":
        return np.array([float(loss) for loss in losses])
    total = float(mpmath.fsum(losses))
    if reduction == "sum":
        return total
    return total / divisor if divisor else float("nan")
