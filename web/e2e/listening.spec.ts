import { arrived, expect, settled, signIn, test } from "./bedside";

const ROWS = [
  "Review,Who,Stars",
  "The lift by the lake entrance was broken again.,Ren,2",
  "Kind people at the desk.,Noor,5",
];

test("a file is read in, and what people wrote in it waits in the inbox", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/listen/import`);
  await page.getByLabel("Drop a file here, or choose one").setInputFiles({
    name: "exported.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`${ROWS.join("\n")}\n`),
  });
  await expect(page.getByRole("cell", { name: "The lift by the lake entrance was broken again." })).toBeVisible();
  await expect(page.getByLabel("Review is")).toHaveValue("text");
  await page.getByLabel("Who is").selectOption({ label: "Author" });
  await page.getByLabel("Stars is").selectOption({ label: "Stars" });
  await page.getByRole("button", { name: "Start the import" }).click();
  await expect(page.getByText(/2 taken, 0 known already, 0 rejected/).first()).toBeVisible({ timeout: 30_000 });
  await arrived(page, demo, "The lift by the lake entrance");
});

test("an account is tested, asked now, and paused without losing anything", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/listen`);
  await settled(page);
  const card = page.getByRole("article", { name: "Lakeside blog" });
  await card.getByRole("button", { name: "Test the connection" }).click();
  await expect(card.getByText("Reading and writing work.")).toBeVisible();
  await card.getByRole("button", { name: /Ask now/ }).click();
  await expect(card.getByText("Asked. What is new appears in the inbox.")).toBeVisible();
  await card.getByRole("button", { name: /Pause/ }).click();
  await expect(card.getByText("paused", { exact: true })).toBeVisible();
  await card.getByRole("button", { name: /Listen again/ }).click();
  await expect(card.getByText("paused", { exact: true })).toHaveCount(0);
});

test("connecting a blog with a wrong password says so before anybody relies on it", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/listen/add`);
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("What Bedside needs there, and why")).toBeVisible();
  await page.getByLabel("What your team calls it").fill("Clinic blog");
  await page.getByLabel("Its address").fill(demo.blog);
  await page.getByLabel("WordPress user name").fill("somebody");
  await page.getByLabel("Application password").fill("not the password");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText(/The account is kept, but the test did not pass/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("does not work").first()).toBeVisible();

  await page.getByRole("button", { name: "Correct it" }).click();
  await page.getByLabel("WordPress user name").fill("bedside");
  await page.getByLabel("Application password").fill("sandbox");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("Connected. Bedside listens from now on.")).toBeVisible({ timeout: 30_000 });
});
