import { describe, expect, it } from "vitest";
import type { QueueItem } from "../api/types";
import { mergeQueue, neighbour, worst } from "./queue";

const item = (id: string, priority = 7, version = 1) => ({ id, priority, version }) as QueueItem;
const ids = (items: readonly QueueItem[]) => items.map((entry) => entry.id);

describe("the queue while somebody reads", () => {
  it("takes everything where nothing stands yet", () => {
    expect(ids(mergeQueue([], [item("a")], null).shown)).toEqual(["a"]);
  });

  it("keeps every row in its place and lets arrivals wait, even the worst", () => {
    const merged = mergeQueue([item("a"), item("b")], [item("crisis", 0), item("b", 7, 2), item("a")], null);
    expect(ids(merged.shown)).toEqual(["a", "b"]);
    expect(merged.shown[1]?.version).toBe(2);
    expect(ids(merged.arrived)).toEqual(["crisis"]);
    expect(worst(merged.arrived)).toBe(0);
  });

  it("lets a resolved row go, but never the one that is open", () => {
    expect(ids(mergeQueue([item("a"), item("b"), item("c")], [item("c")], "b").shown)).toEqual(["b", "c"]);
  });

  it("starts over where nothing of it is left", () => {
    expect(ids(mergeQueue([item("a")], [item("b")], null).shown)).toEqual(["b"]);
  });
});

describe("moving with j and k", () => {
  it("stops at the ends and starts at the first", () => {
    expect(neighbour(["a", "b"], null, 1)).toBe("a");
    expect(neighbour(["a", "b"], "a", 1)).toBe("b");
    expect(neighbour(["a", "b"], "b", 1)).toBe("b");
    expect(neighbour(["a", "b"], "a", -1)).toBe("a");
    expect(neighbour([], null, 1)).toBeNull();
  });
});
