import { answer } from "./en/answer";
import { common } from "./en/common";
import { connect } from "./en/connect";
import { door } from "./en/door";
import { listen } from "./en/listen";
import { moderation } from "./en/moderation";
import { publish } from "./en/publish";
import { start } from "./en/start";
import { trust } from "./en/trust";
import { understand } from "./en/understand";
import { watch } from "./en/watch";

/** Every text of the pages in English; the other languages have the same shape, which the compiler enforces. */
export const en = { common, start, answer, door, listen, connect, moderation, publish, trust, understand, watch };

export type Messages = typeof en;
