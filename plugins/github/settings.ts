import {
  checkConfig,
  CONFIG_RULES,
  type ConfigRule,
  type JsonObject,
  textOf,
} from "@skymap/lib/plugin";

/** Configuration of the plugin. */
export interface GithubConfig {
  /** Token of any type. Default: `GITHUB_TOKEN` of the environment. */
  readonly token?: string;
  /** Logins of the organisations. Default: those that the token's user is in. */
  readonly org: readonly string[];
  /** Address of the API; of an Enterprise Server `https://HOST/api/v3`. */
  readonly endpoint: string;
  /** Which repositories are listed. */
  readonly visibility: "all" | "public";
  /** Whether members and repositories of each team are listed, two calls each. */
  readonly team_details: boolean;
}

/** Where the token is when the configuration has none. */
export const TOKEN_VARIABLE = "GITHUB_TOKEN";

const DEFAULT_ENDPOINT = "https://api.github.com";

const RULES: Readonly<Record<keyof GithubConfig, ConfigRule>> = {
  token: CONFIG_RULES.token,
  org: {
    isRight: (value) =>
      [value].flat().every((each) =>
        /^[A-Za-z0-9_-]+$/.test(textOf(each) ?? "")
      ),
    otherwise: "holds what is no login of an organisation",
  },
  endpoint: CONFIG_RULES.httpUrl,
  visibility: {
    isRight: (value) => value === "all" || value === "public",
    otherwise: "is neither all nor public",
  },
  team_details: CONFIG_RULES.boolean,
};

/** Reads the configuration; throws with every fault, and never with the token. */
export function readConfig(value: unknown): GithubConfig {
  const config = checkConfig(value, RULES);
  const { token, org = [], endpoint = DEFAULT_ENDPOINT } = config;
  return {
    ...(token !== undefined && { token: String(token) }),
    org: [...new Set([org].flat().map(String))],
    endpoint: String(endpoint).replace(/\/+$/, ""),
    visibility: config["visibility"] === "public" ? "public" : "all",
    team_details: config["team_details"] !== false,
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
        `Token of any type. Default: ${TOKEN_VARIABLE} of the worker`,
    },
    org: {
      type: "array",
      items: { type: "string" },
      default: [],
      description:
        "Logins of the organisations. Default: those that the token's user is in",
    },
    endpoint: {
      type: "string",
      format: "uri",
      default: DEFAULT_ENDPOINT,
      description: "Address of the API; of a server https://HOST/api/v3",
    },
    visibility: {
      enum: ["all", "public"],
      default: "all",
      description: "Which repositories are listed",
    },
    team_details: {
      type: "boolean",
      default: true,
      description:
        "Whether members and repositories of each team are listed, two calls each",
    },
  },
};
