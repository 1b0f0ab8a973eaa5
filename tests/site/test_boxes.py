"""The opener of a chapter lists what is read, under the colours of its minutes."""

from docutils import nodes

from tools.book_ext.boxes import path


def section(title, *classes):
    return nodes.section("", nodes.title("", title), ids=[title.lower()], classes=[*classes])


def test_the_path_lists_what_is_read_and_not_what_is_practised():
    read = [section("A claim"), section("Further: more", "further"), section("A trap", "pitfall")]
    practised = map(section, ("Exercises", "Questions", "Summary", "Review", "What’s next"))
    rows = path(nodes.section("", nodes.title("", "1. A title"), *read, *practised))
    assert [row.astext().split("\n\n") for row in rows] == [
        ["Core", "A claim"],
        ["What goes wrong", "A trap"],
        ["Further", "More"],
    ]
