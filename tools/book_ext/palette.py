"""The palette as CSS: without it, text and panels would not have the colours of the figures.

Figures are drawn for white paper. On a dark page the same hues are lightened until they stand out.
"""

from matplotlib.colors import to_hex, to_rgb

from softmax_lib.plots import COLOURS, FAINT, INK, MUTED

LIGHT, DARK = "#ffffff", "#14181e"  # the two backgrounds


def luminance(colour: str) -> float:
    """Return the relative luminance, by WCAG 2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, by WCAG 2: from 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def lightened(colour: str, background: str = DARK, ratio: float = 5.5) -> str:
    """Mix a colour with white, one part in a hundred at a time, until the contrast is enough."""
    for white in range(101):
        red, green, blue = (c + (1 - c) * white / 100 for c in to_rgb(colour))
        mixed = to_hex((red, green, blue))
        if contrast(mixed, background) >= ratio:
            return mixed
    raise ValueError(f"no tint of {colour} has a contrast of {ratio} with {background}")


def light() -> dict[str, str]:
    """Return the colours on white, by their names."""
    return classes() | {"paper": LIGHT, "ink": INK, "muted": MUTED, "faint": FAINT}


def classes() -> dict[str, str]:
    return {f"class-{k}": colour for k, colour in enumerate(COLOURS)}


def style_sheet() -> str:
    dark = {name: lightened(colour) for name, colour in classes().items()}
    dark |= {"paper": DARK, "ink": "#e6e3dc", "muted": "#a3a9b3", "faint": "#39404b"}
    return rule(":root", light()) + rule('html[data-theme="dark"]', dark)


def rule(selector: str, colours: dict[str, str]) -> str:
    lines = "".join(f"  --{name}: {colour};\n" for name, colour in colours.items())
    return f"{selector} {{\n{lines}}}\n"
