import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keys, useChange, useMay, useMe, useUsers } from "../../api/hooks";
import { trust } from "../../api/operations";
import type { User } from "../../api/types";
import { useTitle } from "../../frame/useTitle";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { Loaded, ProblemNote } from "../../ui/Feedback";
import { Icon } from "../../ui/Icon";
import { State } from "../listen/parts";
import { RoleTable } from "./RoleTable";
import { AddPerson, ChangeRoles, useRoleName } from "./TeamDialogs";
import "../listen/listen.css";
import "./trust.css";

/** Who works here, and which role may do what. */
export function TeamPage() {
  const m = useMessages();
  const may = useMay();
  const mayChange = may("manage_users");
  const users = useUsers(mayChange);
  const roles = useQuery({ queryKey: ["roles"], queryFn: trust.roles, staleTime: 3_600_000 });
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<User | null>(null);
  useTitle(m.trust.team);
  return (
    <div className="trust-page">
      <header className="page-top">
        <div>
          <h1>{m.trust.team}</h1>
          <p>{m.trust.teamLead}</p>
        </div>
        {mayChange && (
          <button type="button" className="primary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {m.trust.addPerson}
          </button>
        )}
      </header>
      {mayChange ? (
        <section className="section-card" aria-label={m.trust.team}>
          <Loaded query={users} rows={3}>
            {(page) => (
              <ul className="plain-list lined">
                {page.items.map((user) => (
                  <Member key={user.id} user={user} onChange={() => setChanging(user)} />
                ))}
              </ul>
            )}
          </Loaded>
        </section>
      ) : (
        <p className="small">{m.trust.onlyAdmin}</p>
      )}
      <section className="section-card" aria-labelledby="matrix">
        <h2 id="matrix">{m.trust.matrix}</h2>
        <Loaded query={roles} rows={6}>
          {(matrix) => <RoleTable matrix={matrix} />}
        </Loaded>
      </section>
      {adding && <AddPerson onClose={() => setAdding(false)} />}
      {changing && <ChangeRoles user={changing} onClose={() => setChanging(null)} />}
    </div>
  );
}

function Member({ user, onChange }: { user: User; onChange: () => void }) {
  const m = useMessages();
  const me = useMe();
  const roleName = useRoleName();
  const change = useChange((active: boolean) => trust.changeUser(user.id, { active }), [keys.users, keys.audit]);
  const mine = me.data?.user.id === user.id;
  return (
    <li className="stack">
      <div className="member">
        <div>
          <strong>{user.name}</strong>
          {mine && <span className="small"> ({m.trust.you})</span>}
          <p className="small">{user.email}</p>
        </div>
        <ul className="tags" aria-label={m.trust.roles}>
          {user.roles.map((role) => (
            <li key={role}>{roleName(role)}</li>
          ))}
        </ul>
        <div className="row-actions">
          <State tone={user.active ? "ok" : "neutral"} text={user.active ? m.trust.active : m.trust.inactive} />
          <button type="button" onClick={onChange}>
            {m.trust.changeRoles}
            <span className="visually-hidden"> {user.name}</span>
          </button>
          {!mine && (
            <button
              type="button"
              className="quiet"
              disabled={change.isPending}
              onClick={() => change.mutate(!user.active, { onSuccess: () => announce(m.trust.changed) })}
            >
              {user.active ? m.trust.deactivate : m.trust.activate}
              <span className="visually-hidden"> {user.name}</span>
            </button>
          )}
        </div>
      </div>
      <ProblemNote problem={change.error} />
    </li>
  );
}
