import { expect, test } from "vitest";
import type { Figure } from "../../api/connecting";
import { newest, postsCounted } from "./figures";

const figure = (source: string, day: string, value: number, post: string | null = null): Figure => ({
  metric: "views",
  source,
  day,
  value,
  total: false,
  post_native_id: post,
  read_at: day,
});

test("each kind is shown once, with the newest day that the network told", () => {
  const all = [
    figure("page_views", "2026-11-27T00:00:00Z", 5),
    figure("page_views", "2026-11-26T00:00:00Z", 9),
    figure("page_follows", "2026-11-25T00:00:00Z", 0),
    figure("post_views", "2026-11-27T00:00:00Z", 3, "1_2"),
  ];
  expect(newest(all).map(({ source, value }) => [source, value])).toEqual([
    ["page_views", 5],
    ["page_follows", 0],
  ]);
  expect(postsCounted(all)).toBe(1);
  expect(newest([])).toEqual([]);
});
