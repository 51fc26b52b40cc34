import { expect, test } from "vitest";
import type { Attachment } from "../../api/types";
import { asked, EMPTY, lengthOf, moved, same } from "./content";

const door: Attachment = {
  id: "med_door",
  kind: "image",
  mime: "image/png",
  bytes: 9,
  width: 3,
  height: 2,
  alt: "A red door",
};
const stair: Attachment = { ...door, id: "med_stair", alt: null };

test("a file moves by one place and not past the end", () => {
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
});

test("the order and the descriptions of files are part of what is said", () => {
  const both = { ...EMPTY, media: [door, stair] };
  expect(same(both, { ...EMPTY, media: [door, { ...stair, alt: " " }] })).toBe(true);
  expect(same(both, { ...EMPTY, media: [stair, door] })).toBe(false);
  expect(same(both, { ...EMPTY, media: [{ ...door, alt: "A gate" }, stair] })).toBe(false);
  expect(same(both, { ...both, link: "https://lakeside.example.org/" })).toBe(false);
});

test("a title is asked for only where the network shows one", () => {
  expect(asked({ ...EMPTY, title: " Flu " }, true).title).toBe("Flu");
  expect(asked({ ...EMPTY, title: "Flu" }, false)).not.toHaveProperty("title");
});

test("a text is as long as the network counts", () => {
  expect(lengthOf("né👩‍⚕️", "chars")).toBe(6);
  expect(lengthOf("né👩‍⚕️", "utf16")).toBe(7);
  expect(lengthOf("né👩‍⚕️", "graphemes")).toBe(3);
  expect(lengthOf("né👩‍⚕️", "weighted")).toBe(null);
});
