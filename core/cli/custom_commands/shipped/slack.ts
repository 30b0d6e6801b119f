import type { ShippedCommand } from "../shipped_command.ts";
import { DESCRIBE_ELEMENTS } from "./describe_elements.ts";

/**
 * Posts to an incoming webhook of Slack. In its texts `&`, `<` and `>` are signs
 * of links and mentions, so they are escaped; a section holds 3,000 characters,
 * a header 150.
 */
export const SLACK: ShippedCommand = {
  name: "slack",
  info: "Tells a channel of Slack what a search finds",
  description:
    `Sends one message with a title and a line for each of the first 25 elements,
and none if there are none.`,
  template: String.raw`head 26 | chunk 26
| jq '${DESCRIBE_ELEMENTS}
  def plain: gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;");
  def section: {type: "section", text: {type: "mrkdwn", text: .[0:3000]}};
  told as $lines | {
    text: ({{title}} | plain),
    blocks: (
      [{type: "header", text: {type: "plain_text", text: ({{title}} | .[0:150])}}]
      + (if {{message}} == "" then [] else [{{message}} | plain | section] end)
      + [$lines | map("• " + plain) | join("\n") | section]
    )
  }'
| https POST {{webhook_url}}`,
  parameters: [
    { name: "title", description: "First line of the message" },
    {
      name: "webhook_url",
      description:
        "Address of the incoming webhook, as Slack gives it; it is a secret",
    },
    {
      name: "message",
      description: "Text between the title and the elements",
      default: "",
    },
  ],
  allowed_in_source_position: false,
  examples: [
    {
      line:
        'search is(volume) and volume_status = available | slack --title "Unused volumes" --webhook-url https://hooks.slack.com/services/T0/B0/x',
      says: "Tells a channel which volumes nobody uses",
    },
    {
      line:
        'search is(instance) and age > 1y | slack title="Old instances" message="Please look at these" webhook_url=https://hooks.slack.com/services/T0/B0/x',
      says: "Tells a channel which instances are old, with a text before them",
    },
  ],
};
