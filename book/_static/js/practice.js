/* The questions, proofs, hints and prompts of a page answer back; without this script they are text with folded answers. */
"use strict";

{
  const article = document.querySelector("article.bd-article");
  const inside = (section, selector) => [...(section?.querySelectorAll(selector) ?? [])];
  const questions = inside(article, "section[id^='question-']");
  const proofs = inside(article, "section[id^='proof-in-order']");
  const exercises = inside(article, "section[id^='exercise-']");
  const review = article?.querySelector("section#review");
  const heading = article?.querySelector("h1");

  const file = location.pathname.split("/").pop();
  const pageName = file.replace(/^\d+-|\.html$/g, "");
  const nameOf = (section) => section.id.replace(/^(question|exercise)-\d+-/, "");
  const titleOf = (heading) => [...heading.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("");
  const textOf = (element) => element.textContent.trim();

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const button = (words, onclick, className = "practice-button") => make("button", { type: "button", className, onclick }, words);
  /* What is said of a choice, without the letter that it begins with. */
  const withoutLetter = (element) => {
    const copy = element.cloneNode(true);
    if (/^[A-D]\.?$/.test(copy.querySelector("strong")?.textContent)) copy.querySelector("strong").remove();
    else copy.firstChild.data = copy.firstChild.data.replace(/^\s*[A-D]: /, "");
    return [...copy.childNodes];
  };
  const status = () => {
    const element = make("div", { className: "practice-answer" });
    element.setAttribute("role", "status");
    return element;
  };

  let line;
  const record = (change) => {
    const fresh = {
      title: titleOf(heading),
      path: location.pathname.split("/").slice(-2).join("/"),
      total: { questions: questions.length + proofs.length, solved: exercises.length, prompts: inside(review, "details").length },
    };
    show(bookProgress.update(pageName, fresh, change));
  };

  /* --- the line at the top ------------------------------------------------------------------ */

  const show = (page) => {
    const right = Object.values(page.questions).filter((of) => of.right).length;
    const due = bookProgress.due(page).length;
    line?.replaceChildren(
      [
        page.read ? `Read on ${page.read}` : "Not read to the end yet",
        `${right} of ${page.total.questions} questions`,
        `${Object.keys(page.solved).length} of ${page.total.solved} exercises`,
        ...(due ? [`${due} to review`] : []),
      ].join(" · ") + " · ",
      make("a", { href: "progress.html" }, "Your progress"),
      ...(bookProgress.trouble() ? [make("br"), bookProgress.trouble()] : []),
    );
  };

  const begin = () => {
    line = make("p", { className: "practice-line" });
    article.querySelector("h1").after(line);
    const known = bookProgress.all().pages[pageName];
    show({ questions: {}, solved: {}, prompts: {}, ...known, total: { questions: questions.length + proofs.length, solved: exercises.length } });
    setInterval(() => document.hidden || record((page) => page.minutes++), 60_000);
    const end = article.querySelector("section#summary") ?? review;
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      seen.disconnect();
      record((page) => (page.read ??= bookProgress.day()));
    });
    seen.observe(end.querySelector("h2"));
  };

  /* --- questions ---------------------------------------------------------------------------- */

  const ask = (section) => {
    const answer = section.querySelector("details");
    const right = textOf(answer.querySelector("strong"))[0];
    const said = status();
    const reasons = Object.fromEntries(inside(answer, "li").map((item) => [textOf(item)[0], item]));
    const choices = [...section.querySelector("ul").children].map((item) => {
      const choice = button("", () => choose(choice), "practice-choice");
      const words = item.querySelector("p") ?? item;
      choice.append(...words.childNodes);
      choice.setAttribute("aria-pressed", "false");
      item.replaceChildren(choice);
      return choice;
    });
    const choose = (choice) => {
      const letter = textOf(choice)[0];
      for (const other of choices) other.setAttribute("aria-pressed", String(other === choice));
      choice.dataset.is = letter === right ? "right" : "wrong";
      const why = letter === right ? answer.querySelector("p") : reasons[letter]?.querySelector("p") ?? reasons[letter];
      said.replaceChildren(make("strong", {}, letter === right ? "Right. " : "Not this one. "), ...(why ? withoutLetter(why) : []));
      record((page) => {
        const before = page.questions[nameOf(section)];
        page.questions[nameOf(section)] = { right: letter === right || Boolean(before?.right), on: bookProgress.day() };
      });
    };
    section.querySelector("ul").classList.add("practice-choices");
    answer.before(said);
  };

  /* --- proofs whose lines are to be put in order ---------------------------------------------- */

  const letters = (text) => text.match(/\b[A-Z]\b/g) ?? [];

  const order = (section) => {
    const list = section.querySelector("ul");
    const answer = section.querySelector("details");
    const expected = letters(textOf(answer.querySelector("strong")));
    const needs = inside(answer, "li").map((item) => letters(textOf(item)));
    const said = status();
    const now = () => [...list.children].map((item) => item.dataset.letter);
    const move = (item, by, pressed) => {
      const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!other) return;
      if (by < 0) other.before(item);
      else other.after(item);
      pressed.focus();
      said.textContent = `${item.dataset.letter} is line ${now().indexOf(item.dataset.letter) + 1} now.`;
    };
    for (const item of list.children) {
      const letter = (item.dataset.letter = textOf(item.querySelector("strong")));
      const moves = make("span", { className: "practice-moves" });
      for (const [sign, by, where] of [["↑", -1, "up"], ["↓", 1, "down"]]) {
        const pressed = button(sign, () => move(item, by, pressed));
        pressed.setAttribute("aria-label", `Move ${letter} ${where}`);
        moves.append(pressed);
      }
      item.prepend(moves);
    }
    const check = () => {
      const given = now();
      const place = (letter) => given.indexOf(letter);
      const early = needs.flatMap(([letter, ...before]) => before.filter((other) => place(other) > place(letter)).map((other) => [letter, other]))[0];
      const right = needs.length ? !early : String(given) === String(expected);
      said.textContent = right ? "Right: every line stands on those before it."
        : early ? `Not yet: ${early[0]} comes too early, since it needs ${early[1]}.` : "Not yet: another order.";
      record((page) => {
        page.questions[section.id] = { right: right || Boolean(page.questions[section.id]?.right), on: bookProgress.day() };
      });
    };
    list.classList.add("practice-proof");
    answer.before(button("Check the order", check), said);
  };

  /* --- hints, one by one ----------------------------------------------------------------------- */

  const unfold = (section) => {
    const folds = inside(section, "details").filter((fold) => /^(Hint \d|Solution|Show the solution)/.test(textOf(fold.querySelector("summary"))));
    if (folds.length < 2) return;
    const close = (hidden) => folds.forEach((fold, at) => fold.classList.toggle("practice-waits", at > 0 && hidden(at)));
    const atOnce = button("Show the solution at once", () => {
      close(() => false);
      const solution = folds.find((fold) => /^S/.test(textOf(fold.querySelector("summary"))));
      solution.open = true;
      solution.querySelector("summary").focus();
      atOnce.remove();
    });
    close(() => true);
    folds[0].before(atOnce);
    folds.forEach((fold, at) => fold.addEventListener("toggle", () => {
      if (!fold.open) return;
      folds[at + 1]?.classList.remove("practice-waits");
      if (at + 2 >= folds.length) atOnce.remove();
    }));
  };

  /* A cell that runs on this page says "Right." or ": right." */
  const watch = (section) => {
    const solved = () => inside(section, ".cell:not(.tag_hide-cell) .cell_output").some((output) => /(^|\n)Right\.|: right\./.test(output.textContent));
    new MutationObserver((_, observer) => {
      if (!solved()) return;
      observer.disconnect();
      record((page) => (page.solved[nameOf(section)] ??= bookProgress.day()));
    }).observe(section, { childList: true, subtree: true, characterData: true });
  };

  /* --- prompts to come back to ------------------------------------------------------------------ */

  const prompt = (fold) => {
    const text = textOf(fold.querySelector("summary")).replace(/^\d+\. /, "");
    const id = text.toLowerCase().replace(/\W+/g, "-").slice(0, 60);
    const said = status();
    const answer = (knew) => record((page) => {
      said.textContent = `Again on ${bookProgress.answerPrompt(page, id, text, knew)}.`;
    });
    fold.append(button("I knew it", () => answer(true)), button("Not yet", () => answer(false)), said);
  };

  questions.forEach(ask);
  proofs.forEach(order);
  for (const section of exercises) {
    unfold(section);
    watch(section);
  }
  inside(review, "details").forEach(prompt);
  if (review) begin();
}
