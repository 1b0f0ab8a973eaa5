// Which page a search shows first, and the words that it shows of it. Sphinx puts this file into
// the search page, after its own searchtools.js (setting html_search_scorer).

// An exact name of the package, such as softmax, comes right after the page that it is about.
Scorer.objNameMatch = 14.5;

// How welcome a page is to a reader who types a few words; chapters come first.
const WELCOME = [
  [/^book\/\d\d-/, 3],
  [/^book\/glossary$/, -12],  // a list of every word; its entries are results of their own
  [/^book\/(index|changelog|bibliography|measured)$/, -8],
  [/^book\/(api|assignments|teaching)\//, -3],
];

const listed = (files) => (files === undefined ? [] : [].concat(files));
const wordsOf = (text) => {
  const stemmer = new Stemmer();
  return splitQuery(text.toLowerCase()).map((word) => stemmer.stemWord(word));
};
const query = () => new URLSearchParams(location.search).get("q") || "";
const asked = () => new Set(wordsOf(query()).filter(
  (word) => !stopwords.includes(word) && !/^\d+$/.test(word)));

// Sphinx takes the score of the best word alone; here every word counts, in the page's own title
// most, then in a heading, then in the text.
const scoreOfWords = (file) => {
  const { terms, titleterms, titles } = Search._index;
  const ownTitle = wordsOf(titles[file]);
  const points = [...asked()].map((word) =>
    (ownTitle.includes(word) ? 6 / ownTitle.length : 0) +
    (word.length > 2 && listed(titleterms[word]).includes(file) ? Scorer.title
      : listed(terms[word]).includes(file) ? Scorer.term : 0));
  return points.reduce((sum, point) => sum + point, 0) / Math.max(points.length, 1);
};

Scorer.score = ([name, , anchor, description, score]) => {
  const file = Search._index.docnames.indexOf(name);
  const [, welcome] = WELCOME.find(([pattern]) => pattern.test(name)) || [null, 0];
  const inReadingOrder = -file / 1000;
  if (description !== null) return score + inReadingOrder;
  if (anchor !== "") return score + (welcome > 0 ? welcome : 0) + inReadingOrder;
  return Math.max(score - Scorer.title, scoreOfWords(file)) + welcome + inReadingOrder;
};

// A letter such as y would be marked within every word, here and on the page that is opened.
const parseQuery = Search._parseQuery;
Search._parseQuery = (text) => {
  const [words, terms, excluded, marked, objects] = parseQuery(text);
  const longer = new Set([...marked].filter((word) => word.length > 2));
  localStorage.setItem("sphinx_highlight_terms", [...longer].join(" "));
  return [words, terms, excluded, longer, objects];
};

// The excerpt is the first paragraph with the most of the words; a heading that has them stands
// before the paragraph below it. Sphinx's own excerpt begins in the buttons above the page, and has
// every formula three times, once as LaTeX.
const BLOCKS = "p, li, dt, dd, tr, h2, h3, figcaption";
const UNREADABLE = "script, style, pre, .sig, .headerlink, .katex-html, annotation, svg";
const TWO_DIMENSIONAL = "mfrac, msup, msub, msubsup, munder, munderover, mtable";
const ACCENTS = { "^": "\u0302", "ˉ": "\u0304" };

const makeReadable = (article) => {
  article.querySelectorAll(UNREADABLE).forEach((element) => element.remove());
  article.querySelectorAll("math").forEach((formula) => {
    formula.querySelectorAll("mover").forEach((over) => over.replaceWith(
      over.firstChild.textContent + (ACCENTS[over.lastChild.textContent] || "")));
    if (formula.querySelector(TWO_DIMENSIONAL)) formula.textContent = "…";
  });
};

const isHeading = (block) => /^H\d$/.test(block.tagName);
const textOf = (block, part) => {
  if (!isHeading(block)) return block.textContent;
  const below = block.parentElement.querySelector("p")?.textContent || "";
  return block.parentElement === part ? below : block.textContent + ": " + below;
};

Search.makeSearchSummary = (html, keywords, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const article = page.querySelector(".bd-article");
  const part = (anchor && article?.querySelector(`[id="${anchor.slice(1)}"]`)) || article;
  const summary = document.createElement("p");
  if (!part) return summary;
  makeReadable(part);
  const wanted = asked();
  const found = (block) =>
    new Set(wordsOf(block.textContent).filter((word) => wanted.has(word))).size;
  const blocks = [...part.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector("p"));
  const counts = blocks.map(found);
  const most = Math.max(0, ...counts);
  const best = most ? blocks[counts.indexOf(most)] : part.querySelector("p");
  summary.className = "context";
  if (best) summary.textContent = excerpt(textOf(best, part)
    .replace(/[\s\u2061]+/g, " ").normalize("NFC").trim(), wanted);
  return summary;
};

const excerpt = (text, wanted, length = 240) => {
  const words = text.split(" ");
  const first = words.findIndex((word) => wordsOf(word).some((stem) => wanted.has(stem)));
  const start = text.length > length ? Math.max(0, first - 15) : 0;
  let end = start, size = 0;
  while (end < words.length && size + words[end].length < length) size += words[end++].length + 1;
  return (start ? "… " : "") + words.slice(start, end).join(" ") + (end < words.length ? " …" : "");
};

// A page from a folder may not read its neighbours: there, results come without excerpts.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// The name of a function is one long word: on a phone it must break somewhere.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("search-results").style.overflowWrap = "anywhere";
});
