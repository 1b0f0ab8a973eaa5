// The checks that run in the page; checks.py calls them by name. Each returns its complaints.

const all = (selector, root = document) => [...root.querySelectorAll(selector)]
const shown = element => element.checkVisibility({ visibilityProperty: true })
const squeezed = text => text.replace(/\s+/g, " ").trim()

function describe(element) {
  const name = element.tagName.toLowerCase() + (element.id && "#" + element.id)
  const classes = [...element.classList].map(one => "." + one).join("")
  return `${name}${classes} "${squeezed(element.textContent).slice(0, 60)}"`
}

// What watches a change of size has answered it when the second frame begins.
function settle() {
  return new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
}

// --- pictures ----------------------------------------------------------------------------------

function words(picture) {
  const titled = picture.querySelector("title")
  const named = (picture.getAttribute("aria-labelledby") ?? "").split(" ")
    .map(id => document.getElementById(id)?.textContent ?? "").join(" ")
  return picture.getAttribute("alt") || picture.getAttribute("aria-label") || named.trim()
    || titled?.textContent || ""
}

function wordless() {
  return all("img, svg, canvas")
    .filter(picture => !picture.closest("[aria-hidden=true]"))
    .filter(picture => words(picture).trim().split(/\s+/).length < 3).map(describe)
}

// --- what axe is spared --------------------------------------------------------------------------

// A chapter has ten thousand elements, most of them letters of code and equations: axe would take
// a minute. So a word stands in for each equation of one colour until the original returns, and
// contrast is measured a few times for each combination of colours; the other words of code are
// plain text meanwhile. axe does not judge a single letter, nor what a screen reader does not see.
const MOST = 3 // of one combination of colours
async function prepare() {
  scrollBy(0, -9) // the theme's way back to the top shows where a reader scrolls up
  await settle()
  window.originals = all(".katex").filter(isPlain).map(original => {
    const twin = original.cloneNode(false)
    twin.append("equation")
    original.replaceWith(twin)
    return [original, twin]
  })
  const times = new Map(), grounds = new Map()
  const words = texts().filter(([, range]) => range.toString().trim().length > 1)
    .map(([element]) => element)
  const fields = all("input, select, textarea, svg text").filter(shown)
  for (const element of [...words, ...fields]) {
    if (element.closest("[aria-hidden=true]")) continue
    const colours = colourOf(element, grounds)
    times.set(colours, (times.get(colours) ?? 0) + 1)
    element.toggleAttribute("data-new-colours", times.get(colours) <= MOST)
  }
  // Where the ranges of `texts` would not follow each change.
  const elsewhere = document.implementation.createHTMLDocument()
  for (const original of all(".highlight pre")) {
    const twin = elsewhere.importNode(original, true)
    for (const word of all("span:not([data-new-colours])", twin)) word.replaceWith(...word.childNodes)
    twin.normalize()
    original.replaceWith(twin)
    window.originals.push([original, twin])
  }
}

// An element keeps what holds it, with its grounds; its neighbours in the article go meanwhile.
function leaveAlone(selector) {
  window.originals = []
  for (let up = document.querySelector(selector); !up.matches("article"); up = up.parentElement)
    for (const neighbour of [...up.parentElement.childNodes]) {
      if (neighbour === up) continue
      const twin = new Comment()
      neighbour.replaceWith(twin)
      window.originals.push([neighbour, twin])
    }
}

// What shows no new colours goes meanwhile, from the largest piece to the smallest. The page's own
// script watches the size of an equation in its box.
function leaveColours(element = document.body) {
  const kept = "[data-new-colours], script, style, .math"
  for (const part of [...element.children]) {
    if (part.matches(kept)) continue
    if (part.querySelector(kept)) leaveColours(part)
    else {
      const twin = new Comment()
      part.replaceWith(twin)
      window.originals.push([part, twin])
    }
  }
}

// The last first: what stands in for a piece may have gone as well.
function putBack() {
  for (const [original, twin] of window.originals.reverse()) twin.replaceWith(original)
}

function isPlain(equation) {
  const { color } = getComputedStyle(equation)
  return !equation.querySelector(FOCUSABLE)
    && all(".katex-html *", equation).every(letters => getComputedStyle(letters).color === color)
}

// A ground that lets through what is behind it, as most do, is left out.
function colourOf(element, grounds) {
  const { color, fontSize, fontWeight, textShadow, textDecorationLine } = getComputedStyle(element)
  const around = getComputedStyle(element.parentElement).color
  return [color, fontSize, fontWeight, textShadow, textDecorationLine, around,
    groundOf(element, grounds)].join()
}

function groundOf(element, grounds) {
  if (!element) return ""
  if (!grounds.has(element)) {
    const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element)
    const own = [backgroundColor, backgroundImage, opacity].join()
    const behind = groundOf(element.parentElement, grounds)
    grounds.set(element, own === "rgba(0, 0, 0, 0),none,1" ? behind : `${behind} ${own}`)
  }
  return grounds.get(element)
}

// --- what is lost --------------------------------------------------------------------------------

function sideways() {
  const page = document.scrollingElement
  if (page.scrollWidth <= innerWidth) return []
  const wide = all("body *").filter(element => shown(element)
    && element.getBoundingClientRect().right > innerWidth + 1 && !scroller(element))
  return [`${page.scrollWidth} > ${innerWidth}`, ...wide.slice(0, 5).map(describe)]
}

function scroller(element) {
  for (let up = element.parentElement; up !== document.body && up; up = up.parentElement)
    if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return up
}

// Text and pictures beyond the edge of a box that hides them, or that scrolls only for a mouse.
// Boxes of a pixel are the usual way to speak to screen readers alone. KaTeX draws long arrows
// and roots in boxes that show the part which is needed.
async function cut() {
  await settle()
  const overflow = new Map()
  const overflowOf = element => {
    if (!overflow.has(element)) overflow.set(element, getComputedStyle(element).overflowX)
    return overflow.get(element)
  }
  const complaints = new Set()
  for (const [element, box] of pieces()) {
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      const how = overflowOf(up)
      if (how === "visible") continue
      const edge = up.getBoundingClientRect()
      if (edge.width <= 2 || edge.height <= 2) break
      const lost = box.right > edge.right + 1.5 || box.left < edge.left - 1.5
      const scrolls = how === "auto" || how === "scroll"
      if (lost && !scrolls) complaints.add(`cut: ${describe(element)} in ${describe(up)}`)
      if (lost && scrolls && !inReach(up)) complaints.add(`only a mouse scrolls: ${describe(up)}`)
      if (lost || scrolls) break
    }
  }
  return [...complaints]
}

// Formulas taller than a box that hides them: their hats and roots.
function cutFormulas() {
  const hides = element => getComputedStyle(element).overflowY !== "visible"
  return all("article .katex").filter(shown).filter(formula => {
    let box = formula
    while (box && !hides(box)) box = box.parentElement
    return box && box !== document.body && box.scrollHeight > box.clientHeight + 1
  }).map(describe)
}

// Displayed formulas that must be scrolled on a phone.
function wideFormulas() {
  return all(".equation > .math").filter(shown)
    .filter(box => box.scrollWidth > box.clientWidth + 1).map(describe)
}

// Short formulas whose punctuation stands on the next line.
function strayPunctuation() {
  const left = range => range.getClientRects()[0]?.left
  return all(".together").filter(shown).filter(unit => {
    const punctuation = document.createRange()
    punctuation.selectNode(unit.lastChild)
    return left(punctuation) < left(all(".base", unit).at(-1))
  }).map(describe)
}

// The theme's pictures are letters for private use, of a font that the book does without.
function missingGlyphs() {
  const isMissing = ({ content, display }) => display !== "none" && /[\uE000-\uF8FF]/.test(content)
  return all("*:not(.katex *)").filter(element => ["::before", "::after"]
    .some(part => isMissing(getComputedStyle(element, part)))).filter(shown).map(describe)
}

function pieces() {
  const found = all("img, video, canvas, table, input").filter(shown)
    .map(element => [element, element.getBoundingClientRect()])
  for (const [element, range] of texts())
    for (const box of range.getClientRects()) found.push([element, box])
  return found
}

function texts(root = document.body) {
  const found = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement
    if (!node.data.trim() || element.closest(".katex-mathml, svg, script, style")) continue
    if (!shown(element)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    found.push([element, range])
  }
  return found
}

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']"
const inReach = box => box.matches(FOCUSABLE) || all(FOCUSABLE, box).some(shown)

// Lines of two paragraphs (or cells, items, headings) that lie on top of each other. Symbols of
// an equation may.
const BLOCK = "p, li, h1, h2, h3, h4, td, th, dt, dd, pre, summary, figcaption, label, button"
function overlapping() {
  const lines = texts().filter(([element]) => !element.closest(".katex") && inFlow(element))
    .flatMap(([element, range]) => [...range.getClientRects()].map(box => [element, box]))
    .sort(([, a], [, b]) => a.top - b.top)
  const complaints = []
  lines.forEach(([first, box], index) => {
    for (let next = index + 1; lines[next]?.[1].top < box.bottom - 4; next++) {
      const [second, other] = lines[next]
      const apart = other.left > box.right - 4 || other.right < box.left + 4
      if (apart || other.height < 4 || other.width < 4) continue
      if (first.closest(BLOCK) === second.closest(BLOCK)) continue
      complaints.push(`${describe(first)} over ${describe(second)}`)
    }
  })
  return complaints
}

// What sticks to an edge of the window, or floats above it, covers text while one scrolls.
function inFlow(element) {
  for (let up = element; up; up = up.parentElement)
    if (/fixed|sticky/.test(getComputedStyle(up).position)) return false
  return true
}

// --- links ---------------------------------------------------------------------------------------

const anchorOf = link => decodeURIComponent(link.hash.slice(1))
const isInside = link => link.origin + link.pathname === location.origin + location.pathname

function deadAnchors() {
  return all("a[href]").filter(link => isInside(link) && anchorOf(link) && anchorOf(link) !== "top")
    .filter(link => !document.getElementById(anchorOf(link))).map(link => link.href)
}

function repeatedIds() {
  const ids = all("[id]").map(element => element.id)
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]
}

function addresses() {
  const links = all("a[href]").map(link => link.origin + decodeURIComponent(link.pathname))
  return [...new Set(links)]
}

// Each link is followed and looked at; then each place is scrolled to once more, and looked at when
// what watches the scrolling has answered. To follow a link costs a browser ten times what a scroll
// does.
async function headingsOutOfView() {
  const places = all(".bd-toc-nav a[href^='#']").map(link => {
    if (anchorOf(link)) location.hash = link.hash
    const target = document.getElementById(anchorOf(link)) ?? document
    const heading = target.querySelector("h1, h2, h3, h4") ?? target  // an API page names a <dt>
    return { heading, top: scrollY, lost: !isUncovered(heading) }
  })
  for (const place of places) {
    scrollTo(0, place.top)
    await watchersTold()
    place.lost ||= !isUncovered(place.heading)
  }
  return places.filter(place => place.lost).map(place => describe(place.heading))
}

// Scrolling is told when a frame begins, what has come into view or left it when it ends; a first
// look at an element counts as coming into view.
function watchersTold() {
  return new Promise(resolve => {
    const observer = new IntersectionObserver(() => {
      observer.disconnect()
      setTimeout(resolve)
    })
    observer.observe(document.body)
  })
}

// Whether one sees an element: where its first line begins, in the middle, or where it ends. A box
// without a height is seen by what is in it.
function isUncovered(element) {
  const boxes = [element, ...all("*", element)].flatMap(part => [...part.getClientRects()])
  const box = boxes.find(({ width, height }) => width && height)
  if (!box) return false
  const y = box.top + box.height / 2
  return [box.left + 3, box.left + box.width / 2, box.right - 3].some(x => {
    const top = document.elementFromPoint(x, y)
    return top && (element.contains(top) || top.contains(element))
  })
}

// --- the keyboard --------------------------------------------------------------------------------

function positiveTabindex() {
  return all("[tabindex]").filter(element => element.tabIndex > 0).map(describe)
}

// The element with the focus: who it is, and what is wrong with it as a stop.
function stop() {
  const element = document.activeElement
  if (element === document.body) return null
  const trouble = []
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    trouble.push("invisible")
  else if (!isUncovered(element)) trouble.push("covered or out of view")
  if (!showsFocus(element)) trouble.push("no sign of the focus")
  const before = window.lastStop
  if (before && inArticle(before) && inArticle(element)
      && before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING)
    trouble.push(`before ${describe(before)}`)
  window.lastStop = element
  const number = all("*").indexOf(element)
  return { number, name: describe(element), trouble, inMain: !!element.closest("main, article") }
}

const inArticle = element => !!element.closest("article")

// An outline, a shadow, a ground or a border, of the element or of a child, that is not there
// without the focus. The outline of a box without a height shows nothing.
function showsFocus(element) {
  const look = () => [element, ...element.children].filter(part => part.offsetHeight !== 0)
    .map(part => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor, borderColor,
        borderWidth, textDecorationLine } = getComputedStyle(part)
      const outline = outlineStyle !== "none" && parseFloat(outlineWidth) > 0 && outlineColor
      const border = parseFloat(borderWidth) > 0 && borderColor
      return [outline, boxShadow, backgroundColor, border, textDecorationLine]
    }).join()
  const focused = look()
  element.blur()
  const unfocused = look()
  element.focus({ preventScroll: true })
  return focused !== unfocused
}

// --- without scripts -----------------------------------------------------------------------------

function openFolds() {
  for (const fold of all("details")) fold.open = true
  for (const fade of document.getAnimations()) fade.finish()
}

function articleText() {
  return document.querySelector("article").innerText
}

// Links that a mouse shows, the words of the open or the closed state, tabs that a label opens;
// definitions, which stand in the glossary too, and controls, which do nothing without scripts.
const UNSEEN = ".headerlink, summary, .sd-tab-content, script, style, template, noscript, svg, "
  + ".onlyprint, .katex-mathml, .glossary-hints, .panel-controls"

function hiddenText() {
  const found = all("article *").filter(element => element.checkVisibility
    && !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.closest(UNSEEN))
  return found.filter(element => element.innerText?.trim()
    || squeezed(element.textContent) && !element.firstElementChild).map(describe)
}

function missingFigures() {
  return all("article img").filter(image => !image.naturalWidth).map(image => image.src)
}

function missingEquations() {
  const drawn = all("article .katex-html")
  const fonts = [...document.fonts].filter(font => /KaTeX_Main/.test(font.family))
  const complaints = drawn.filter(equation => !equation.closest("details:not([open]), .glossary-hints")
    && !equation.getBoundingClientRect().width).map(describe)
  if (drawn.length && !fonts.some(font => font.status === "loaded")) complaints.push("no font")
  return complaints.concat(all(".katex-error").map(describe))
}

function rawMathematics() {
  const raw = /\$|\\[a-zA-Z(\[]/
  return texts(document.querySelector("article"))
    .filter(([element]) => !element.closest("pre, code, .katex"))
    .filter(([, range]) => raw.test(range.toString())).map(([element]) => describe(element))
}

function isInWindow(selector) {
  const drawer = document.querySelector(selector)
  const box = drawer.getBoundingClientRect()
  return shown(drawer) && box.right > 1 && box.left < innerWidth - 1
}
