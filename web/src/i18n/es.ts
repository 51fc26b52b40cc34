import type { Messages } from "./en";
import { answer } from "./es/answer";
import { common } from "./es/common";
import { connect } from "./es/connect";
import { door } from "./es/door";
import { listen } from "./es/listen";
import { moderation } from "./es/moderation";
import { publish } from "./es/publish";
import { start } from "./es/start";
import { trust } from "./es/trust";
import { understand } from "./es/understand";
import { watch } from "./es/watch";

/** Every text of the pages in Spanish. */
export const es: Messages = {
  common,
  start,
  answer,
  door,
  listen,
  connect,
  moderation,
  publish,
  trust,
  understand,
  watch,
};
