// The Tab key stops at an equation only while it is wider than its box.
document.fonts.ready.then(() => {
  const sizes = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".equation > .math").forEach((box) => sizes.observe(box));
});
