import AxeBuilder from "@axe-core/playwright";
import { expect, signIn, test } from "./bedside";

/** A video, as far as its boxes go. */
const FILM = {
  name: "door.mp4",
  mimeType: "video/mp4",
  buffer: Buffer.concat([
    Buffer.from([0, 0, 0, 16]),
    Buffer.from("ftypisom\0\0\0\0\0\0\0\0mdat"),
    Buffer.alloc(4000, 7),
  ]),
};

const captions = (text: string) => ({ name: "door.vtt", mimeType: "text/vtt", buffer: Buffer.from(text) });

test("a video that was published gets captions, and a broken file is named by its line", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/publish/new`);
  const account = page.getByLabel("Goes out as");
  const option = account
    .locator("option")
    .filter({ hasText: /YouTube/ })
    .first();
  await expect(option).toBeAttached();
  await account.selectOption({ label: (await option.textContent()) ?? "" });
  await page.getByLabel("Title", { exact: true }).fill("Our new door");
  await page.getByLabel("Text", { exact: true }).fill("Our new garden door is open from Monday.");
  await page.getByLabel("Drop files here, paste them, or choose").setInputFiles(FILM);
  await expect(page.getByText("Nothing in it discloses anything")).toBeVisible();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText(/^On .*\d:\d\d/)).toBeVisible({ timeout: 60_000 });

  const section = page.getByRole("region", { name: "Captions" });
  const choose = section.getByLabel("Drop a file of captions here, or choose");
  await choose.setInputFiles(captions("WEBVTT\n\nCome in by the garden.\n"));
  await section.getByRole("button", { name: "Add the captions" }).click();
  await expect(section.getByText(/line 3: there is no time/)).toBeVisible();
  await choose.setInputFiles(captions("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nCome in by the garden.\n"));
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await section.getByRole("button", { name: "Add the captions" }).click();
  await expect(section.getByRole("listitem").filter({ hasText: "English" })).toContainText(/On .*\d:\d\d/, {
    timeout: 30_000,
  });
});
