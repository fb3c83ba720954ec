// What axe-core leaves out: contrast within SVG. Returns sentences on texts of charts below 4.5 to 1 (WCAG 2.2, 1.4.3) and
// marks below 3 to 1 (1.4.11) against what lies beneath them. A mark may be pale if a text stands on it, which then says the
// same. Bands, areas of maps and rules are not judged: shades tell more and less, and the table under the chart tells the same.
() => {
  const OF_TEXT = 4.5, OF_MARK = 3;
  const SHADES = ".mark-area, .mark-shape, .mark-rule";

  const luminance = ([r, g, b]) => {
    const [red, green, blue] = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  };
  const numbers = (colour) => (colour.match(/^rgba?\(([^)]+)\)$/)?.[1] ?? "").split(",").map(Number);
  // Red, green, blue and how opaque; null where nothing is painted.
  const painted = (element, what) => {
    const style = getComputedStyle(element);
    const [r, g, b, a = 1] = numbers(style[what]);
    let alpha = a * Number(style[`${what}Opacity`]);
    if (b === undefined || (what === "stroke" && !parseFloat(style.strokeWidth))) return null;
    for (let one = element; one instanceof SVGElement; one = one.parentNode) alpha *= Number(getComputedStyle(one).opacity);
    return alpha > 0 ? [r, g, b, alpha] : null;
  };
  const over = (beneath, colour) => colour.slice(0, 3).map((value, i) => value * colour[3] + beneath[i] * (1 - colour[3]));
  const paper = (element) => {
    for (let one = element; one instanceof Element; one = one.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(one).backgroundColor);
      if (b !== undefined && a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const middle = (element) => {
    const box = element.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const beneath = (element, svg) => {
    const [x, y] = middle(element);
    const fills = document
      .elementsFromPoint(x, y)
      .filter((one) => one !== element && svg.contains(one) && one instanceof SVGGeometryElement)
      .map((one) => painted(one, "fill"))
      .filter(Boolean);
    return fills.reverse().reduce(over, paper(svg));
  };
  const told = (ratio) => `${Math.floor(ratio * 100) / 100} to 1`;

  const problems = new Set();
  for (const svg of document.querySelectorAll("svg")) {
    svg.scrollIntoView();
    const name = svg.closest("figure")?.id || "a chart";
    const texts = [...svg.querySelectorAll("text")].filter((one) => one.textContent.trim() && one.getClientRects().length);
    for (const text of texts) {
      const colour = painted(text, "fill");
      const ground = beneath(text, svg);
      if (!colour) continue; // a label that has no room, which Vega-Lite makes transparent
      const ratio = contrast(over(ground, colour), ground);
      if (ratio < OF_TEXT) problems.add(`${name}: text "${text.textContent.trim()}" has ${told(ratio)}`);
    }
    const spots = texts.map(middle);
    const holdsText = ({ left, right, top, bottom }) =>
      spots.some(([x, y]) => left <= x && x <= right && top <= y && y <= bottom);
    for (const mark of svg.querySelectorAll(`[class*="role-mark"]:not(${SHADES}) :is(path, rect, circle, line)`)) {
      const box = mark.getBoundingClientRect();
      const colours = ["fill", "stroke"].map((what) => painted(mark, what)).filter(Boolean);
      if (!colours.length || !(box.width || box.height) || holdsText(box)) continue;
      const ground = paper(svg);
      const ratio = Math.max(...colours.map((colour) => contrast(over(ground, colour), ground)));
      if (ratio < OF_MARK) problems.add(`${name}: a mark of ${mark.closest("g").getAttribute("class")} has ${told(ratio)}`);
    }
  }
  return [...problems];
}
