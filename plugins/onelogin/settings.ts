import {
  checkConfig,
  CONFIG_RULES,
  type ConfigRule,
  type JsonObject,
} from "@skymap/lib/plugin";

/** Configuration of the plugin. */
export interface OneloginConfig {
  /** Address of the account: `https://example.onelogin.com`. */
  readonly endpoint?: string;
  /** Client id. Default: `ONELOGIN_CLIENT_ID` of the environment. */
  readonly client_id?: string;
  /** Its secret. Default: `ONELOGIN_CLIENT_SECRET` of the environment. */
  readonly client_secret?: string;
  /** Whether the users of each app are listed, one call each. */
  readonly app_users: boolean;
}

/** Where the client id is when the configuration has none. */
export const ID_VARIABLE = "ONELOGIN_CLIENT_ID";
/** Where its secret is when the configuration has none. */
export const SECRET_VARIABLE = "ONELOGIN_CLIENT_SECRET";

const RULES: Readonly<Record<keyof OneloginConfig, ConfigRule>> = {
  endpoint: CONFIG_RULES.httpUrl,
  client_id: CONFIG_RULES.text,
  client_secret: CONFIG_RULES.text,
  app_users: CONFIG_RULES.boolean,
};

/** Reads the configuration; throws with every fault, and never with a secret. */
export function readConfig(value: unknown): OneloginConfig {
  const config = checkConfig(value, RULES);
  const { endpoint, client_id, client_secret } = config;
  return {
    ...(endpoint !== undefined && {
      endpoint: String(endpoint).replace(/\/+$/, ""),
    }),
    ...(client_id !== undefined && { client_id: String(client_id) }),
    ...(client_secret !== undefined && {
      client_secret: String(client_secret),
    }),
    app_users: config["app_users"] !== false,
  };
}

/** Address of the account; throws when none is configured. */
export function endpointOf({ endpoint }: OneloginConfig): string {
  if (endpoint !== undefined) return endpoint;
  throw new Error(
    'Cannot find OneLogin: there is no "endpoint", such as https://example.onelogin.com',
  );
}

/** The configuration, for those who write it. */
export const CONFIG_SCHEMA: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["endpoint"],
  properties: {
    endpoint: {
      type: "string",
      format: "uri",
      description: "Address of the account: https://example.onelogin.com",
    },
    client_id: {
      type: "string",
      description: `Client id. Default: ${ID_VARIABLE} of the worker`,
    },
    client_secret: {
      type: "string",
      description: `Its secret. Default: ${SECRET_VARIABLE} of the worker`,
    },
    app_users: {
      type: "boolean",
      default: true,
      description: "Whether the users of each app are listed, one call each",
    },
  },
};
