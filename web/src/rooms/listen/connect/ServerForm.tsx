import { type FormEvent, useState } from "react";
import { Problem } from "../../../api/client";
import type { NetworkShape } from "../../../api/connecting";
import { useMessages } from "../../../i18n";
import { TextField } from "../../../ui/Field";
import { serverAddress } from "./servers";

/** Asks for the server of an account, and nothing else: Bedside registers itself there. */
export function ServerForm({
  network,
  going,
  problem,
  onServer,
  onBack,
}: {
  network: NetworkShape;
  going: boolean;
  problem: unknown;
  onServer: (address: string) => void;
  onBack?: () => void;
}) {
  const m = useMessages();
  const words = m.connect.server;
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const address = serverAddress(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (address) onServer(address);
  };
  const said = problem instanceof Problem ? problem.field("base_url") : undefined;
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p className="small">{words.lead}</p>
      <TextField
        label={words.label}
        help={words.help}
        value={text}
        required
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        error={tried && !address ? words.needs : said}
      />
      <p className="small">{m.connect.askLead}</p>
      <div className="row-actions">
        <button type="submit" className="primary" disabled={going}>
          {going ? m.connect.asking : m.connect.ask(network.title)}
        </button>
        {onBack && (
          <button type="button" onClick={onBack}>
            {m.common.back}
          </button>
        )}
      </div>
    </form>
  );
}
