"""Leave out of a style sheet the rules that no page can need.

The theme and the extensions bring rules for parts that this book does not have: two thirds of all.
A browser reads every one of them before it shows the first word.
"""

import re

import tinycss2

GROUPS = {"media", "supports", "layer"}
COMPOSED = "bs-"  # Bootstrap's script puts such names together from two words


def words_of(text: str) -> set[str]:
    """Return whatever could be the name of a class or an id, in a page or in a script."""
    return set(re.findall(r"[\w-]+", text))


def without_unused(sheet: str, words: set[str]) -> str:
    """Return the sheet without the selectors that ask for a class or an id not among the words."""
    return "".join(kept(tinycss2.parse_stylesheet(sheet, skip_whitespace=True), words))


def kept(rules, words: set[str]):
    for rule in rules:
        if rule.type == "error":
            raise ValueError(f"the style sheet, line {rule.source_line}: {rule.message}")
        if rule.type == "qualified-rule":
            selectors = [one for one in selectors_of(rule.prelude) if is_needed(one, words)]
            if selectors:
                prelude = ",".join(tinycss2.serialize(one).strip() for one in selectors)
                yield f"{prelude}{{{tinycss2.serialize(rule.content)}}}\n"
        elif rule.type == "at-rule" and rule.lower_at_keyword in GROUPS and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if text := "".join(kept(inner, words)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{\n{text}}}\n"
        else:
            yield rule.serialize() + "\n"


def selectors_of(prelude) -> list[list]:
    """Split a list of selectors at its commas, but not at those in brackets."""
    selectors = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def is_needed(selector, words: set[str]) -> bool:
    return all(name in words or name.startswith(COMPOSED) for name in names_of(selector))


def names_of(selector):
    """Yield the classes and ids that an element must have; `:not(.this)` asks for none."""
    for before, token in zip([None, *selector], selector, strict=False):
        if token.type == "hash" or (token.type == "ident" and before == "."):
            yield token.value
