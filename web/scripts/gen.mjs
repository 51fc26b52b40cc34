// Writes src/api/schema.ts anew from the contract that the server keeps as a snapshot.
import { writeFile } from "node:fs/promises";
import openapiTypescript, { astToString } from "openapi-typescript";

const contract = new URL("../../crates/server/openapi.json", import.meta.url);
const nodes = await openapiTypescript(contract);
const head = "/** Made by `npm run gen` from crates/server/openapi.json; never changed by hand. */\n\n";
await writeFile(new URL("../src/api/schema.ts", import.meta.url), head + astToString(nodes));
