/* The page "Your progress": what this browser remembers, and a file to take it along. */
"use strict";

{
  const place = document.querySelector("#progress-of-reader");
  const list = document.createElement("div");

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const row = (tag, cells) => make("tr", {}, ...cells.map((cell) => make(tag, {}, cell)));
  const link = (page, anchor = "") => make("a", { href: "../" + page.path + anchor }, page.title);

  const table = (pages) => {
    const rows = pages.map((page) => row("td", [
      link(page),
      page.read ?? "",
      String(page.minutes),
      `${Object.values(page.questions).filter((of) => of.right).length} of ${page.total.questions}`,
      `${Object.keys(page.solved).length} of ${page.total.solved}`,
    ]));
    const head = row("th", ["Chapter", "Read", "Minutes", "Questions", "Exercises"]);
    return make("div", { className: "pst-scrollable-table-container", tabIndex: 0 },
      make("table", { className: "table" }, make("thead", {}, head), make("tbody", {}, ...rows)));
  };

  const dueList = (pages) => {
    const items = pages.flatMap((page) => bookProgress.due(page).map(([, prompt]) =>
      make("li", {}, prompt.text + " – ", link(page, "#review"))));
    return items.length ? make("ul", {}, ...items) : make("p", {}, "Nothing is due today.");
  };

  const draw = () => {
    const pages = Object.values(bookProgress.all().pages).sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
    list.replaceChildren(
      make("h2", {}, "Due for review"), dueList(pages),
      make("h2", {}, "Chapters"),
      pages.length ? table(pages) : make("p", {}, "Nothing yet: answer a question in any chapter."),
    );
    if (bookProgress.trouble()) say(bookProgress.trouble());
  };

  const said = make("p", { className: "practice-answer" });
  said.setAttribute("role", "status");
  const say = (words) => { said.textContent = words; };

  const download = () => {
    const file = new Blob([JSON.stringify(bookProgress.all(), null, 1)], { type: "application/json" });
    const address = URL.createObjectURL(file);
    make("a", { href: address, download: "softmax-progress.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address));
  };

  const read = async (input) => {
    const [file] = input.files;
    if (!file) return;
    try {
      const pages = bookProgress.add(await file.text());
      draw();
      say(`Read ${file.name}: ${pages} ${pages === 1 ? "page" : "pages"}.`);
    } catch (error) {
      say(`${file.name} was not read, and nothing has changed. ${error.message}`);
    }
    input.value = "";
  };

  const erase = () => {
    if (!confirm("Erase all progress in this browser? Save it to a file first if you may want it back.")) return;
    bookProgress.erase();
    draw();
    say("Erased.");
  };

  if (place) {
    const input = make("input", { type: "file", accept: ".json,application/json", id: "progress-file", onchange: () => read(input) });
    const button = (words, onclick) => make("button", { type: "button", className: "practice-button", onclick }, words);
    place.replaceChildren(
      list,
      make("div", { className: "practice-tools" },
        button("Save to a file", download),
        make("label", { htmlFor: "progress-file" }, "Read from a file ", input),
        button("Erase", erase)),
      said);
    draw();
  }
}
