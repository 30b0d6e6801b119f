import {
  checkConfig,
  CONFIG_RULES,
  type ConfigRule,
  type JsonObject,
  textOf,
} from "@skymap/lib/plugin";
import { CONVERSATION_TYPES } from "./resources/conversation_type.ts";

/** Configuration of the plugin. */
export interface SlackConfig {
  /** Bot or user token. Default: `SLACK_TOKEN` of the environment. */
  readonly token?: string;
  /** Id of the workspace, for a token of a whole organisation. */
  readonly team?: string;
  /** Address of the API. */
  readonly endpoint: string;
  /** Types of conversations to list. */
  readonly conversation_types: readonly string[];
  /** Whether the members of each conversation are listed, one call each. */
  readonly conversation_members: boolean;
}

/** Where the token is when the configuration has none. */
export const TOKEN_VARIABLE = "SLACK_TOKEN";

const DEFAULT_ENDPOINT = "https://slack.com/api";

const RULES: Readonly<Record<keyof SlackConfig, ConfigRule>> = {
  token: CONFIG_RULES.token,
  team: {
    isRight: (value) => textOf(value) !== undefined,
    otherwise: "is no id of a workspace",
  },
  endpoint: CONFIG_RULES.httpUrl,
  conversation_types: {
    isRight: (value) => {
      const types = [value].flat();
      return types.length > 0 &&
        types.every((each) => CONVERSATION_TYPES.includes(String(each)));
    },
    otherwise: `holds others than ${CONVERSATION_TYPES.join(", ")}`,
  },
  conversation_members: CONFIG_RULES.boolean,
};

/** Reads the configuration; throws with every fault, and never with the token. */
export function readConfig(value: unknown): SlackConfig {
  const config = checkConfig(value, RULES);
  const { token, team, endpoint = DEFAULT_ENDPOINT } = config;
  return {
    ...(token !== undefined && { token: String(token) }),
    ...(team !== undefined && { team: String(team) }),
    endpoint: String(endpoint).replace(/\/+$/, ""),
    conversation_types: [config["conversation_types"] ?? CONVERSATION_TYPES]
      .flat().map(String),
    conversation_members: config["conversation_members"] === true,
  };
}

/** The configuration, for those who write it. */
export const CONFIG_SCHEMA: JsonObject = {
  type: "object",
  additionalProperties: false,
  properties: {
    token: {
      type: "string",
      description:
        `Bot or user token. Default: ${TOKEN_VARIABLE} of the worker`,
    },
    team: {
      type: "string",
      description: "Id of the workspace, for a token of an organisation",
    },
    endpoint: {
      type: "string",
      format: "uri",
      default: DEFAULT_ENDPOINT,
      description: "Address of the API, such as https://slack-gov.com/api",
    },
    conversation_types: {
      type: "array",
      items: { enum: CONVERSATION_TYPES },
      default: CONVERSATION_TYPES,
      description: "Types of conversations to list",
    },
    conversation_members: {
      type: "boolean",
      default: false,
      description: "Whether each conversation's members are listed",
    },
  },
};
