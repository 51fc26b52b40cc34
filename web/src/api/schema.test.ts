import { existsSync, readFileSync } from "node:fs";
import openapiTypescript, { astToString } from "openapi-typescript";
import { describe, expect, it } from "vitest";

const contract = new URL("../../../crates/server/openapi.json", import.meta.url);

describe("the typed client", () => {
  it.runIf(existsSync(contract))(
    "is what the server's contract says today; `npm run gen` writes it anew",
    async () => {
      const fresh = astToString(await openapiTypescript(contract));
      const kept = readFileSync(new URL("./schema.ts", import.meta.url), "utf8");
      expect(kept.endsWith(fresh)).toBe(true);
    },
    30_000,
  );
});
