import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { arrived, expect, PAGES, settled, signIn, THEMES, test } from "./bedside";

async function violations(page: Page, where: string): Promise<string[]> {
  await settled(page);
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${where}: ${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`),
  );
}

for (const colorScheme of THEMES) {
  test(`no page hinders anybody in the ${colorScheme} theme`, async ({ page, demo }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const all: string[] = [];
    await page.goto(`${demo.url}/login`);
    all.push(...(await violations(page, "/login")));
    await signIn(page, demo);
    for (const path of PAGES) {
      await page.goto(`${demo.url}${path}`);
      all.push(...(await violations(page, path)));
    }

    await page.goto(`${demo.url}/listen/add`);
    await page.getByRole("button", { name: "Next" }).click();
    await expect(page.getByRole("button", { name: "Connect", exact: true })).toBeVisible();
    all.push(...(await violations(page, "/listen/add, second step")));

    await page.goto(`${demo.url}/trust/team`);
    await page.getByRole("button", { name: "Add a person" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    all.push(...(await violations(page, "adding a person")));

    for (const words of ["Three bills for the same scan", "end my life"]) {
      const id = await arrived(page, demo, words);
      await page.goto(`${demo.url}/inbox/${id}`);
      await page.getByRole("textbox", { name: "Your reply" }).fill("Thank you for your visit on Tuesday.");
      await expect(page.getByText("Blocked: this must not leave")).toBeVisible();
      all.push(...(await violations(page, `the conversation "${words}"`)));
      await page.getByRole("list", { name: "What Bedside read in it" }).getByRole("button").first().click();
      await page.getByRole("dialog").getByRole("button", { name: "It is something else" }).click();
      all.push(...(await violations(page, `the labels of "${words}"`)));
      await page.keyboard.press("Escape");
      await page.goto(`${demo.url}/why/${id}`);
      all.push(...(await violations(page, `why "${words}" is here`)));
      await page.goto(`${demo.url}/inbox/${id}`);
    }
    await page.locator('a[href*="/people/"]').first().click();
    await expect(page).toHaveURL(/people/);
    all.push(...(await violations(page, "/people")));
    await page.goto(`${demo.url}/no/such/page`);
    all.push(...(await violations(page, "a page that is not there")));
    expect(all).toEqual([]);
  });
}
