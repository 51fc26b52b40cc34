import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Problem } from "../../api/client";
import { keys, useChange, useMay, useNetworks } from "../../api/hooks";
import { publish } from "../../api/operations";
import type { Draft } from "../../api/types";
import { useLocale } from "../../i18n";
import { announce } from "../../ui/announce";
import { ProblemNote } from "../../ui/Feedback";
import { SelectField, TextField } from "../../ui/Field";
import { FileDrop } from "../../ui/FileDrop";
import { Icon } from "../../ui/Icon";
import { Delivery } from "../answer/Delivery";
import { LANGUAGES, languageName } from "./languages";

/** The largest file that the server reads, in bytes. */
const LARGEST = 500_000;

interface Brought {
  name: string;
  text: string;
}

/** Captions of a video that stands there: those that were added, and a file for more. */
export function Captions({ post }: { post: Draft }) {
  const { m, tag } = useLocale();
  const may = useMay();
  const { network } = post.destination;
  const shape = useNetworks().data?.items.find(({ name }) => name === network);
  const offered = shape?.capabilities.includes("captions") ?? false;
  const listed = useQuery({
    queryKey: [...keys.post(post.id), "captions"],
    queryFn: () => publish.captions(post.id),
    enabled: offered,
  });
  if (!offered) return null;
  const items = listed.data?.items ?? [];
  return (
    <section className="captions" aria-labelledby="captions">
      <h3 id="captions">{m.publish.captions}</h3>
      <p className="muted">{m.publish.captionsLead}</p>
      {items.length > 0 && (
        <ul className="plain">
          {items.map(({ language, name, outbox }) => (
            <li key={outbox.id}>
              <strong>
                {languageName(language, tag)}
                {name && ` · ${name}`}
              </strong>
              <Delivery
                place={m.answer.networks[network] ?? network}
                item={outbox}
                state={outbox.state}
                at={outbox.attempts.at(-1)?.at ?? post.updated_at}
                permalink={null}
                stale={keys.posts}
              />
            </li>
          ))}
        </ul>
      )}
      {may("send_post") && <Add post={post} />}
    </section>
  );
}

function Add({ post }: { post: Draft }) {
  const { m, tag } = useLocale();
  const [file, setFile] = useState<Brought | null>(null);
  const [large, setLarge] = useState(false);
  const [language, setLanguage] = useState(post.language ?? tag.slice(0, 2));
  const [name, setName] = useState("");
  const [acknowledged, setAcknowledged] = useState(false);
  const add = useChange(
    (text: string) => publish.caption(post.id, { language, name: name.trim(), text, acknowledged }),
    [keys.posts],
  );
  const warned = add.error instanceof Problem && add.error.code === "needs_acknowledgement";
  const findings = add.error instanceof Problem ? (add.error.verdict?.findings ?? []) : [];
  const bring = async ([chosen]: readonly File[]) => {
    if (!chosen) return;
    add.reset();
    setAcknowledged(false);
    setLarge(chosen.size > LARGEST);
    setFile(chosen.size > LARGEST ? null : { name: chosen.name, text: await chosen.text() });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    add.mutate(file.text, {
      onSuccess: () => {
        announce(m.publish.sent);
        setFile(null);
        setAcknowledged(false);
      },
    });
  };
  const tags = LANGUAGES.some((known) => known === language) ? LANGUAGES : [...LANGUAGES, language];
  return (
    <form className="stack" onSubmit={submit}>
      <FileDrop
        id="captions-file"
        label={m.publish.captionsFile}
        help={m.publish.captionsHelp}
        accept=".vtt,.srt,text/vtt,application/x-subrip"
        onFiles={(files) => void bring(files)}
      />
      {large && (
        <p className="field-error" role="alert">
          {m.publish.captionsLarge}
        </p>
      )}
      {file && (
        <>
          <p>
            <Icon name="file" /> {file.name}
          </p>
          <SelectField
            label={m.publish.captionsLanguage}
            value={language}
            options={tags.map((one) => [one, languageName(one, tag)] as const)}
            onChange={(event) => setLanguage(event.target.value)}
          />
          <TextField
            label={m.publish.captionsName}
            maxLength={150}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <ProblemNote problem={add.error} />
          {findings.length > 0 && (
            <ul>
              {findings.map((finding) => (
                <li key={`${finding.rule}-${finding.start}`}>
                  <q>{finding.evidence}</q>: {finding.why}
                </li>
              ))}
            </ul>
          )}
          {(warned || acknowledged) && (
            <label className="check">
              <input
                type="checkbox"
                checked={acknowledged}
                onChange={(event) => setAcknowledged(event.target.checked)}
              />
              <span>{m.door.acknowledge}</span>
            </label>
          )}
          <div className="buttons">
            <button type="submit" className="primary" disabled={add.isPending || (warned && !acknowledged)}>
              {m.publish.captionsAdd}
            </button>
          </div>
        </>
      )}
    </form>
  );
}
