// Which pages a search shows first: without it the glossary, a list of every word, comes before the
// chapters. The fields are those of Sphinx's Scorer (setting html_search_scorer).

// An exact name of the package, such as softmax, comes right after the page that it is about.
Scorer.objNameMatch = 14.5;

const WELCOME = [
  [/^book\/\d\d-/, 3],
  [/^book\/glossary$/, -12],
  [/^book\/(index|changelog|bibliography|measured)$/, -8],
  [/^book\/(api|assignments|teaching)\//, -3],
];

Scorer.score = ([name, , anchor, description, score]) => {
  const [, welcome] = WELCOME.find(([pattern]) => pattern.test(name)) || [null, 0];
  if (description !== null) return score;
  return score + (anchor === "" ? welcome : Math.max(welcome, 0));
};
