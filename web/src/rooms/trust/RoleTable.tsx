import type { RoleMatrix } from "../../api/types";
import { useMessages } from "../../i18n";
import { Icon } from "../../ui/Icon";
import { useRoleName } from "./TeamDialogs";

/** Which role may do what; a row for each action. */
export function RoleTable({ matrix }: { matrix: RoleMatrix }) {
  const m = useMessages();
  const roleName = useRoleName();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className="table-wrap" tabIndex={0} aria-label={m.trust.matrix}>
      <table className="grid-table matrix">
        <thead>
          <tr>
            <th scope="col">{m.trust.action}</th>
            {matrix.roles.map((role) => (
              <th key={role} scope="col">
                {roleName(role)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.actions.map((row) => (
            <tr key={row.action}>
              <th scope="row">{row.title}</th>
              {matrix.roles.map((role) => (
                <td key={role}>
                  {row.allowed.includes(role) ? (
                    <>
                      <Icon name="check" />
                      <span className="visually-hidden">{m.trust.may}</span>
                    </>
                  ) : (
                    <>
                      <span className="dot" aria-hidden="true">
                        ·
                      </span>
                      <span className="visually-hidden">{m.trust.mayNot}</span>
                    </>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
