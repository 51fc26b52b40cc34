import { arrived, expect, PAGES, settled, signIn, THEMES, test } from "./bedside";

const WIDTHS = { wide: { width: 1360, height: 850 }, narrow: { width: 390, height: 844 } } as const;

for (const colorScheme of THEMES) {
  for (const [name, viewport] of Object.entries(WIDTHS)) {
    test(`every page fits a ${name} screen in the ${colorScheme} theme`, async ({ page, demo }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(viewport);
      const wider: string[] = [];
      const go = async (path: string) => {
        await page.goto(`${demo.url}${path}`);
        await settled(page);
      };
      const look = async (file: string) => {
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) wider.push(`${file} by ${over} px`);
        // The page scrolls inside its frame; the screen grows until all of it is in the picture.
        const hidden = await page.evaluate(() => {
          const content = document.getElementById("content");
          return content ? content.scrollHeight - content.clientHeight : 0;
        });
        await page.setViewportSize({ width: viewport.width, height: Math.min(viewport.height + hidden, 6000) });
        await page.screenshot({ path: `test-results/screens/${file}-${name}-${colorScheme}.png`, fullPage: true });
        await page.setViewportSize(viewport);
      };
      const keep = async (path: string, file: string) => {
        await go(path);
        await look(file);
      };
      await keep("/login", "login");
      await signIn(page, demo);
      const complaint = await arrived(page, demo, "Three bills for the same scan");
      for (const path of PAGES) await keep(path, path.slice(1).replaceAll("/", "-"));
      await keep(`/inbox/${complaint}`, "conversation");
      await keep(`/why/${complaint}`, "why");
      const thread = await arrived(page, demo, "Same question here. The sign on the door says closed.");
      await keep(`/inbox/${thread}`, "conversation-thread");

      await go("/listen/add");
      const networks = await page.getByRole("radio").count();
      for (let n = 0; n < networks; n += 1) {
        await go("/listen/add");
        await page.getByRole("radio").nth(n).check();
        await page.getByRole("button", { name: "Next" }).click();
        await expect(page.getByRole("heading", { name: "What it may do" })).toBeVisible();
        await settled(page);
        await look(`listen-add-${n + 1}`);
      }
      await go("/listen/add");
      await page.getByRole("radio", { name: /^Facebook/ }).check();
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("button", { name: "Ask Facebook" }).click();
      await expect(page.getByRole("radio", { name: /Elm Street Clinic/ })).toBeChecked();
      await look("listen-returned");
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      await expect(page.getByText("Connected. Bedside listens from now on.")).toBeVisible();
      await look("listen-tested");
      await go("/listen/watch");
      await page.getByLabel("One in each line").first().fill("Lakeside Health\nElm Street Clinic\nDr. Robin Okafor");
      await page.getByRole("button", { name: "Add 3 terms" }).click();
      await page.getByLabel("The text").fill("Waited at #LakesideHealth, but dr robin okafor was kind");
      await page.getByRole("button", { name: "Try it" }).click();
      await expect(page.getByText("2 places were found.")).toBeVisible();
      await look("listen-watch-full");
      expect(wider).toEqual([]);
    });
  }
}
