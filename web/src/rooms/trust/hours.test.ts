import { describe, expect, it } from "vitest";
import type { Hours } from "../../api/types";
import { addHoliday, addRange, move, removeRange, setEdge, setHoliday } from "./hours";

const hours: Hours = {
  week: { mon: [["08:00", "12:00"]], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
  holidays: [],
};

describe("opening hours", () => {
  it("open a closed day with usual hours, and an open day again after a break", () => {
    expect(addRange(hours, "tue").week.tue).toEqual([["09:00", "17:00"]]);
    expect(addRange(hours, "mon").week.mon).toEqual([
      ["08:00", "12:00"],
      ["13:00", "14:00"],
    ]);
  });

  it("never reach into the next day", () => {
    const late = setEdge(hours, "mon", 0, 1, "23:30");
    expect(addRange(late, "mon").week.mon.at(-1)).toEqual(["23:59", "23:59"]);
  });

  it("change one edge and leave every other day as it was", () => {
    const changed = setEdge(hours, "mon", 0, 0, "07:30");
    expect(changed.week.mon).toEqual([["07:30", "12:00"]]);
    expect(changed.week.tue).toBe(hours.week.tue);
    expect(removeRange(changed, "mon", 0).week.mon).toEqual([]);
  });

  it("name a holiday that was added", () => {
    const one = setHoliday(addHoliday(hours), 0, { date: "2026-12-25", name: "Christmas" });
    expect(one.holidays).toEqual([{ date: "2026-12-25", name: "Christmas", hours: [] }]);
  });
});

describe("the chain of who is on call", () => {
  it("moves somebody by one place, and nobody beyond its ends", () => {
    expect(move(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
    expect(move(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(move(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  });
});
