import type { JsonObject, KindDeclaration } from "@skymap/lib/plugin";

/** What a conversation may be, as Slack's parameters call it. */
export const CONVERSATION_TYPES: readonly string[] = [
  "public_channel",
  "private_channel",
  "mpim",
  "im",
];

/** The type of a conversation. */
export const CONVERSATION_TYPE_KIND: KindDeclaration = {
  name: "slack_conversation_type",
  enum: CONVERSATION_TYPES,
};

/** What a conversation is. */
export function conversationType(item: JsonObject): string {
  if (item["is_im"] === true) return "im";
  if (item["is_mpim"] === true) return "mpim";
  return item["is_private"] === true ? "private_channel" : "public_channel";
}
