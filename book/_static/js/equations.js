// The Tab key stops at an equation only while it is wider than its box. Both are watched: the
// equation grows alone when its font arrives.
const sizes = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const box = target.closest(".math");
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});
document.querySelectorAll(".equation > .math, .equation .katex-display")
  .forEach((part) => sizes.observe(part));
