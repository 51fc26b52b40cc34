import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { keys, useMay } from "../../api/hooks";
import { door } from "../../api/operations";
import type { Moderation as Action, Conversation, Message } from "../../api/types";
import { type Messages, useMessages } from "../../i18n";
import { Icon } from "../../ui/Icon";
import { Delivery } from "./Delivery";
import { ModerateDialog } from "./ModerateDialog";
import "../../styles/moderation.css";

/** Which permission an action needs. */
const NEEDS: Record<Action, string> = {
  approve: "show_message",
  show: "show_message",
  hide: "hide_message",
  remove: "hide_message",
  spam: "hide_message",
};

/** Where a message stands at its network, in words; empty where everybody can read it. */
export function standingOf({ moderation: { standing, by_us } }: Message, m: Messages): string {
  return (by_us ? m.moderation.byUs[standing] : m.moderation.standings[standing]) ?? "";
}

/** What its network lets this person do about a message; what shows a held one is the first thing to do. */
export function Moderation({ message, conversation }: { message: Message; conversation: Conversation }) {
  const m = useMessages();
  const may = useMay();
  const [action, setAction] = useState<Action | null>(null);
  const network = m.answer.networks[conversation.network] ?? conversation.network;
  const can = message.moderation.can.filter((one) => may(NEEDS[one]));
  const first = can.find((one) => one === "approve");
  const rest = can.filter((one) => one !== first);
  return (
    <>
      <Asked message={message} conversation={conversation} network={network} />
      {first && (
        <button type="button" className="primary" onClick={() => setAction(first)}>
          <Icon name="check" />
          {m.moderation.actions[first]}
        </button>
      )}
      {rest.length > 0 && (
        <MenuTrigger>
          <Button className="quiet" aria-label={m.moderation.menuOf(message.author.display_name)}>
            <Icon name="shield" />
            {m.moderation.menu}
          </Button>
          <Popover className="popover is-menu" placement="bottom start">
            <Menu className="menu" onAction={(key) => setAction(key as Action)}>
              {rest.map((one) => (
                <MenuItem key={one} id={one} className="menu-item">
                  {m.moderation.actions[one]}
                </MenuItem>
              ))}
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
      {action && (
        <ModerateDialog
          action={action}
          message={message}
          conversation={conversation.id}
          network={network}
          onClose={() => setAction(null)}
        />
      )}
    </>
  );
}

/** What was asked for and did not take effect yet, or could not. */
function Asked({ message, conversation, network }: { message: Message; conversation: Conversation; network: string }) {
  const m = useMessages();
  const may = useMay();
  const { open } = message.moderation;
  const item = useQuery({
    queryKey: [...keys.conversation(conversation.id), "outbox", open?.outbox_id],
    queryFn: () => door.outboxItem(open?.outbox_id ?? ""),
    enabled: open !== null && may("read_outbox"),
  });
  if (!open) return null;
  return (
    <Delivery
      said={`${m.moderation.doing[open.kind] ?? ""}: ${m.moderation.states[open.state]}`}
      place={network}
      item={item.data ?? null}
      state={open.state}
      at={message.published_at}
      permalink={null}
      stale={keys.conversation(conversation.id)}
    />
  );
}
