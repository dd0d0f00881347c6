// Contrast of text in a page, by WCAG 2.2 (success criterion 1.4.3). The functions run in the page.

/** The texts whose contrast with what lies behind them is below `least`: 4.5 is what WCAG's level AA asks of small text. */
export function lowContrast(frame, least = 4.5) {
  return frame.evaluate((wanted) => {
    const parse = (color) => {
      const [r, g, b, a = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
      return { r, g, b, a };
    };
    const over = (top, below) => ({
      r: top.r * top.a + below.r * (1 - top.a),
      g: top.g * top.a + below.g * (1 - top.a),
      b: top.b * top.a + below.b * (1 - top.a),
      a: 1,
    });
    const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = ({ r, g, b }) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);

    // A webview's own page may be transparent; the editor's background lies behind it.
    const editor = getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background').trim();
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = editor;
    const base = parse(getComputedStyle(probe).color);
    probe.remove();

    const background = (element) => {
      const layers = [];
      for (let e = element; e; e = e.parentElement) layers.unshift(parse(getComputedStyle(e).backgroundColor));
      return layers.filter((layer) => layer.a > 0).reduce((below, layer) => over(layer, below), { ...base, a: 1 });
    };

    const found = [];
    for (const element of document.querySelectorAll('body *')) {
      const text = [...element.childNodes]
        .filter((n) => n.nodeType === Node.TEXT_NODE)
        .map((n) => n.textContent.trim())
        .join(' ')
        .trim();
      const box = element.getBoundingClientRect();
      if (!text || box.width < 2 || box.height < 2 || element.closest('script, style, :disabled')) continue;
      const style = getComputedStyle(element);
      if (style.visibility === 'hidden') continue;
      const below = background(element);
      const ink = over(parse(element instanceof SVGElement ? style.fill : style.color), below);
      const [dark, light] = [luminance(ink), luminance(below)].sort((x, y) => x - y);
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < wanted) found.push(`${ratio.toFixed(2)}: ${text.slice(0, 60)}`);
    }
    return found;
  }, least);
}

/** By how many pixels the page is wider than its frame; boxes that scroll by themselves do not count. */
export function overflow(frame) {
  return frame.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
}
