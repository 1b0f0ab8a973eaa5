/* While a drawer lies over the page, on a phone, the keyboard stays in it. */
"use strict";

{
  const covered = {
    primary: ["#main-content"],
    secondary: [".bd-article-container", ".bd-footer-content"],
  };

  const setInert = (selectors, inert) => {
    for (const selector of selectors) document.querySelector(selector)?.toggleAttribute("inert", inert);
  };

  const update = () => {
    for (const [side, selectors] of Object.entries(covered)) {
      const overlay = document.querySelector(`.overlay-${side}`);
      if (overlay?.offsetHeight) setInert(selectors, true);
    }
  };

  /* The theme opens and closes the drawers, and puts the focus back: it must find its button. */
  const change = (event) => {
    if (event.type === "keydown" && event.key !== "Escape") return;
    setInert(Object.values(covered).flat(), false);
    requestAnimationFrame(update);
  };
  document.addEventListener("click", change, true);
  document.addEventListener("keydown", change, true);
}
