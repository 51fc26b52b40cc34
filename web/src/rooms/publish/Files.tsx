import { useRef, useState } from "react";
import type { NetworkShape } from "../../api/connecting";
import { publish } from "../../api/operations";
import type { Attachment, MediaKind } from "../../api/types";
import { useLocale, useMessages } from "../../i18n";
import { sizeOf } from "../../lib/size";
import { announce } from "../../ui/announce";
import { ProblemNote } from "../../ui/Feedback";
import { TextArea } from "../../ui/Field";
import { FileDrop } from "../../ui/FileDrop";
import { Icon } from "../../ui/Icon";
import { described, moved } from "./content";

interface Props {
  files: readonly Attachment[];
  network: NetworkShape | undefined;
  change: (files: (now: readonly Attachment[]) => Attachment[]) => void;
}

/** Brings files, one after the other, and says what is on its way and what went wrong. */
export function useBringing(change: Props["change"]) {
  const [coming, setComing] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const bring = async (chosen: readonly File[]) => {
    setProblem(null);
    setComing((names) => [...names, ...chosen.map(({ name }) => name)]);
    for (const file of chosen) {
      const form = new FormData();
      form.set("file", file, file.name);
      try {
        const brought = await publish.bring(form);
        change((now) => [...now, brought]);
      } catch (cause) {
        setProblem(cause);
      }
      setComing((names) => names.filter((_, at) => at !== names.indexOf(file.name)));
    }
  };
  return { bring, coming, problem };
}

/** The files of a post in their order, each with what people hear who do not see it. */
export function Files({ files, network, change, bring, coming, problem }: Props & ReturnType<typeof useBringing>) {
  const m = useMessages();
  const words = m.publish;
  const { tag } = useLocale();
  const list = useRef<HTMLOListElement>(null);
  const name = (id: string, alt: string) =>
    change((now) => now.map((file) => (file.id === id ? { ...file, alt } : file)));
  const move = (at: number, by: -1 | 1, what: string) => {
    change((now) => moved(now, at, by));
    announce(words.movedTo(what, at + by + 1));
  };
  const remove = (id: string, what: string) => {
    change((now) => now.filter((file) => file.id !== id));
    announce(words.removed(what));
    list.current?.focus();
  };
  const limits = network?.limits.media ?? [];
  const types = [...new Set(limits.flatMap(({ types: taken }) => taken.map(shortType)))];
  return (
    <fieldset className="files">
      <legend>{words.files}</legend>
      {limits.length === 0 ? (
        <p className="muted">{words.takesNone}</p>
      ) : (
        <FileDrop
          id="post-files"
          label={words.drop}
          multiple
          accept={limits.flatMap(({ types: taken }) => taken).join(",")}
          help={words.dropHelp(new Intl.ListFormat(tag).format(types))}
          onFiles={(chosen) => void bring(chosen)}
        />
      )}
      <ProblemNote problem={problem} />
      {coming.length > 0 && (
        <p role="status" className="muted">
          {words.bringing(coming.join(", "))}
        </p>
      )}
      <ol className="plain file-rows" ref={list} tabIndex={-1} aria-label={words.files}>
        {files.map((file, at) => {
          const what = words.number(words.kinds[file.kind], at + 1);
          const most = limits.find(({ kind }) => kind === file.kind)?.alt_max ?? null;
          const length = [...(file.alt ?? "")].length;
          return (
            <li key={file.id} className="file-row">
              <Thumbnail file={file} />
              <div className="file-facts">
                <p className="muted facts">
                  <span>{what}</span>
                  <span>{sizeOf(file.bytes, tag)}</span>
                  {file.width && file.height && <span>{`${file.width} × ${file.height}`}</span>}
                </p>
                {!described(network, file.kind) ? (
                  <p className="muted">{words.altUnseen}</p>
                ) : (
                  <TextArea
                    label={`${what}: ${words.alt}`}
                    help={most === null ? words.altHelp : `${words.altHelp} ${words.counted(length, most)}`}
                    error={most !== null && length > most ? words.over(length - most) : undefined}
                    rows={2}
                    value={file.alt ?? ""}
                    onChange={(event) => name(file.id, event.target.value)}
                  />
                )}
                <div className="buttons">
                  <button
                    type="button"
                    className="quiet icon-only"
                    aria-label={words.earlier(what)}
                    disabled={at === 0}
                    onClick={() => move(at, -1, what)}
                  >
                    <Icon name="up" />
                  </button>
                  <button
                    type="button"
                    className="quiet icon-only"
                    aria-label={words.later(what)}
                    disabled={at === files.length - 1}
                    onClick={() => move(at, 1, what)}
                  >
                    <Icon name="down" />
                  </button>
                  <button
                    type="button"
                    className="quiet icon-only"
                    aria-label={words.remove(what)}
                    onClick={() => remove(file.id, what)}
                  >
                    <Icon name="cross" />
                  </button>
                </div>
              </div>
            </li>
          );
        })}
      </ol>
    </fieldset>
  );
}

const ICONS: Record<MediaKind, "image" | "video" | "file"> = { image: "image", video: "video", document: "file" };

/** A small look at a file. Its description stands beside it, so the picture itself is silent. */
export function Thumbnail({ file }: { file: Attachment }) {
  const address = publish.fileAddress(file.id);
  return (
    <span className="thumbnail">
      {file.kind === "image" ? <img src={address} alt="" loading="lazy" /> : <Icon name={ICONS[file.kind]} />}
    </span>
  );
}

/** "JPEG" of `image/jpeg`. */
const shortType = (type: string) => (type.split("/")[1] ?? type).replace("quicktime", "mov").toUpperCase();
