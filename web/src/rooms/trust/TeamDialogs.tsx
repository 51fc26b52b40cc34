import { type FormEvent, useState } from "react";
import { Problem } from "../../api/client";
import { keys, useChange } from "../../api/hooks";
import { trust } from "../../api/operations";
import { ROLES, type Role, type User } from "../../api/types";
import { useMessages } from "../../i18n";
import { announce } from "../../ui/announce";
import { Dialog } from "../../ui/Dialog";
import { ProblemNote } from "../../ui/Feedback";
import { CheckField, TextField } from "../../ui/Field";

/** The name of a role in the reader's language. */
export function useRoleName(): (role: string) => string {
  const names: Record<string, string> = useMessages().trust.roleNames;
  return (role) => names[role] ?? role.replaceAll("_", " ");
}

function RoleChoice({
  chosen,
  change,
  missing,
}: {
  chosen: Role[];
  change: (roles: Role[]) => void;
  missing: boolean;
}) {
  const m = useMessages();
  const roleName = useRoleName();
  return (
    <fieldset className="pick-list">
      <legend>{m.trust.roles}</legend>
      <div className="check-grid">
        {ROLES.map((role) => (
          <CheckField
            key={role}
            label={roleName(role)}
            checked={chosen.includes(role)}
            onChange={(event) =>
              change(event.target.checked ? [...chosen, role] : chosen.filter((other) => other !== role))
            }
          />
        ))}
      </div>
      {missing && (
        <p className="field-error" role="alert">
          {m.trust.noRole}
        </p>
      )}
    </fieldset>
  );
}

const BLANK = { name: "", email: "", password: "" };

export function AddPerson({ onClose }: { onClose: () => void }) {
  const m = useMessages();
  const [form, setForm] = useState(BLANK);
  const [roles, setRoles] = useState<Role[]>(["responder"]);
  const [tried, setTried] = useState(false);
  const add = useChange(trust.addUser, [keys.users, keys.audit]);
  const said = (name: string) => (add.error instanceof Problem ? add.error.field(name) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (roles.length === 0) return;
    add.mutate(
      { ...form, roles },
      {
        onSuccess: (user) => {
          announce(m.trust.added(user.name));
          onClose();
        },
      },
    );
  };
  const field = (name: keyof typeof BLANK) => ({
    value: form[name],
    required: true,
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
    error: said(name),
  });
  return (
    <Dialog title={m.trust.addPerson} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <TextField label={m.trust.name} autoComplete="off" {...field("name")} />
        <TextField label={m.trust.email} type="email" autoComplete="off" {...field("email")} />
        <TextField
          label={m.trust.password}
          help={m.trust.passwordHelp}
          type="password"
          autoComplete="new-password"
          minLength={12}
          {...field("password")}
        />
        <RoleChoice chosen={roles} change={setRoles} missing={tried && roles.length === 0} />
        <ProblemNote problem={add.error} />
        <div className="row-actions">
          <button type="submit" className="primary" disabled={add.isPending}>
            {m.trust.addPerson}
          </button>
          <button type="button" onClick={onClose}>
            {m.common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function ChangeRoles({ user, onClose }: { user: User; onClose: () => void }) {
  const m = useMessages();
  const [roles, setRoles] = useState<Role[]>(user.roles);
  const [tried, setTried] = useState(false);
  const change = useChange(
    (next: Role[]) => trust.changeUser(user.id, { roles: next }),
    [keys.users, keys.audit, keys.me],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (roles.length === 0) return;
    change.mutate(roles, {
      onSuccess: () => {
        announce(m.trust.changed);
        onClose();
      },
    });
  };
  return (
    <Dialog title={m.trust.rolesOf(user.name)} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <RoleChoice chosen={roles} change={setRoles} missing={tried && roles.length === 0} />
        <ProblemNote problem={change.error} />
        <div className="row-actions">
          <button type="submit" className="primary" disabled={change.isPending}>
            {m.common.save}
          </button>
          <button type="button" onClick={onClose}>
            {m.common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
