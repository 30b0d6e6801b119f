import type { ShippedCommand } from "../shipped_command.ts";
import { DESCRIBE_ELEMENTS } from "./describe_elements.ts";

/**
 * Posts to a webhook of Discord. Nobody is mentioned, whatever the names of
 * resources hold. Titles hold 256 characters, descriptions 4,096.
 */
export const DISCORD: ShippedCommand = {
  name: "discord",
  info: "Tells a channel of Discord what a search finds",
  description:
    `Sends one message with a title and a line for each of the first 25 elements,
and none if there are none.`,
  template: String.raw`head 26 | chunk 26
| jq '${DESCRIBE_ELEMENTS}
  told as $lines | {
    content: ({{message}} | .[0:2000]),
    username: ({{username}} | .[0:80]),
    allowed_mentions: {parse: []},
    embeds: [{
      title: ({{title}} | .[0:256]),
      description: ($lines | map("- " + .) | join("\n") | .[0:4096]),
      timestamp: "@UTC@"
    }]
  }'
| https POST {{webhook_url}}`,
  parameters: [
    { name: "title", description: "Title of the message" },
    {
      name: "webhook_url",
      description:
        "Address of the webhook, as Discord gives it; it is a secret",
    },
    {
      name: "message",
      description: "Text above the title",
      default: "",
    },
    {
      name: "username",
      description: "Name that the message is from",
      default: "Skymap",
    },
  ],
  allowed_in_source_position: false,
  examples: [
    {
      line:
        'search is(volume) and volume_status = available | discord --title "Unused volumes" --webhook-url https://discord.com/api/webhooks/1/x',
      says: "Tells a channel which volumes nobody uses",
    },
    {
      line:
        'search is(instance) and age > 1y | discord --username Inventory --title "Old instances" --webhook-url https://discord.com/api/webhooks/1/x',
      says: "Tells a channel which instances are old, under another name",
    },
  ],
};
