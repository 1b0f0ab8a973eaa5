"""Figures as a notebook holds them: base64 PNGs."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image


def encode(array, **options):
    file = io.BytesIO()
    Image.fromarray(array).save(file, format="PNG", **options)
    return base64.b64encode(file.getvalue()).decode("ascii")


def png(draw, dpi=72):
    """Draw in Matplotlib's own style, whatever the tests before have set."""
    file = io.BytesIO()
    with plt.style.context("default"):
        figure, axes = plt.subplots(figsize=(6, 4))
        draw(axes)
        figure.savefig(file, dpi=dpi)
    plt.close(figure)
    return base64.b64encode(file.getvalue()).decode("ascii")


def line(shift=0.0):
    x = np.linspace(0, 1, 200)
    return lambda axes: (axes.plot(x, np.sin(6 * x) + shift), axes.set_ylim(-1.5, 1.5))
