import { arrived, expect, PAGES, settled, signIn, THEMES, test } from "./bedside";

const WIDTHS = { wide: { width: 1360, height: 850 }, narrow: { width: 390, height: 844 } } as const;

for (const colorScheme of THEMES) {
  for (const [name, viewport] of Object.entries(WIDTHS)) {
    test(`every page fits a ${name} screen in the ${colorScheme} theme`, async ({ page, demo }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(viewport);
      const wider: string[] = [];
      const keep = async (path: string, file: string) => {
        await page.goto(`${demo.url}${path}`);
        await settled(page);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) wider.push(`${path} by ${over} px`);
        // The page scrolls inside its frame; the screen grows until all of it is in the picture.
        const hidden = await page.evaluate(() => {
          const content = document.getElementById("content");
          return content ? content.scrollHeight - content.clientHeight : 0;
        });
        await page.setViewportSize({ width: viewport.width, height: Math.min(viewport.height + hidden, 6000) });
        await page.screenshot({ path: `test-results/screens/${file}-${name}-${colorScheme}.png`, fullPage: true });
        await page.setViewportSize(viewport);
      };
      await keep("/login", "login");
      await signIn(page, demo);
      const complaint = await arrived(page, demo, "Three bills for the same scan");
      for (const path of PAGES) await keep(path, path.slice(1).replaceAll("/", "-"));
      await keep(`/inbox/${complaint}`, "conversation");
      await keep(`/why/${complaint}`, "why");
      expect(wider).toEqual([]);
    });
  }
}
