"""The rules a notebook of the book keeps: each takes a notebook and yields its complaints.

`lint` applies them to the book; tests/notebooks/test_rules.py sees each of them complain.
"""

import ast
import re
import statistics
from collections.abc import Callable, Iterator
from itertools import pairwise

from nbformat import NotebookNode

from tools.notebooks.canonical import FOLDED
from tools.notebooks.figures import figures
from tools.notebooks.refresh import ADDRESS, has_error, may_fail
from tools.notebooks.views import (
    DISPLAYED,
    TAG,
    all_prose,
    alt_text,
    cells_of,
    headings,
    minutes,
    parts,
    printed,
    prose,
    running_text,
    tags,
    words,
)

ALLOWED_TAGS = {"hide-cell", "hide-input", "remove-cell", "raises-exception"}
ALLOWED_KINDS = {"text/plain", "text/html", "text/latex", "text/markdown", "image/png"}
MAX_LINES, MAX_MEDIAN_LINES = 20, 6
MIN_ALT = 20
EXERCISES, WORDS, FIGURES = (3, 6), (1500, 3500), (4, 10)
CORE_MINUTES = 40
DRAWING = {"matplotlib.pyplot", "softmax_lib.plots"}
OPENING = ("you will be able to", "prerequisites")
MINUTES = re.compile(
    r"\*\*Minutes:\*\* (\d+) for the core, (\d+) for \*What goes wrong\*,"
    r" (\d+) for the sections\smarked \*Further\*"
)
SECTIONS = ("What goes wrong", "Exercises", "Summary", "What's next")
LEVEL = re.compile(r"\*Level ●{1,3} · \d+ minutes\*\n")
FOLD = re.compile(r"<details><summary>(.*?)</summary>")
PROMPTS = (8, 11)
NO_ANSWER = "No answer yet: replace None with your answer and run the cell again."

# What an output must not show, because the next machine would show something else.
UNSTABLE = {
    "a bare NumPy scalar": re.compile(r"\bnp\.(?:float|int|uint|bool|str|complex)\w*\("),
    "a memory address": ADDRESS,
    "a path": re.compile(r"(?<![\w.:/])/(?:home|root|tmp|usr|opt|var|work|Users)/|\b[A-Z]:\\"),
    "a negative zero": re.compile(r"(?<![\w.])-0\.0*(?![\d.])"),
    "more digits than machines agree on": re.compile(r"\d\.\d{11,}"),
    "a time": re.compile(r"\d ?(?:ms|µs|us|ns|s/it|it/s|seconds?)\b"),
    "a carriage return": re.compile(r"\r"),
}

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d*)?(?:e[+-]?\d+)?(?!\w|\.\d)")
POWER_OF_TEN = re.compile(r"\s*(?:\\cdot|\\times|·|×)\s*10(?:\^\{?([-−]?\d+)\}?|(⁻?[⁰¹²³⁴-⁹]+))")
RAISED = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")

Complaints = Iterator[str]


# --- rules for every notebook ------------------------------------------------------------------


def is_executed_in_order(notebook: NotebookNode) -> Complaints:
    for number, (index, cell) in enumerate(cells_of(notebook, "code"), start=1):
        if cell.execution_count != number:
            yield f"cell {index} has number {cell.execution_count} in place of {number}"
        for output in cell.outputs:
            if (count := output.get("execution_count", number)) != number:
                yield f"cell {index} has number {number}, and its result {count}"


def has_no_empty_cell(notebook: NotebookNode) -> Complaints:
    for index, cell in enumerate(notebook.cells):
        if not cell.source.strip():
            yield f"cell {index} is empty"


def fails_only_where_it_says(notebook: NotebookNode) -> Complaints:
    for index, cell in cells_of(notebook, "code"):
        if has_error(cell) and not may_fail(cell):
            yield f"cell {index} shows an error and is not tagged raises-exception"
        if may_fail(cell) and not has_error(cell):
            yield f"cell {index} is tagged raises-exception and shows no error"


def writes_nothing_to_stderr(notebook: NotebookNode) -> Complaints:
    for index, cell in cells_of(notebook, "code"):
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield f"cell {index} writes to stderr"


def uses_only_known_tags(notebook: NotebookNode) -> Complaints:
    for index, cell in enumerate(notebook.cells):
        for tag in sorted(tags(cell) - ALLOWED_TAGS):
            yield f"cell {index} has the tag {tag}"


def names_what_it_folds(notebook: NotebookNode) -> Complaints:
    for index, cell in cells_of(notebook, "code"):
        prompt = cell.metadata.get("mystnb", {}).get("code_prompt_show", "")
        if tags(cell) & FOLDED and not prompt:
            yield f"cell {index} is folded and has no code_prompt_show to name what it holds"


def hides_nothing_from_nbval(notebook: NotebookNode) -> Complaints:
    for index, cell in cells_of(notebook, "code"):
        if "nbval" in cell.source.casefold() or any("nbval" in tag for tag in tags(cell)):
            yield f"cell {index} speaks to nbval"


def keeps_cells_short(notebook: NotebookNode) -> Complaints:
    lines = {
        index: sum(bool(line.strip()) for line in cell.source.splitlines())
        for index, cell in cells_of(notebook, "code")
    }
    for index, count in lines.items():
        if count > MAX_LINES:
            yield f"cell {index} has {count} lines, over {MAX_LINES}"
    read = [lines[index] for index in lines if not _is_hidden(notebook.cells[index])]
    if read and (median := statistics.median(read)) > MAX_MEDIAN_LINES:
        yield f"the median cell has {median:g} lines, over {MAX_MEDIAN_LINES}"


def _is_hidden(cell: NotebookNode) -> bool:
    """Whether it is an assignment's test that no reader gets."""
    return "### BEGIN HIDDEN TESTS" in cell.source


def describes_its_figures(notebook: NotebookNode) -> Complaints:
    seen: dict[str, int] = {}
    for index, cell in cells_of(notebook, "code"):
        count, alt = len(figures(cell)), alt_text(cell)
        if count > 1:
            yield f"cell {index} has {count} figures and can describe one"
        if count and len(alt) < MIN_ALT:
            yield f"cell {index} has a figure without alt text of {MIN_ALT} characters: {alt!r}"
        if alt and not count:
            yield f"cell {index} has alt text and no figure"
        if alt and alt in seen:
            yield f"cells {seen[alt]} and {index} have the same alt text"
        seen[alt] = index


def shows_its_figures(notebook: NotebookNode) -> Complaints:
    for index, cell in cells_of(notebook, "code"):
        lines = {line.strip() for line in cell.source.splitlines()}
        if figures(cell) and "plt.show()" not in lines:
            yield f"cell {index} draws a figure without plt.show()"


def prints_a_number_beside_each_figure(notebook: NotebookNode) -> Complaints:
    code = cells_of(notebook, "code")
    for position, (index, cell) in enumerate(code):
        beside = code[max(position - 1, 0) : position + 2]
        if figures(cell) and not any(NUMBER.search(printed(c)) for _, c in beside):
            yield f"cell {index} draws a figure, and no number is printed beside it"


def imports_in_its_first_code_cell(notebook: NotebookNode) -> Complaints:
    """All but what draws: a reader's browser loads Matplotlib for the first figure only."""
    for position, (index, cell) in enumerate(cells_of(notebook, "code")):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            yield f"cell {index} is not plain Python"
            continue
        imported = {name for node in ast.walk(tree) for name in _imported(node)}
        drawing = imported & DRAWING
        if position == 0 and not imported:
            yield f"cell {index} is the first code cell and imports nothing"
        if position == 0 and drawing:
            yield f"cell {index} imports {min(drawing)}, which belongs to the first figure"
        if position > 0 and imported - drawing:
            yield f"cell {index} imports, and is not the first code cell"


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def shows_the_same_on_every_machine(notebook: NotebookNode) -> Complaints:
    for index, cell in cells_of(notebook, "code"):
        for what, pattern in UNSTABLE.items():
            if found := pattern.search(printed(cell)):
                yield f"cell {index} shows {what}: {found[0]!r}"
        kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
        for kind in sorted(kinds - ALLOWED_KINDS):
            yield f"cell {index} shows {kind}"


def ends_no_line_with_a_semicolon(notebook: NotebookNode) -> Complaints:
    for index, cell in cells_of(notebook, "code"):
        if any(line.rstrip().endswith(";") for line in cell.source.splitlines()):
            yield f"cell {index} ends a line with a semicolon"


def prints_every_number_of_its_prose(notebook: NotebookNode) -> Complaints:
    """A number with three decimals or more was measured: some cell must print it."""
    outputs = "\n".join(printed(cell) for _, cell in cells_of(notebook, "code"))
    known = [float(number) for number in numbers_in(outputs)]
    for index, cell in cells_of(notebook, "markdown"):
        for number in numbers_in(prose(cell)):
            if decimals_of(number) >= 3 and not any(rounds_to(other, number) for other in known):
                yield f"cell {index} says {number}, and no cell prints it"


def decimals_of(number: str) -> int:
    return len(number.partition("e")[0].partition(".")[2])


def rounds_to(value: float, number: str) -> bool:
    """Tell whether a value lies within half a unit of the last digit of a written number."""
    exponent = int(number.partition("e")[2] or 0) - decimals_of(number)
    return abs(value - float(number)) <= 0.5 * 10.0**exponent * (1 + 1e-9)


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text as Python writes them: 1{,}234.5 as 1234.5, 2·10⁻³ as 2e-3."""
    text = re.sub(r"(?<=\d)(?:,|\{,\}|\\,)(?=\d{3}(?!\d))", "", text)
    text = POWER_OF_TEN.sub(lambda power: f"e{power[1] or power[2]}".translate(RAISED), text)
    return NUMBER.findall(text)


def begins_no_list_by_accident(notebook: NotebookNode) -> Complaints:
    """A sentence that ends in "… and 1." must not break before the 1: that would begin a list."""
    for i, cell in cells_of(notebook, "markdown"):
        for before, line in pairwise(cell.source.splitlines()):
            if re.match(r"1[.)] ", line) and before.strip():
                yield f"cell {i} begins a list in the middle of a paragraph: {line!r}"


def ends_its_proofs(notebook: NotebookNode) -> Complaints:
    """The site boxes a proof, from the word to the sign."""
    for i, cell in cells_of(notebook, "markdown"):
        if len(re.findall(r"^\*\*Proof", cell.source, re.MULTILINE)) != cell.source.count("∎"):
            yield f"cell {i} has a proof without its ∎, or a ∎ without its proof"


def numbers_its_equations(notebook: NotebookNode) -> Complaints:
    for equation in DISPLAYED.findall(running_text(notebook)):
        if len(TAG.findall(equation)) != 1:
            yield f"an equation needs one \\tag{{...}}: {equation!r}"


def counts_its_equations(notebook: NotebookNode) -> Complaints:
    r"""From 1, with the number of the chapter in front; a page without a number has a letter."""
    sources = [cell.source for _, cell in cells_of(notebook, "markdown")]
    tags = TAG.findall("\n".join(sources))
    if tags != TAG.findall(running_text(notebook)):
        yield "an equation of an exercise or a solution has a \\tag"
    chapter = re.match(r"# (\d+)\. ", sources[0]) or re.match(r"([A-Z])\.", "".join(tags))
    expected = [f"{chapter and chapter[1]}.{count}" for count in range(1, len(tags) + 1)]
    if tags != expected:
        yield f"the equations are numbered {', '.join(tags)}, not {', '.join(expected)}"


def checks_its_exercises(notebook: NotebookNode) -> Complaints:
    """Question, folded checker, empty answer, folded solution: in this order, and solved.

    A question that asks for a function has no checker: `diagnose` is called on it.
    """
    questions = [(i, text) for i, text in headings(notebook, 3) if text.startswith("Exercise")]
    for number, (index, text) in enumerate(questions, start=1):
        if not re.fullmatch(rf"Exercise {number}: \S.*", text):
            yield f"cell {index} should be headed 'Exercise {number}: title', not {text!r}"
            continue
        following = [c for c in notebook.cells[index + 1 :] if not is_worked_reasoning(c)][:3]
        if following and asks_for_a_function(following[0]):
            yield from (f"exercise {number}: {what}" for what in diagnosed_faults(*following[:2]))
            continue
        if len(following) < 3 or any(cell.cell_type != "code" for cell in following):
            yield f"exercise {number} is not followed by checker, answer and solution"
            continue
        yield from (f"exercise {number}: {what}" for what in exercise_faults(number, *following))


def is_worked_reasoning(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and cell.source.startswith("<details>")


def asks_for_a_function(cell: NotebookNode) -> bool:
    is_code = cell.cell_type == "code"
    return is_code and cell.source.startswith("def ") and "diagnose(" in cell.source


def diagnosed_faults(answer: NotebookNode, solution: NotebookNode) -> Complaints:
    call = answer.source.splitlines()[-1]
    if not call.startswith("diagnose("):
        yield "the visible cell must end in diagnose(...)"
    if tags(answer) or "not right yet" not in printed(answer):
        yield "the visible cell must show a verdict that is not right yet"
    if "hide-cell" not in tags(solution) or solution.source.splitlines()[-1] != call:
        yield f"the solution must be tagged hide-cell and end in {call}"
    if not printed(solution).rstrip("\n").endswith(": right."):
        yield "the solution must be right"


def exercise_faults(
    number: int, checker: NotebookNode, answer: NotebookNode, solution: NotebookNode
) -> Complaints:
    name = f"exercise_{number}"
    if "hide-input" not in tags(checker) or f"{name} = Exercise(" not in checker.source:
        yield f"the checker must be tagged hide-input and make {name}"
    elif expects_a_typed_number(checker.source):
        yield "the expected answer must be computed, not typed"
    if answer.source != f"{name}.check(None)  # replace None with your answer" or tags(answer):
        yield f"the visible cell must be: {name}.check(None)  # replace None with your answer"
    if printed(answer).rstrip("\n") != NO_ANSWER:
        yield f"the visible cell must print: {NO_ANSWER}"
    last = solution.source.splitlines()[-1]
    if "hide-cell" not in tags(solution) or not last.startswith(f"{name}.check("):
        yield f"the solution must be tagged hide-cell and end in {name}.check(value)"
    if printed(solution).splitlines()[-1:] != ["Right."]:
        yield "the solution must print Right."


def expects_a_typed_number(source: str) -> bool:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Exercise" and node.args:
            parts = list(ast.walk(node.args[0]))
            typed = any(type(getattr(part, "value", None)) in (int, float) for part in parts)
            return typed and not any(isinstance(part, COMPUTED) for part in parts)
    return False


COMPUTED = (ast.Name, ast.Call, ast.BinOp)


# --- rules for chapters ------------------------------------------------------------------------


def opens_with_goals(notebook: NotebookNode) -> Complaints:
    first_code = next((i for i, _ in cells_of(notebook, "code")), len(notebook.cells))
    opening = "\n".join(cell.source for cell in notebook.cells[:first_code])
    if len(headings(notebook, 1)) != 1 or not opening.startswith("# "):
        yield "a chapter opens with its one title"
    for phrase in OPENING:
        if phrase not in opening.casefold():
            yield f"before the first code, a chapter says {phrase!r}"


def has_the_sections_of_a_chapter(notebook: NotebookNode) -> Complaints:
    titles = [title for _, title in headings(notebook, 2)]
    missing = [section for section in SECTIONS if titles.count(section) != 1]
    for section in missing:
        yield f"'## {section}' comes {titles.count(section)} times in place of once"
    if not missing and [title for title in titles if title in SECTIONS] != list(SECTIONS):
        yield f"the sections must come in this order: {', '.join(SECTIONS)}"


def is_as_long_as_a_chapter(notebook: NotebookNode) -> Complaints:
    questions = [text for _, text in headings(notebook, 3) if text.startswith("Exercise ")]
    drawn = sum(len(figures(cell)) for cell in notebook.cells)
    yield from (
        f"{count} {what}, not {low} to {high}"
        for what, count, (low, high) in [
            ("exercises", len(questions), EXERCISES),
            ("words", words(notebook), WORDS),
            ("figures", drawn, FIGURES),
        ]
        if not low <= count <= high
    )


def tells_how_long_it_takes(notebook: NotebookNode) -> Complaints:
    spent = minutes(notebook)
    if spent["core"] > CORE_MINUTES:
        yield f"the core takes {spent['core']:.2f} minutes, over {CORE_MINUTES}"
    measured = [round(spent[part]) for part in ("core", "What goes wrong", "Further")]
    said = MINUTES.search("\n".join(cell.source for _, cell in cells_of(notebook, "markdown")))
    if not said:
        yield "a chapter says '**Minutes:** 20 for the core, ...'"
    elif [int(number) for number in said.groups()] != measured:
        yield f"it says {', '.join(said.groups())} minutes; measured are {measured}"


def practises_in_one_form(notebook: NotebookNode) -> Complaints:
    """Levels, hints, questions and prompts: asked of a chapter that has its questions."""
    chapter = parts(all_prose(notebook), 2)
    if "Questions" not in chapter:
        return
    for title, text in parts(chapter.get("Exercises", ""), 3).items():
        if not LEVEL.match(text.lstrip()):
            yield f"{title!r} begins with no '*Level ●● · 8 minutes*'"
        if not re.fullmatch("Hint 1, Hint 2, (Hint 3, )?Solution", ", ".join(FOLD.findall(text))):
            yield f"{title!r} does not fold two or three hints and a solution"
    asked = parts(chapter["Questions"], 3)
    proofs = {title for title in asked if title.startswith("Proof in order: ")}
    if len(asked) - len(proofs) != 3:
        yield f"there are {len(asked) - len(proofs)} questions, not 3"
    for title, text in asked.items():
        faults = proof_faults if title in proofs else question_faults
        yield from (f"{title!r} {what}" for what in faults(text))
    prompts, (low, high) = FOLD.findall(chapter.get("Review", "")), PROMPTS
    if not low <= len(prompts) <= high:
        yield f"there are {len(prompts)} prompts to review, not {low} to {high}"


def question_faults(text: str) -> Complaints:
    asked, fold, answer = text.partition("<details><summary>Answer</summary>")
    if re.findall(r"^- \*\*(.)\*\* ", asked, re.MULTILINE) != list("ABCD") or not fold:
        yield "must offer A to D and fold its answer"
    right = re.findall(r"^\*\*([A-D])\.\*\* ", answer, re.MULTILINE)
    reasons = re.findall(r"^- ([A-D]): ", answer, re.MULTILINE)
    if len(right) != 1 or reasons != [choice for choice in "ABCD" if choice not in right]:
        yield "must name one right choice, and say of each other why not"


def proof_faults(text: str) -> Complaints:
    """Shuffled lines, their order, and which line needs which others before it."""
    shuffled, _, answer = text.partition("<details><summary>Answer</summary>")
    letters = re.findall(r"^- \*\*(.)\*\* ", shuffled, re.MULTILINE)
    told = re.search(r"^\*\*([A-Z](?:, [A-Z])+)\.\*\*$", answer, re.MULTILINE)
    order = told[1].split(", ") if told else []
    if letters != sorted(order) or letters == order:
        yield "must shuffle its lines, A, B, C and so on, and fold their order"
    for line, before in re.findall(r"^- ([A-Z]) needs ([A-Z, ]+)$", answer, re.MULTILINE):
        late = [
            other for other in before.split(", ") if other not in order[: index_of(line, order)]
        ]
        if late:
            yield f"says that {line} needs {', '.join(late)}, which its order does not put before"


def index_of(letter: str, order: list[str]) -> int:
    return order.index(letter) if letter in order else 0


Rule = Callable[[NotebookNode], Complaints]
NOTEBOOK_RULES: list[Rule] = [
    is_executed_in_order,
    has_no_empty_cell,
    fails_only_where_it_says,
    writes_nothing_to_stderr,
    uses_only_known_tags,
    names_what_it_folds,
    hides_nothing_from_nbval,
    keeps_cells_short,
    describes_its_figures,
    shows_its_figures,
    prints_a_number_beside_each_figure,
    imports_in_its_first_code_cell,
    shows_the_same_on_every_machine,
    ends_no_line_with_a_semicolon,
    prints_every_number_of_its_prose,
    begins_no_list_by_accident,
    ends_its_proofs,
    numbers_its_equations,
    counts_its_equations,
    checks_its_exercises,
]
CHAPTER_RULES: list[Rule] = [
    opens_with_goals,
    has_the_sections_of_a_chapter,
    is_as_long_as_a_chapter,
    tells_how_long_it_takes,
    practises_in_one_form,
]
