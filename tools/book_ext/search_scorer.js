// Which pages a search shows first: without it the glossary, a list of every word, comes before the
// chapters. The fields are those of Sphinx's Scorer (setting html_search_scorer).

// An exact name of the package, such as softmax, comes right after the page that it is about.
Scorer.objNameMatch = 12.5;

const WELCOME = [
  [/^book\/\d\d-/, 3],
  [/^book\/glossary$/, -12],
  [/^book\/(index|changelog|bibliography|measured|catalogue)$/, -8],
  [/^book\/(api\/|assignments\/|teaching\/|tool-makers)/, -3],
];

Scorer.score = ([name, , anchor, description, score]) => {
  if (description !== null) return score;
  const [, welcome] = WELCOME.find(([pattern]) => pattern.test(name)) || [null, 0];
  const inReadingOrder = parseInt(name.slice("book/".length)) / 1000 || 0;
  return score + (anchor === "" ? welcome : Math.max(welcome, 0)) - inReadingOrder;
};
