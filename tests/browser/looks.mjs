// What can be measured of whether a page can be read: contrast, narrow screens, a visible focus.
import assert from 'node:assert/strict';

/** Runs in the browser: the contrast of each text with what is behind it (WCAG 2, 1.4.3). */
function contrasts() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('h1,p,label,input:not([type=hidden]),button,a')].map((it) => {
    const [high, low] = [luminance(getComputedStyle(it).color), luminance(behind(it))]
      .sort((a, b) => b - a);
    return { what: it.outerHTML.slice(0, 60), contrast: (high + 0.05) / (low + 0.05) };
  });
}

export async function checkLooks(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const { what, contrast } of await page.evaluate(contrasts)) {
      assert.ok(contrast >= 4.5, `${what} has a contrast of ${contrast} (${colorScheme})`);
    }
  }
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 320, `on a narrow screen it is ${wide} wide`);
  await page.setViewportSize(size);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, 'none', 'where the focus is can be seen');
}
