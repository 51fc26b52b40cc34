import type { Page } from "@playwright/test";
import { arrived, bare, type Demo, expect, publicText, settled, shownBy, signIn, tabTo, test } from "./bedside";

const QUESTION = "Is the Elm Street clinic open on Labor Day?";

const SECOND = "Same question here. The sign on the door says closed.";

/**
 * Something that somebody says on each network; under the question on Facebook a second person asks, too. What is not
 * told by webhooks is said before Bedside first asks: a network is asked again after minutes only.
 */
const SAID = {
  facebook: SECOND,
  instagram: "The new garden is lovely",
  youtube: "nothing to eat before the blood test",
  x: "forty minutes on hold this morning",
  linkedin: "Are you hiring physiotherapists",
  google_business: "So gentle with my toddler",
  yelp: "Parking costs more than the copay",
  mastodon: "is the pharmacy counter open on Sundays",
};

/** Answers a conversation with the first prepared text; what was said. */
async function answer(page: Page, demo: Demo, id: string): Promise<string> {
  await page.goto(`${demo.url}/inbox/${id}`);
  const pane = page.getByRole("region", { name: "Answer" });
  await pane.getByText("Prepared texts").click();
  await pane.locator(".prepared-text").first().click();
  await expect(pane.getByText("Nothing in it discloses anything")).toBeVisible();
  const text = await pane.getByRole("textbox", { name: "Your reply" }).inputValue();
  await pane.getByRole("button", { name: /^Send/ }).click();
  await expect(page.getByText(/^On .*\d:\d\d/).first()).toBeVisible({ timeout: 30_000 });
  return text;
}

test("what is said on eight networks is heard, and an answer stands where it was asked", async ({ page, demo }) => {
  await signIn(page, demo);
  for (const words of Object.values(SAID)) await arrived(page, demo, words);
  for (const network of ["facebook", "mastodon"] as const) {
    const text = await answer(page, demo, await arrived(page, demo, SAID[network]));
    expect(await publicText(page, shownBy(demo, network))).toContain(bare(text).slice(0, 120));
  }
});

test("a page that took its permission back is authorised again, removed and connected anew, and its history stays", async ({
  page,
  demo,
}) => {
  await signIn(page, demo);
  const id = await arrived(page, demo, SECOND);
  const revoked = { network: "facebook", kind: "token_revoked", path: "/published_posts" };
  await page.request.post(`${demo.sandbox.base_url}/_sandbox/fault`, { data: revoked });
  await page.goto(`${demo.url}/listen`);
  const card = page.getByRole("article", { name: "Elm Street on Facebook" });
  await card.getByRole("button", { name: /Ask now/ }).click();
  await expect(card.getByText(/it no longer lets Bedside in/)).toBeVisible();

  await card.getByRole("button", { name: /Authorise again/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Ask Facebook" }).click();
  await expect(page.getByRole("heading", { name: "Back from the network" })).toBeVisible();
  expect(page.url()).toBe(`${demo.url}/listen/connect/return`);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("The account is authorised again. Everything heard and said stays.")).toBeVisible();
  await expect(page.getByText("Reading and writing work.")).toBeVisible();

  await page.goto(`${demo.url}/listen`);
  await expect(card.getByText("connected", { exact: true })).toBeVisible();
  await card.getByRole("button", { name: /^Remove/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove, keep history" }).click();
  await expect(card).toHaveCount(0);

  // Bedside took itself off the page. Where a network can reach it, it asks to be told again by itself; to an address
  // of this machine the page's administrator lets it be told.
  const { base_url, networks } = demo.sandbox;
  const fields = "feed,mention,ratings,messages,messaging_postbacks,message_echoes";
  const install = `${base_url}/${networks.facebook.page}/subscribed_apps?subscribed_fields=${fields}`;
  await page.request.post(install, { headers: { authorization: "Bearer sandbox" } });
  await page.goto(`${demo.url}/listen/add`);
  await page.getByRole("radio", { name: /^Facebook/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("pages_manage_engagement")).toBeVisible();
  await page.getByRole("button", { name: "Ask Facebook" }).click();
  await expect(page.getByRole("radio", { name: /Elm Street Clinic/ })).toBeChecked();
  await page.getByLabel("What your team calls it").fill("Our page");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("Connected. Bedside listens from now on.")).toBeVisible();
  await expect(page.getByText("The network tells of new things by itself.")).toBeVisible();

  await page.getByRole("link", { name: "See all accounts" }).click();
  const anew = page.getByRole("article", { name: "Our page" });
  await expect(anew.getByText("Facebook · Connected as Elm Street Clinic")).toBeVisible();
  await anew.getByText("What it may do, and where it is told of new things").click();
  await expect(anew.getByText("None has come yet.")).toBeVisible();
  await page.goto(`${demo.url}/inbox/${id}`);
  const conversation = page.getByRole("region", { name: "Conversation", exact: true });
  for (const words of [QUESTION, SECOND]) await expect(conversation.getByText(words)).toBeVisible();
});

test("an account on Mastodon is connected without a mouse", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/listen/add`);
  await expect(page.getByRole("button", { name: "Next" })).toBeVisible();
  await tabTo(page, /WordPress/);
  const mastodon = page.getByRole("radio", { name: /^Mastodon/ });
  for (let presses = 0; presses < 14 && !(await mastodon.isChecked()); presses += 1) {
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await expect(page.getByText("What Bedside needs there, and why")).toBeVisible();
  await expect(page.getByRole("button", { name: "Ask Mastodon" })).toBeVisible();
  await tabTo(page, /Server of the account/);
  await page.keyboard.type(demo.sandbox.base_url);
  await tabTo(page, /Ask Mastodon$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Back from the network" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Connect", exact: true })).toBeVisible();
  await tabTo(page, /Connect$/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Connected. Bedside listens from now on.")).toBeVisible();
});

test("somebody who says no at the network, or comes back with nothing, is told what now", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/listen/connect/return`);
  await expect(page.getByText("Nothing came back from a network.")).toBeVisible();
  await page.goto(`${demo.url}/listen/connect/return?state=guessed&code=theirs`);
  await expect(page.getByText("This request to connect has ended or was used already.")).toBeVisible();
  await page.getByRole("link", { name: "Begin again" }).click();
  await expect(page).toHaveURL(/\/listen\/add/);
});

test("watch terms are added, tried on a text, and taken away", async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/listen/watch`);
  await settled(page);
  await page.getByLabel("One in each line").first().fill("Lakeside Health\nDr. Robin Okafor");
  await page.getByRole("button", { name: "Add 2 terms" }).click();
  await expect(page.getByText("2 terms are new.").first()).toBeVisible();
  await page.getByLabel("The text").fill("Waited at #LakesideHealth, but dr robin okafor was kind");
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByText("2 places were found.")).toBeVisible();
  await page.getByRole("button", { name: "Remove Lakeside Health" }).click();
  await expect(page.getByRole("list").getByText("Lakeside Health", { exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByText("1 place was found.")).toBeVisible();
});

test("an archive comes in as the own past, and waits for no answer", async ({ page, demo }) => {
  const tweet = {
    id_str: "71",
    full_text: "Our lake entrance is open again.",
    created_at: "Wed Oct 10 20:19:24 +0000 2018",
  };
  await signIn(page, demo);
  await page.goto(`${demo.url}/listen/import`);
  await page.getByLabel("Drop a file here, or choose one").setInputFiles({
    name: "tweets.js",
    mimeType: "text/javascript",
    buffer: Buffer.from(`window.YTD.tweets.part0 = ${JSON.stringify([{ tweet }])}`),
  });
  await expect(page.getByText("This is an archive: Twitter, now X")).toBeVisible();
  await expect(page.getByRole("cell", { name: "Our lake entrance is open again." })).toBeVisible();
  await page.getByRole("button", { name: "Start the import" }).click();
  await expect(page.getByText(/1 taken, 0 known already, 0 rejected/).first()).toBeVisible({ timeout: 30_000 });
  const waiting = await page.request.get(`${demo.url}/api/v1/conversations`, { params: { limit: 200 } });
  expect(await waiting.text()).not.toContain("lake entrance is open again");
});
