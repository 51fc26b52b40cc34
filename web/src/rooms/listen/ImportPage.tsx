import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { keys, useAccounts, useChange, useImports } from "../../api/hooks";
import { listen } from "../../api/operations";
import type { Account, ImportPreview } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useLocale, useMessages } from "../../i18n";
import { sizeOf } from "../../lib/size";
import { Empty, ProblemNote, Skeleton } from "../../ui/Feedback";
import { SelectField, TextField } from "../../ui/Field";
import { FileDrop } from "../../ui/FileDrop";
import { ArchiveRows } from "./ArchiveRows";
import { type ColumnMap, firstPart, guessed, needsMap } from "./columns";
import { ImportRow, Imports } from "./Imports";
import { Mapping } from "./Mapping";
import "./listen.css";

const NEW = "new";

async function previewOf(file: File): Promise<ImportPreview> {
  const form = new FormData();
  form.set("file", await firstPart(file), file.name);
  return listen.preview(form);
}

/** Reading a file of reviews or comments: choose it, say which column is what, watch it, fetch what was refused. */
export function ImportPage() {
  const m = useMessages();
  useTitle(m.listen.importFile);
  const words = m.listen;
  const { tag } = useLocale();
  const accounts = useAccounts();
  const imports = useImports();
  const [file, setFile] = useState<File | null>(null);
  const [columns, setColumns] = useState<ColumnMap>({});
  const [account, setAccount] = useState(NEW);
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const preview = useChange(previewOf, []);
  const start = useChange(
    async (input: { file: File; format: string }) => {
      const into =
        account === NEW
          ? (await listen.addAccount({ network: "import", name: name.trim() || input.file.name })).id
          : account;
      const form = new FormData();
      form.set("account_id", into);
      form.set("format", input.format);
      if (needsMap(input.format)) form.set("columns", JSON.stringify(columns));
      form.set("file", input.file, input.file.name);
      return listen.startImport(form);
    },
    [keys.listen, keys.audit],
  );

  const mapped = preview.data === undefined || needsMap(preview.data.format);
  const choose = (chosen: File) => {
    setFile(chosen);
    setTried(false);
    setName(chosen.name.replace(/\.[a-z]+$/i, ""));
    start.reset();
    preview.mutate(chosen, { onSuccess: (read) => setColumns(guessed(read)) });
  };
  const again = () => {
    setFile(null);
    preview.reset();
    start.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (file && preview.data && (columns.text || !mapped)) start.mutate({ file, format: preview.data.format });
  };

  const begun = start.data && (imports.data?.items.find((item) => item.id === start.data.id) ?? start.data);
  return (
    <div className="listen-page">
      <header className="page-top">
        <div>
          <h1>{words.importFile}</h1>
          <p>{words.importLead}</p>
          <p>
            <Link to="/listen">{words.backToAll}</Link>
          </p>
        </div>
      </header>
      <section className="section-card">
        {begun ? (
          <div className="stack" role="status">
            <ImportRow item={begun} />
            {begun.state === "running" && <p className="small">{words.running}</p>}
            <div className="row-actions">
              <button type="button" onClick={again}>
                {words.another}
              </button>
              <Link to="/" className="button-link primary">
                {words.toInbox}
              </Link>
            </div>
          </div>
        ) : file ? (
          <div className="card-head">
            <p>
              <strong>{words.chosen(file.name, sizeOf(file.size, tag))}</strong>
            </p>
            <button type="button" onClick={again}>
              {words.otherFile}
            </button>
          </div>
        ) : (
          <FileDrop
            id="import-file"
            label={words.drop}
            help={words.dropHelp}
            accept=".csv,.jsonl,.ndjson,.tsv,.json,.js,.atom,.xml,text/csv"
            onFiles={([chosen]) => chosen && choose(chosen)}
          />
        )}
        {!begun && preview.isPending && <Skeleton rows={5} />}
        {!begun && <ProblemNote problem={preview.error} onRetry={file ? () => choose(file) : undefined} />}
        {!begun && preview.data && preview.data.rows.length === 0 && <Empty text={words.notReadable} />}
        {!begun && preview.data && preview.data.rows.length > 0 && (
          <form className="stack" onSubmit={submit}>
            {mapped ? (
              <Mapping preview={preview.data} columns={columns} change={setColumns} problem={tried && !columns.text} />
            ) : (
              <ArchiveRows preview={preview.data} />
            )}
            <div className="field-grid">
              <SelectField
                label={words.into}
                value={account}
                onChange={(event) => setAccount(event.target.value)}
                options={[[NEW, words.newImportAccount], ...takers(accounts.data?.items ?? [])]}
              />
              {account === NEW && (
                <TextField
                  label={words.accountName}
                  value={name}
                  required
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </div>
            <ProblemNote problem={start.error} />
            <div className="row-actions">
              <button type="submit" className="primary" disabled={start.isPending}>
                {words.start}
              </button>
            </div>
          </form>
        )}
      </section>
      {imports.data && imports.data.items.length > 0 ? (
        <Imports items={imports.data.items} />
      ) : (
        <Empty text={words.noImports} />
      )}
    </div>
  );
}

const takers = (accounts: Account[]) =>
  accounts
    .filter((account) => account.network === "import" && account.state !== "removed")
    .map((account) => [account.id, account.name] as const);
