// Shows what the glossary says beside a link to it, on hover and on keyboard focus. Escape hides
// it, the pointer may enter it, a tap just follows the link.
{
  const SHOW = 300, HIDE = 250, EDGE = 8;
  let link, hint, timer;

  const later = (action, delay) => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
  const hide = () => {
    clearTimeout(timer);
    if (!hint) return;
    hint.hidden = true;
    link.removeAttribute("aria-describedby");
    link = hint = null;
  };

  // Below the link if there is room, else above it; never outside the window.
  const place = () => {
    if (!hint) return;
    const at = link.getBoundingClientRect();
    const right = document.documentElement.clientWidth - hint.offsetWidth - EDGE;
    const lowest = innerHeight - hint.offsetHeight - EDGE;
    const above = at.top - hint.offsetHeight - 4;
    const top = at.bottom + 4 > lowest && above > EDGE ? above : Math.min(at.bottom + 4, lowest);
    hint.style.left = Math.max(EDGE, Math.min(at.left, right)) + "px";
    hint.style.top = Math.max(EDGE, top) + "px";
  };

  const show = (nextLink, next) => {
    hide();
    [link, hint] = [nextLink, next];
    hint.hidden = false;
    link.setAttribute("aria-describedby", hint.id);
    place();
  };

  const leave = () => later(() => link?.matches(":focus-visible") || hide(), HIDE);

  for (const a of document.querySelectorAll('a[href*="glossary.html#"]')) {
    const its = document.getElementById("hint-" + a.hash.slice(1));
    if (!its || a.closest(".glossary-hint")) continue;
    a.onpointerenter = (e) => e.pointerType === "touch" || later(() => show(a, its), SHOW);
    a.onpointerleave = leave;
    a.onfocus = () => a.matches(":focus-visible") && show(a, its);
    a.onblur = () => hint?.matches(":hover") || hide();
    its.onpointerenter = () => clearTimeout(timer);
    its.onpointerleave = leave;
  }
  addEventListener("keydown", (e) => e.key === "Escape" && hide());
  addEventListener("scroll", place, true);
  addEventListener("resize", place);
}
