import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { en } from "./en";

/** The table of networks in the documentation, which a test of the connectors holds to the code. */
function documented(): { title: string; sources: string[]; capabilities: string[] }[] {
  const page = readFileSync(fileURLToPath(new URL("../../../docs/networks.md", import.meta.url)), "utf8");
  const section = page.split("## What each network lets us do")[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| network"));
  const list = (cell = "") => cell.split(", ").filter((name) => name !== "");
  return rows.map((row) => {
    const [title = "", sources, capabilities] = row
      .slice(1)
      .split("|")
      .map((cell) => cell.trim());
    return { title, sources: list(sources), capabilities: list(capabilities) };
  });
}

describe("the words for networks", () => {
  const networks = documented();

  it("name each one as everything else does", () => {
    expect(Object.values(en.connect.networks).sort()).toEqual(networks.map(({ title }) => title).sort());
  });

  it("have a short one for the queue", () => {
    expect(Object.keys(en.answer.networks).sort()).toEqual(Object.keys(en.connect.networks).sort());
  });

  it("are there for everything that is read, and for everything that is possible", () => {
    const sources = new Set(networks.flatMap((network) => network.sources));
    const capabilities = new Set(networks.flatMap((network) => network.capabilities));
    expect([...sources].filter((name) => !en.connect.sourceKinds[name])).toEqual([]);
    expect([...capabilities].filter((name) => !en.listen.capabilities[name])).toEqual([]);
  });
});
