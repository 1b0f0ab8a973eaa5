"""Every rule of a notebook is seen to complain: a good chapter is broken in each way they know."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tools.notebooks import rules
from tools.notebooks.canonical import canonical
from tools.notebooks.views import cells_of, minutes, words

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    "gg=="
)


def figure_cell(number):
    picture = new_output(
        "display_data", {"image/png": PIXEL, "text/plain": "<Figure size 1x1 with 1 Axes>"}
    )
    return new_code_cell(
        f"print(a[{number}])\nplt.plot(a)\nplt.show()",
        outputs=[new_output("stream", name="stdout", text=f"0.84{number}\n"), picture],
        metadata={"mystnb": {"image": {"alt": f"A line that rises to the value {number}."}}},
    )


def fold(title, text="Add them up."):
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>\n"


LEVEL = "*Level ●● · 8 minutes*"
HELP = fold("Hint 1") + fold("Hint 2") + fold("Solution")
CHOICES = "- **A** 1\n- **B** 2\n- **C** 3\n- **D** 4\n\n"
WHY = fold("Answer", "**B.** It is so.\n\n- A: too few.\n- C: too many.\n- D: far too many.")


def questions(choices=CHOICES, why=WHY, count=3):
    asked = "".join(f"### Question {n}: a title\n\n{choices}{why}\n" for n in range(count))
    return f"## Questions\n\n{asked}"


def proof(lines="ABC", order="B, C, A", needs="- A needs B, C\n- C needs B"):
    shuffled = "".join(f"- **{letter}** so\n" for letter in lines)
    return f"### Proof in order: it is so\n\n{shuffled}\n" + fold(
        "Answer", f"**{order}.**\n\n{needs}"
    )


def review(count):
    return "## Review\n\n" + fold("How much?", "Two.") * count


def exercise_cells(number):
    name = f"exercise_{number}"
    return [
        new_markdown_cell(f"### Exercise {number}: a title\n\n{LEVEL}\n\nHow much is it?"),
        new_code_cell(f"{name} = Exercise(a.sum())", metadata=folded("hide-input")),
        new_code_cell(
            f"{name}.check(None)  # replace None with your answer",
            outputs=[new_output("stream", name="stdout", text=rules.NO_ANSWER + "\n")],
        ),
        new_markdown_cell(HELP),
        new_code_cell(
            f"{name}.check(sum(a))",
            outputs=[new_output("stream", name="stdout", text="Right.\n")],
            metadata=folded("hide-cell"),
        ),
    ]


def function_cells(number):
    def verdict(text):
        data = {"text/plain": f"total: {text}"}
        return [new_output("execute_result", data, execution_count=1)]

    return [
        new_markdown_cell(f"### Exercise {number}: a title\n\n{LEVEL}\n\nWrite it."),
        new_code_cell(
            "def total(a):\n    return None  # your line\n\ndiagnose(total)",
            outputs=verdict("not right yet."),
        ),
        new_markdown_cell(HELP),
        new_code_cell(
            "def total(a):\n    return sum(a)\n\ndiagnose(total)",
            outputs=verdict("right."),
            metadata=folded("hide-cell"),
        ),
    ]


def folded(name):
    return {"tags": [name], "mystnb": {"code_prompt_show": "Show what is here"}}


def good_chapter():
    """Return a chapter in memory that keeps every rule."""
    opening = (
        "# 7. A title\n\nYou will be able to add. Prerequisites: none.\n\n**Minutes:** 20 for the "
        "core, 0 for *What goes wrong*, 4 for the sections\nmarked *Further*.\n\n"
    )
    cells = [
        new_markdown_cell(opening + "word " * 1960),
        new_code_cell("import numpy as np"),
        new_markdown_cell("## Adding\n\nThe sum is 0.842, see $0.841$."),
        *(figure_cell(number) for number in range(1, 5)),
        new_markdown_cell("## Further: more\n\n$$\n1\n\\tag{7.1}\n$$\n\n$$ 2 \\tag{7.2} $$"),
        new_markdown_cell("## What goes wrong"),
        new_code_cell(
            "1 / 0",
            outputs=[new_output("error", ename="ZeroDivisionError", evalue="division by zero")],
            metadata={"tags": ["raises-exception"]},
        ),
        new_markdown_cell("## Exercises"),
        *(cell for number in range(1, 4) for cell in exercise_cells(number)),
        *function_cells(4),
        new_markdown_cell(questions() + proof()),
        new_markdown_cell(review(8)),
        new_markdown_cell("## Summary"),
        new_markdown_cell("## What’s next"),
    ]
    code = [cell for cell in cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
    return canonical(nbformat.v4.new_notebook(cells=cells))


ALL_RULES = [*rules.NOTEBOOK_RULES, *rules.CHAPTER_RULES]
IMPORTS, ADDING, FIGURE, MORE, FAILS, HEADED, QUESTION, CHECKER, ANSWER, WORDS, SOLUTION = (
    1, 2, 3, 7, 9, 10, 11, 12, 13, 14, 15,
)  # fmt: skip
FUNCTION, WRITTEN, ASKED, REVIEWED = 27, 29, 30, 31


def test_a_good_chapter_keeps_every_rule():
    assert [said for rule in ALL_RULES for said in rule(good_chapter())] == []


def source(index, text):
    """Return a breaker that replaces the source of a cell."""
    return lambda notebook: notebook.cells[index].update(source=text)


def text(index, shown):
    """Return a breaker that replaces what a cell prints."""
    output = new_output("stream", name="stdout", text=shown)
    return lambda notebook: notebook.cells[index].update(outputs=[output])


def tag(index, *names):
    return lambda notebook: notebook.cells[index].metadata.update(tags=list(names))


def alt(index, words):
    described = {"image": {"alt": words}}
    return lambda notebook: notebook.cells[index].metadata.update(mystnb=described)


def drop(index):
    return lambda notebook: notebook.cells.pop(index)


def stderr(index):
    output = new_output("stream", name="stderr", text="a warning")
    return lambda notebook: notebook.cells[index].outputs.append(output)


def show(index, kind):
    output = new_output("display_data", {kind: "x"})
    return lambda notebook: notebook.cells[index].outputs.append(output)


def quiet_figures(notebook):
    for cell in notebook.cells:
        cell.outputs = [o for o in cell.get("outputs", []) if o.output_type != "stream"]


def long_cells(notebook):
    for _, cell in cells_of(notebook, "code"):
        cell.source = "a\n" * 7


def swapped_sections(notebook):
    notebook.cells[-2:] = notebook.cells[:-3:-1]


def few_exercises(notebook):
    del notebook.cells[FUNCTION - 1], notebook.cells[QUESTION]


def miscounted_result(notebook):
    notebook.cells[FUNCTION].outputs[0].execution_count = 1


def twin_figures(notebook):
    notebook.cells[FIGURE].outputs.append(notebook.cells[FIGURE].outputs[-1])


BROKEN = [
    (rules.is_executed_in_order, drop(IMPORTS), "cell 2 has number 2 in place of 1"),
    (rules.is_executed_in_order, miscounted_result, "cell 27 has number 16, and its result 1"),
    (
        rules.is_executed_in_order,
        lambda notebook: notebook.cells[IMPORTS].update(execution_count=None),
        "cell 1 has number None",
    ),
    (rules.has_no_empty_cell, source(ADDING, " \n"), "cell 2 is empty"),
    (rules.fails_only_where_it_says, tag(FAILS), "cell 9 shows an error and is not tagged"),
    (rules.fails_only_where_it_says, text(FAILS, "fine"), "tagged raises-exception and shows no"),
    (rules.writes_nothing_to_stderr, stderr(FIGURE), "cell 3 writes to stderr"),
    (rules.uses_only_known_tags, tag(FIGURE, "hide_cell"), "cell 3 has the tag hide_cell"),
    (rules.uses_only_known_tags, tag(ADDING, "nbval-skip"), "cell 2 has the tag nbval-skip"),
    (rules.names_what_it_folds, tag(FIGURE, "hide-input"), "cell 3 is folded and has no code_pr"),
    (rules.hides_nothing_from_nbval, source(1, "# NBVAL_IGNORE_OUTPUT"), "cell 1 speaks to nbval"),
    (rules.hides_nothing_from_nbval, tag(FIGURE, "nbval-ignore-output"), "cell 3 speaks to nbval"),
    (rules.keeps_cells_short, source(IMPORTS, "a\n" * 21), "cell 1 has 21 lines, over 20"),
    (rules.keeps_cells_short, long_cells, "the median cell has 7 lines, over 6"),
    (
        rules.describes_its_figures,
        alt(FIGURE, "A line."),
        "a figure without alt text .*: 'A line.'",
    ),
    (rules.describes_its_figures, alt(FIGURE, ""), "cell 3 has a figure without alt text"),
    (rules.describes_its_figures, alt(IMPORTS, "x" * 30), "cell 1 has alt text and no figure"),
    (
        rules.describes_its_figures,
        alt(FIGURE, "A line that rises to the value 2."),
        "cells 3 and 4 have the same alt text",
    ),
    (rules.describes_its_figures, twin_figures, "cell 3 has 2 figures and can describe one"),
    (rules.shows_its_figures, source(FIGURE, "plt.plot(a)"), "cell 3 draws a figure without plt.s"),
    (rules.prints_a_number_beside_each_figure, quiet_figures, "cell 3 draws a figure, and no num"),
    (rules.imports_in_its_first_code_cell, source(IMPORTS, "a = 1"), "cell 1 .* imports nothing"),
    (rules.imports_in_its_first_code_cell, source(FAILS, "import os"), "cell 9 imports, and is"),
    (
        rules.imports_in_its_first_code_cell,
        source(IMPORTS, "import matplotlib.pyplot as plt"),
        "cell 1 imports matplotlib.pyplot, which belongs to the first figure",
    ),
    (
        rules.imports_in_its_first_code_cell,
        source(IMPORTS, "from softmax_lib import plots, softmax"),
        "cell 1 imports softmax_lib.plots, which belongs to the first figure",
    ),
    (
        rules.imports_in_its_first_code_cell,
        source(FAILS, "%time f()"),
        "cell 9 is not plain Python",
    ),
    *(
        (rules.shows_the_same_on_every_machine, text(IMPORTS, shown), f"cell 1 shows {what}")
        for shown, what in [
            ("[np.float64(0.5)]", "a bare NumPy scalar"),
            ("<f at 0x7f1c>", "a memory address"),
            ("saved as /tmp/model.npz", "a path"),
            (r"saved as C:\model.npz", "a path"),
            ("loss -0.0000", "a negative zero"),
            ("[-0.]", "a negative zero"),
            ("0.30000000000000004", "more digits than machines agree on"),
            ("fitted in 1.2 s/it", "a time"),
            ("1 %\r2 %", "a carriage return"),
        ]
    ),
    (rules.shows_the_same_on_every_machine, show(IMPORTS, "image/svg+xml"), "shows image/svg"),
    (rules.ends_no_line_with_a_semicolon, source(FIGURE, "a;\nplt.show()"), "ends a line with a"),
    (rules.prints_every_number_of_its_prose, source(ADDING, "It is 0.846."), "says 0.846, and no"),
    (rules.prints_every_number_of_its_prose, source(ADDING, "$0.8421$"), "says 0.8421, and no"),
    (rules.prints_every_number_of_its_prose, source(ADDING, "1,000.842"), "says 1000.842, and no"),
    (rules.prints_every_number_of_its_prose, source(ADDING, "8.413·10⁻¹"), "says 8.413e-1, and no"),
    (rules.begins_no_list_by_accident, source(MORE, "Between 0 and\n1. At best"), "begins a list"),
    (rules.ends_its_proofs, source(MORE, "**Proof.** It is so."), "a proof without its ∎"),
    (rules.ends_its_proofs, source(MORE, "It is so. ∎"), "a ∎ without its proof"),
    (rules.numbers_its_equations, source(MORE, r"$$ 1 $$"), "an equation needs one"),
    (rules.numbers_its_equations, source(MORE, r"$$ 1 \tag{7.1}\tag{7.2} $$"), "needs one"),
    *(
        (rules.counts_its_equations, source(cell, text), complaint)
        for cell, text, complaint in [
            (MORE, r"$$ 1 \tag{7.2} $$", "are numbered 7.2, not 7.1"),
            (MORE, r"$$ 1 \tag{6.1} $$", "are numbered 6.1, not 7.1"),
            (MORE, r"$$ 1 \tag{7.1} $$ $$ 2 \tag{7.1} $$", "numbered 7.1, 7.1, not 7.1, 7.2"),
            (0, "# A title", "are numbered 7.1, 7.2, not None.1, None.2"),
            (QUESTION, r"$$ 1 \tag{7.3} $$", "an equation of an exercise"),
            (WORDS, r"<details>$$ 1 \tag{7.3} $$</details>", "exercise or a solution has a"),
        ]
    ),
    *(
        (rules.checks_its_exercises, breaker, complaint)
        for breaker, complaint in [
            (source(QUESTION, "### Exercise one"), "cell 11 should be headed 'Exercise 1: title'"),
            (drop(CHECKER), "exercise 1 is not followed by checker, answer and solution"),
            (tag(CHECKER), "exercise 1: the checker must be tagged hide-input"),
            (source(CHECKER, "exercise_1 = Exercise(0.3)"), "must be computed, not typed"),
            (source(CHECKER, "exercise_1 = Exercise([-1, 2])"), "must be computed, not typed"),
            (source(ANSWER, "exercise_1.check(0.3)"), "exercise 1: the visible cell must be"),
            (tag(ANSWER, "hide-cell"), "exercise 1: the visible cell must be"),
            (text(ANSWER, "Right."), "exercise 1: the visible cell must print: No answer yet"),
            (tag(SOLUTION), "exercise 1: the solution must be tagged hide-cell"),
            (source(SOLUTION, "sum(a)"), "the solution must be tagged hide-cell and end in"),
            (text(SOLUTION, "Not yet."), "exercise 1: the solution must print Right."),
            (source(FUNCTION, "def total(a):\n    diagnose(a)"), "exercise 4: .* end in diagnose"),
            (text(FUNCTION, "total: right."), "must show a verdict that is not right yet"),
            (tag(FUNCTION, "hide-cell"), "must show a verdict that is not right yet"),
            (tag(WRITTEN), "the solution must be tagged hide-cell and end in diagnose.total."),
            (source(WRITTEN, "diagnose(sum)"), "tagged hide-cell and end in diagnose.total."),
            (text(WRITTEN, "total: not right yet."), "exercise 4: the solution must be right"),
        ]
    ),
    (rules.opens_with_goals, source(0, "# A title"), "says 'you will be able to'"),
    (rules.opens_with_goals, source(ADDING, "# Another"), "a chapter opens with its one title"),
    (rules.has_the_sections_of_a_chapter, drop(-1), "'## What's next' comes 0 times"),
    (rules.has_the_sections_of_a_chapter, swapped_sections, "must come in this order"),
    (rules.is_as_long_as_a_chapter, source(0, "word " * 1000), r"\d+ words, not 1500 to 3500"),
    (rules.is_as_long_as_a_chapter, source(0, "word " * 4000), r"\d+ words, not 1500 to 3500"),
    (rules.is_as_long_as_a_chapter, drop(FIGURE), "3 figures, not 4 to 10"),
    (rules.is_as_long_as_a_chapter, few_exercises, "2 exercises, not 3 to 6"),
    (rules.tells_how_long_it_takes, source(0, "# A title"), "a chapter says '.*Minutes"),
    (rules.tells_how_long_it_takes, source(ADDING, "word " * 130), "it says 20, 0, 4 .*.21, 0, 4."),
    (
        rules.tells_how_long_it_takes,
        source(ADDING, "$$1$$" * 12),
        "the core takes 43.58 .* over 40",
    ),
    (rules.tells_how_long_it_takes, source(FAILS - 2, "## Further: x"), "measured are .20, 0, 0."),
    (
        rules.tells_how_long_it_takes,
        source(FIGURE, "plt.show()\n" * 130),
        "measured are .2[2-3], 0, 4.",
    ),
    *(
        (rules.practises_in_one_form, breaker, complaint)
        for breaker, complaint in [
            (source(QUESTION, "### Exercise 1: a title\n\nIt is easy."), "begins with no .*Level"),
            (source(WORDS, fold("Hint 1") + fold("Solution")), "two or three hints and a solut"),
            (source(WORDS, HELP + fold("Hint 3")), "does not fold two or three hints"),
            (source(ASKED, questions(count=2)), "there are 2 questions, not 3"),
            (source(ASKED, questions(CHOICES[:-10])), "must offer A to D and fold its answer"),
            (source(ASKED, questions(why="B.")), "must offer A to D and fold its answer"),
            (source(ASKED, questions(why=WHY.replace("- C: ", "- "))), "say of each other why not"),
            (source(ASKED, questions(why=WHY.replace("**", ""))), "must name one right choice"),
            (source(ASKED, questions() + proof("BAC")), "must shuffle its lines"),
            (source(ASKED, questions() + proof(order="A, B, C")), "must shuffle its lines"),
            (source(ASKED, questions() + proof(order="B, A")), "must shuffle its lines"),
            (source(ASKED, questions() + proof(needs="- B needs A")), "says that B needs A"),
            (source(REVIEWED, review(7)), "there are 7 prompts to review, not 8 to 11"),
            (source(REVIEWED, review(12)), "there are 12 prompts to review, not 8 to 11"),
        ]
    ),
]


def test_what_draws_is_imported_where_it_draws():
    notebook = good_chapter()
    source(FIGURE, "import matplotlib.pyplot as plt\n\nplt.show()")(notebook)
    assert list(rules.imports_in_its_first_code_cell(notebook)) == []


@pytest.mark.parametrize(
    ("rule", "breaker", "complaint"), BROKEN, ids=[f"{b[0].__name__}: {b[2]}" for b in BROKEN]
)
def test_a_broken_notebook_meets_the_rules_complaint(rule, breaker, complaint):
    notebook = good_chapter()
    breaker(notebook)
    complaints = list(rule(notebook))
    assert any(re.search(complaint, said) for said in complaints), complaints


def test_hidden_tests_make_no_reader_read_long_cells():
    notebook = nbformat.v4.new_notebook(cells=[new_code_cell("a\n" * 7), new_code_cell("a\n" * 3)])
    notebook.cells += [new_code_cell("### BEGIN HIDDEN TESTS\n" + "a\n" * 9) for _ in range(3)]
    assert not list(rules.keeps_cells_short(notebook))


def test_a_chapter_without_questions_is_asked_for_no_form():
    notebook = good_chapter()
    source(ASKED, "Nothing is asked.")(notebook)
    source(WORDS, fold("Solution"))(notebook)
    assert list(rules.practises_in_one_form(notebook)) == []


def test_what_is_practised_makes_no_chapter_longer():
    notebook = good_chapter()
    before = words(notebook), minutes(notebook)["core"]
    source(ASKED, questions() + "word " * 5000)(notebook)
    source(WORDS, HELP + "word " * 5000)(notebook)
    assert (words(notebook), minutes(notebook)["core"]) == before


def test_every_rule_has_been_seen_to_complain():
    assert {rule for rule, _, _ in BROKEN} == set(ALL_RULES)


def test_a_number_rounded_from_a_printed_one_is_printed():
    notebook = good_chapter()
    text(FIGURE, "0.842034 1234.5678 6.1e-05 1.e-03 2.3455e-05 4.248e-18")(notebook)
    prose = "0.8420, $0.842$, 1,234.568, 1{,}234.568, `0.00006`, 0.001, 2.346e-05. 2.5"
    powers = r"$4.248 \cdot 10^{-18}$, $0.842 \cdot 105$, $10^{5}$, 4.248·10⁻¹⁸, 4.25 × 10⁻¹⁸"
    source(ADDING, f"{prose} {powers}\n```\n9.999\n```")(notebook)
    assert list(rules.prints_every_number_of_its_prose(notebook)) == []


def test_an_expected_answer_may_be_text_or_computed():
    for expected in ["'rows'", "{'a', 'b'}", "True", "np.log(5)", "1 / 3", "a[1]", "[a, 2]"]:
        assert not rules.expects_a_typed_number(
            f"exercise_1 = Exercise({expected}, hints={{2: ''}})"
        )


def test_words_are_counted_without_code_and_mathematics():
    notebook = good_chapter()
    notebook.cells = [
        new_markdown_cell(
            "One two-fold [link](a/b.md) don't $a + b$ <b>six</b>\n$$\nx y\n$$\n```\ncode\n```\nend"
        )
    ]
    assert words(notebook) == 6
