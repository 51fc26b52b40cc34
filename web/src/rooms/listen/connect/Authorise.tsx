import { useState } from "react";
import type { NetworkShape } from "../../../api/connecting";
import { useChange, useRegistrations } from "../../../api/hooks";
import { connecting } from "../../../api/operations";
import { useMessages } from "../../../i18n";
import { Loaded, ProblemNote } from "../../../ui/Feedback";
import { Registrations } from "./Registrations";
import { returnAddress, webAddress } from "./returned";

/** Asking the owner of an account at the network: through which registration, and then the way there. */
export function Authorise({
  network,
  accountId = null,
  onBack,
}: {
  network: NetworkShape;
  /** The account that is authorised again; none to connect a new one. */
  accountId?: string | null;
  onBack?: () => void;
}) {
  const m = useMessages();
  const registrations = useRegistrations();
  const [picked, setPicked] = useState<string | null>(null);
  const begin = useChange(async (id: string) => {
    const { address, redirect } = await connecting.begin(id, accountId);
    if (redirect !== returnAddress(window.location.origin)) return m.connect.otherReturn(redirect);
    const there = webAddress(address);
    if (!there) return m.connect.noAddress;
    window.location.assign(there);
    return null;
  }, []);
  return (
    <Loaded query={registrations} rows={2}>
      {(page) => {
        const known = page.items.filter((one) => one.network === network.name);
        const chosen = known.find((one) => one.id === picked) ?? known[0] ?? null;
        const going = begin.isPending || begin.data === null;
        return (
          <div className="stack">
            <Registrations network={network} known={known} chosen={chosen} choose={setPicked} />
            <ProblemNote problem={begin.error} />
            {begin.data && (
              <p className="field-error" role="alert">
                {begin.data}
              </p>
            )}
            {chosen && <p className="small">{m.connect.askLead}</p>}
            <div className="row-actions">
              {chosen && (
                <button type="button" className="primary" disabled={going} onClick={() => begin.mutate(chosen.id)}>
                  {going ? m.connect.asking : m.connect.ask(network.title)}
                </button>
              )}
              {onBack && (
                <button type="button" onClick={onBack}>
                  {m.common.back}
                </button>
              )}
            </div>
          </div>
        );
      }}
    </Loaded>
  );
}
