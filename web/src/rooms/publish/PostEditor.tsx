import { useState } from "react";
import { useAccounts, useMay, useNetworks } from "../../api/hooks";
import type { Attachment, Draft } from "../../api/types";
import { useLocale } from "../../i18n";
import { Empty, Skeleton } from "../../ui/Feedback";
import { SelectField, TextArea, TextField } from "../../ui/Field";
import { type Content, described, lengthOf } from "./content";
import { Files, useBringing } from "./Files";
import { LANGUAGES, languageName } from "./languages";
import { PostDoor } from "./PostDoor";
import { Preview } from "./Preview";
import { useComposer } from "./useComposer";
import { Versions } from "./Versions";

const POSTS = ["post_text", "post_image", "post_video", "post_document"];

/** A post and everything that goes with it, beside exactly what leaves. */
export function PostEditor({ initial, onMade }: { initial: Draft | null; onMade: (id: string) => void }) {
  const { m, tag } = useLocale();
  const words = m.publish;
  const may = useMay();
  const accounts = useAccounts().data?.items;
  const networks = useNetworks().data?.items;
  const networkOf = (id: string) => {
    const account = accounts?.find((one) => one.id === id);
    return networks?.find(({ name }) => name === account?.network);
  };
  const titles = (id: string) => {
    const how = networkOf(id)?.titles;
    return { shown: how !== "unseen", needed: how === "needed" };
  };
  const composer = useComposer(initial, titles, onMade);
  const { content, change, draft, open } = composer;
  const addFiles = (files: (now: readonly Attachment[]) => Attachment[]) =>
    change((now) => ({ media: files(now.media) }));
  const bringing = useBringing(addFiles);
  const [timed, setTimed] = useState(false);
  const [time, setTime] = useState("");
  if (!accounts || !networks) return <Skeleton rows={3} shape="card" />;
  const able = accounts.filter(
    ({ id, state }) =>
      state !== "removed" && networkOf(id)?.capabilities.some((capability) => POSTS.includes(capability)),
  );
  if (able.length === 0 && !draft) return <Empty text={words.noAccounts} />;
  const account = accounts.find(({ id }) => id === content.account);
  const network = networkOf(content.account);
  const name = draft?.destination.network ?? account?.network ?? "";
  const titleUse = titles(content.account);
  const at = timed && time && !Number.isNaN(Date.parse(time)) ? new Date(time).toISOString() : null;
  const editable = open && may("draft_post");
  const revision = draft !== null && draft.revises !== null;
  const carriesAlt = (file: Attachment) => described(network, file.kind);
  return (
    <div className="post-editor">
      {editable && (
        <form
          className="post-fields"
          onSubmit={(event) => event.preventDefault()}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files];
            if (revision || pasted.length === 0) return;
            event.preventDefault();
            void bringing.bring(pasted);
          }}
        >
          {!revision && (
            <>
              <SelectField
                label={words.account}
                value={content.account}
                disabled={draft !== null}
                onChange={(event) => change(() => ({ account: event.target.value }))}
                options={[
                  ["", words.choose],
                  ...able.map(
                    (one) => [one.id, words.on(one.name, m.answer.networks[one.network] ?? one.network)] as const,
                  ),
                ]}
              />
              {content.account !== "" && titleUse.shown && (
                <TextField
                  label={words.heading}
                  help={titleUse.needed ? undefined : words.headingSometimes}
                  required={titleUse.needed}
                  maxLength={200}
                  value={content.title}
                  onChange={(event) => change(() => ({ title: event.target.value }))}
                />
              )}
            </>
          )}
          <Text content={content} limits={network?.limits} onChange={(text) => change(() => ({ text }))} />
          {!revision && (
            <>
              {content.account !== "" && (
                <Files files={content.media} network={network} change={addFiles} {...bringing} />
              )}
              <TextField
                label={words.link}
                help={words.linkHelp}
                type="url"
                inputMode="url"
                error={composer.field("link")}
                value={content.link}
                onChange={(event) => change(() => ({ link: event.target.value }))}
              />
              <SelectField
                label={words.language}
                value={content.language}
                onChange={(event) => change(() => ({ language: event.target.value }))}
                options={[["", words.languageNone], ...languagesWith(content.language, tag)]}
              />
              <When timed={timed} setTimed={setTimed} time={time} setTime={setTime} />
            </>
          )}
        </form>
      )}
      <div className="post-side">
        <Preview
          content={content}
          titled={titleUse.shown}
          carriesAlt={carriesAlt}
          account={draft?.destination.place ?? account?.name ?? ""}
          network={m.answer.networks[name] ?? name}
          price={draft?.destination.price_micro_usd ?? null}
          at={open ? at : (draft?.outbox?.due_at ?? null)}
          open={open && timed && !at}
        />
        <PostDoor composer={composer} at={at} timed={timed} />
        {draft?.kind === "post" && draft.state === "sent" && <Versions post={draft} />}
      </div>
    </div>
  );
}

function languagesWith(chosen: string, reader: string): (readonly [string, string])[] {
  const tags = chosen === "" || LANGUAGES.some((tag) => tag === chosen) ? LANGUAGES : [...LANGUAGES, chosen];
  return tags
    .map((tag) => [tag, languageName(tag, reader)] as const)
    .sort(([, one], [, other]) => one.localeCompare(other, reader));
}

function Text({
  content,
  limits,
  onChange,
}: {
  content: Content;
  limits: { post_max: number | null; counted: string } | undefined;
  onChange: (text: string) => void;
}) {
  const { m } = useLocale();
  const words = m.publish;
  const most = limits?.post_max ?? null;
  const length = limits ? lengthOf(content.text, limits.counted) : null;
  const counted = most !== null && length !== null ? words.counted(length, most) : "";
  return (
    <TextArea
      label={words.text}
      help={`${words.textHelp} ${counted}`.trim()}
      error={most !== null && length !== null && length > most ? words.over(length - most) : undefined}
      rows={6}
      value={content.text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function When({
  timed,
  setTimed,
  time,
  setTime,
}: {
  timed: boolean;
  setTimed: (timed: boolean) => void;
  time: string;
  setTime: (time: string) => void;
}) {
  const { m } = useLocale();
  const words = m.publish;
  return (
    <fieldset className="radios">
      <legend>{words.when}</legend>
      {[false, true].map((later) => (
        <label key={String(later)} className="check">
          <input type="radio" name="when" checked={timed === later} onChange={() => setTimed(later)} />
          <span>{later ? words.at : words.now}</span>
        </label>
      ))}
      {timed && (
        <TextField
          label={words.time}
          help={words.timeHelp(Intl.DateTimeFormat().resolvedOptions().timeZone)}
          type="datetime-local"
          required
          value={time}
          onChange={(event) => setTime(event.target.value)}
        />
      )}
    </fieldset>
  );
}
