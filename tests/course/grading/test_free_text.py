"""Written answers: whatever a student wrote reaches the teacher, with a note where it stood."""

import json

import nbformat
import pytest

from tests.support.submissions import handed_in, load
from tools.course.assignments import TEXT_STUB
from tools.course.grading import free_text, notebook

MINE = "A shift cancels in the quotient.\n\nA division does not."
MORE = "And [2, 1] has the probabilities 0.731 and 0.269."
IDS = [cell.metadata.nbgrader.grade_id for cell in load("a1").release.cells]
ANSWER = IDS.index("q5")
QUESTION = load("a1").release.cells[ANSWER - 1].source


def text(source):
    return nbformat.v4.new_markdown_cell(source)


def code(source):
    return nbformat.v4.new_code_cell(source)


def found_in(*new, q5=TEXT_STUB, question=QUESTION, change=None, position=None):
    """What is found where question and answer hold these, and new cells follow."""
    content = nbformat.reads(handed_in("a1", q5=q5).decode(), as_version=4)
    content.cells[ANSWER - 1].source = question
    position = ANSWER + 1 if position is None else position
    content.cells[position:position] = new
    if change:
        change(content)
    cells = notebook.recognise(load("a1"), notebook.read(json.dumps(content).encode()))
    texts, notes = free_text.free_text(load("a1"), cells)
    return texts["q5"], notes.get("q5", "")


def test_code_that_a_student_added_is_shown_and_no_other():
    content = nbformat.reads(handed_in("a5").decode(), as_version=4)
    mine = [
        "counts = [3, 1]\nprint(counts)",
        "Of these 359 images I have looked at two, and both are 8s.",
        "",
        "%matplotlib inline\nplot(counts)",
    ]
    content.cells[3:3] = [code(source) for source in mine]
    for change in (None, without_metadata):
        if change:
            change(content)
        cells = notebook.recognise(load("a5"), notebook.read(json.dumps(content).encode()))
        assert free_text.own_code(load("a5"), cells) == f"{mine[0]}\n\n{mine[3]}"


def without_metadata(content):
    for cell in content.cells:
        cell.metadata = {}


def without_ids(content):
    for cell in content.cells:
        cell.pop("id", None)


def as_code(content):
    content.cells[ANSWER].cell_type = "code"
    content.cells[ANSWER].update(outputs=[], execution_count=None)


def deleted(content):
    del content.cells[ANSWER]


EVERYWHERE = pytest.mark.parametrize("editor", [None, without_ids, without_metadata])


@EVERYWHERE
def test_an_answer_in_its_cell_has_no_note(editor):
    assert found_in(q5=MINE, change=editor) == (MINE, "")
    assert found_in(q5=f"{TEXT_STUB}\n{MINE}", change=editor) == (MINE, "")
    assert found_in(q5=MINE.replace("\n", "\r\n"), change=editor) == (MINE, "")


@EVERYWHERE
def test_an_open_question_is_empty(editor):
    assert found_in(change=editor) == ("", "")
    assert found_in(text(TEXT_STUB), code("# my notes"), code("x = 1"), change=editor) == ("", "")


@EVERYWHERE
def test_an_answer_in_a_new_cell_is_found_and_noted(editor):
    answer, note = found_in(text(MINE), change=editor)
    assert (answer, note) == (MINE, "found in: cell 22")


@EVERYWHERE
def test_a_copy_of_the_empty_cell_is_nothing(editor):
    assert found_in(text(TEXT_STUB), q5=MINE, change=editor) == (MINE, "")
    assert found_in(text(MINE), q5=MINE, change=editor)[0] == MINE


@EVERYWHERE
def test_pieces_are_joined_in_their_order(editor):
    answer, note = found_in(text(MORE), q5=MINE, change=editor)
    assert (answer, note) == (f"{MINE}\n\n{MORE}", "found in: cell 22")


@pytest.mark.parametrize("between", ["\n\n", "\n", "\r\n"])
def test_what_stands_under_the_question_is_found(between):
    answer, note = found_in(question=f"{QUESTION}{between}{MINE}")
    assert (answer, note) == (MINE, "found in: q5-question")


def test_an_answer_in_place_of_the_question_is_found():
    assert found_in(question=MINE) == (MINE, "found in: q5-question")
    assert found_in(question=MINE, change=without_metadata)[0] == MINE


def test_two_cells_of_one_name_are_joined():
    second = text(MORE)
    second.metadata = {"nbgrader": {"grade_id": "q5", "solution": True, "grade": True}}
    assert found_in(second, q5=MINE) == (f"{MINE}\n\n{MORE}", "")


def test_a_cell_that_was_deleted_and_typed_again_is_found():
    answer, note = found_in(text(MINE), change=deleted)
    assert (answer, note) == (MINE, "found in: cell 21")


@pytest.mark.parametrize(
    "cell", [code(MINE), code(f'"""{MINE}"""'), nbformat.v4.new_raw_cell(MINE)]
)
def test_words_in_a_cell_of_another_type_are_found(cell):
    assert MINE in found_in(cell)[0]


def test_the_answers_cell_may_have_become_code():
    assert found_in(q5=MINE, change=as_code) == (MINE, "found in: its cell, as code")


@EVERYWHERE
def test_notes_between_other_questions_reach_the_teacher(editor):
    answer, note = found_in(text(MORE), position=5, q5=MINE, change=editor)
    assert answer == f"{MORE}\n\n{MINE}"
    assert note == "found in: cell 6"


def test_what_was_added_to_another_locked_cell_is_found():
    def under_question_1(content):
        content.cells[3].source += f"\n\n{MINE}"

    assert found_in(change=under_question_1) == (MINE, "found in: q1-text")


@pytest.mark.parametrize(
    "cell", ["x = 1  # a shift cancels in it", "# a shift cancels in it", "1/0"]
)
def test_experiments_and_comments_are_no_answers(cell):
    assert found_in(code(cell), q5=MINE) == (MINE, "")


@pytest.mark.parametrize(
    "cell",
    [
        "# A shift cancels in the quotient,\n#\n# and a division does not.",
        "print('A shift cancels in the quotient.')",
        'answer = """A shift cancels\nin the quotient."""',
        "from IPython.display import Markdown\nMarkdown('A shift cancels in the quotient.')",
        "%%markdown\nA shift cancels in the quotient.",
        "%%html\n<b>A shift cancels in the quotient.</b>",
        "A shift cancels in the quotient.\n0.731\nYes\nAnd that is why.",
        "# The shift cancels in the quotient, since it is\n# a factor of all.\nprint(Z.sum())",
        "p = 0.731\nprint(f'A shift gives {p} for the first class, a division {q} for the first.')",
    ],
)
def test_words_that_code_holds_are_an_answer_if_no_other_is(cell):
    assert found_in(code(cell)) == (cell, "found in: cell 22")


@pytest.mark.parametrize(
    "cell", ["# print(softmax(Z), Z.sum())\n# Z = 1", "print('rows:', Z.shape, 'of my own logits')"]
)
def test_code_that_is_commented_out_or_prints_is_no_answer(cell):
    assert found_in(code(cell)) == ("", "")


def test_a_book_is_cut():
    assert len(found_in(q5="long " * 10_000)[0]) == free_text.LONGEST_TEXT
