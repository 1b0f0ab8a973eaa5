/* What the reader has done, in the storage of this browser alone: nothing is sent anywhere.
   Without storage, as in a private window, it lasts until the page is closed. */
"use strict";

const bookProgress = (() => {
  const KEY = "softmax-book";
  const VERSION = 1;
  const DAYS = [1, 7, 30]; // until a prompt is due again, after one, two, three right answers
  const LATER = "It was written by a later edition of the book.";

  let memory = { version: VERSION, pages: {} };
  let trouble = "";

  const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const isDay = (value) => /^\d{4}-\d\d-\d\d$/.test(value);

  const isPage = (page) =>
    isRecord(page) &&
    ["title", "path"].every((name) => typeof page[name] === "string") &&
    /^[\w./-]+$/.test(page.path) && !/^\/|\.\./.test(page.path) &&
    Number.isFinite(page.minutes) &&
    (page.read === undefined || isDay(page.read)) &&
    isRecord(page.total) && Object.values(page.total).every(Number.isInteger) &&
    isRecord(page.questions) && Object.values(page.questions).every((of) => typeof of?.right === "boolean") &&
    isRecord(page.solved) && Object.values(page.solved).every(isDay) &&
    isRecord(page.prompts) && Object.values(page.prompts).every((of) =>
      Number.isInteger(of?.stage) && isDay(of.due) && typeof of.text === "string");

  /* The progress that a text holds; an error that says what is wrong with it. */
  const parse = (text) => {
    let found;
    try { found = JSON.parse(text); } catch { throw new Error("It is damaged: this is no JSON."); }
    if (!isRecord(found) || !Number.isInteger(found.version)) throw new Error("It holds no progress of this book.");
    if (found.version > VERSION) throw new Error(LATER);
    if (!isRecord(found.pages) || !Object.values(found.pages).every(isPage)) throw new Error("It is damaged: a page of it cannot be read.");
    return found;
  };

  const load = () => {
    let text;
    try { text = localStorage.getItem(KEY); } catch {
      trouble = "This browser lets the page store nothing: what you do is remembered until you close the page.";
      return memory;
    }
    if (text === null) return memory;
    try { return parse(text); } catch (error) {
      if (error.message !== LATER) keepAside(text);
      trouble = "Your stored progress cannot be used, and is left as it is. " + error.message;
      return memory;
    }
  };

  /* What cannot be read is not lost: it moves out of the way. */
  const keepAside = (text) => {
    try {
      localStorage.setItem(KEY + "-damaged", text);
      localStorage.removeItem(KEY);
    } catch { /* it stays where it is */ }
  };

  const save = (all) => {
    memory = all;
    try {
      const stored = localStorage.getItem(KEY);
      if (stored !== null) parse(stored);
      localStorage.setItem(KEY, JSON.stringify(all));
    } catch (error) {
      trouble ||= "The storage of this browser is full or closed: what you do is remembered until you close the page.";
    }
  };

  const day = (days = 0) => {
    const date = new Date();
    date.setDate(date.getDate() + days);
    return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  };

  const later = (a, b) => (a?.on ?? a?.due ?? a ?? "") > (b?.on ?? b?.due ?? b ?? "") ? a : b;
  const joined = (a, b) => {
    const both = { ...a, ...b };
    for (const name in both) if (name in a && name in b) both[name] = later(a[name], b[name]);
    return both;
  };

  /* Two records of one page, nothing of either lost. */
  const merged = (a, b) => ({
    ...a, ...b,
    minutes: Math.max(a.minutes, b.minutes),
    read: [a.read, b.read].filter(Boolean).sort()[0],
    questions: joined(a.questions, b.questions),
    solved: joined(a.solved, b.solved),
    prompts: joined(a.prompts, b.prompts),
  });

  return {
    day,
    all: load,
    trouble: () => trouble,

    /* Change the record of one page, `change(page)`, and store it. */
    update(name, fresh, change) {
      const all = load();
      const page = (all.pages[name] = { minutes: 0, questions: {}, solved: {}, prompts: {}, ...all.pages[name], ...fresh });
      change(page);
      save(all);
      return page;
    },

    answerPrompt(page, id, text, knew) {
      const stage = knew ? Math.min((page.prompts[id]?.stage ?? 0) + 1, DAYS.length) : 0;
      page.prompts[id] = { stage, text, due: day(DAYS[Math.max(stage - 1, 0)]) };
      return page.prompts[id].due;
    },

    due: (page) => Object.entries(page.prompts).filter(([, prompt]) => prompt.due <= day()),

    add(text) {
      const found = parse(text), all = load();
      for (const [name, page] of Object.entries(found.pages)) {
        all.pages[name] = name in all.pages ? merged(all.pages[name], page) : page;
      }
      save(all);
      return Object.keys(found.pages).length;
    },

    erase() {
      memory = { version: VERSION, pages: {} };
      trouble = "";
      try { for (const key of [KEY, KEY + "-damaged"]) localStorage.removeItem(key); } catch { /* there is nothing */ }
    },
  };
})();
