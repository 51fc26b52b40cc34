import { useState } from "react";
import type { NetworkShape } from "../../../api/connecting";
import { keys, useChange, useRegistrations } from "../../../api/hooks";
import { connecting } from "../../../api/operations";
import { useMessages } from "../../../i18n";
import { Loaded, ProblemNote } from "../../../ui/Feedback";
import { Registrations } from "./Registrations";
import { returnAddress, webAddress } from "./returned";
import { ServerForm } from "./ServerForm";
import { registrationAt } from "./servers";

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
  const register = useChange(
    (server: string) =>
      connecting.addRegistration({ network: network.name, name: new URL(server).host, base_url: server }),
    [keys.registrations, keys.audit],
  );
  return (
    <Loaded query={registrations} rows={2}>
      {(page) => {
        const known = page.items.filter((one) => one.network === network.name);
        if (network.registers_by_itself && !(accountId && known.length > 0)) {
          const there = (server: string) => {
            const kept = registrationAt(server, known);
            if (kept) begin.mutate(kept.id);
            else register.mutate(server, { onSuccess: (made) => begin.mutate(made.id) });
          };
          return (
            <div className="stack">
              <ServerForm
                network={network}
                going={register.isPending || begin.isPending || begin.data === null}
                problem={register.error}
                onServer={there}
                onBack={onBack}
              />
              <ProblemNote problem={register.error ?? begin.error} />
              {begin.data && (
                <p className="field-error" role="alert">
                  {begin.data}
                </p>
              )}
            </div>
          );
        }
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
