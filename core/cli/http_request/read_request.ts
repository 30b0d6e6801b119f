/**
 * Words of `http` to the request that each element becomes.
 *
 * @module
 */

import { isSecretName } from "@skymap/lib/plugin_host";
import { nearestNames } from "../../model/nearest_names.ts";
import { suggestionText } from "../../query/syntax_error.ts";
import type { RequestPlan } from "./request_plan.ts";

/** What was given in the line. */
export interface RequestWords {
  /** `[METHOD] url [Header:value]… [name==value]…` */
  readonly words: readonly string[];
  /** Scheme of an address without one. */
  readonly scheme: "http" | "https";
  /** User and password, as `user:password`. */
  readonly auth?: string | undefined;
  /** A token. */
  readonly bearer?: string | undefined;
  /** Whether the element is not sent. */
  readonly isBare: boolean;
  /** Whether the body is sent as gzip. */
  readonly isCompressed: boolean;
  /** How the request tells who it is from. */
  readonly userAgent: string;
  /**
   * Makes the error of a word, by its number, or of an option. Default: 0, the
   * first word.
   */
  readonly fault: (
    message: string,
    at?: number | "--auth" | "--bearer",
  ) => Error;
}

/** Methods of HTTP. */
const METHODS: readonly string[] = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
];

/** Methods whose requests have no body. */
const BARE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Headers that the connection itself needs as they are. */
const OWN_HEADERS =
  /^(?:connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/;

const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^]*)$/;
const QUERY = /^([^:=]+)==([^]*)$/;
/** What a value of a header may hold: no line end, no other control character. */
// deno-lint-ignore no-control-regex -- those are what it is about
const HEADER_VALUE = /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/;

/** A header or parameter, as it was given. */
type Pair = readonly [name: string, value: string];

/**
 * Reads what was given in the line.
 *
 * @throws What `fault` makes, for a word that is nothing of all that.
 */
export function readRequest(given: RequestWords): RequestPlan {
  const { words, isBare, isCompressed, fault } = given;
  const [first = "", ...rest] = words;
  const hasMethod = METHODS.includes(first.toUpperCase());
  if (!hasMethod && /^[A-Z]{3,}$/.test(first) && rest.length > 0) {
    throw fault(
      `"${first}" is no method, wanted ${METHODS.join(", ")}` +
        suggestionText(nearestNames(first, METHODS)),
    );
  }
  const [address, ...items] = hasMethod ? rest : words;
  if (address === undefined) {
    throw fault(`no address follows ${first}, wanted ${first} URL`);
  }
  const addressAt = words.length - items.length - 1;
  const { headers, query } = readItems(
    items,
    (message, at) => fault(message, addressAt + 1 + at),
  );
  const { url, userinfo } = readAddress(
    address,
    given,
    (message) => fault(message, addressAt),
  );
  for (const [name, value] of query) url.searchParams.append(name, value);
  const method = hasMethod ? first.toUpperCase() : "POST";
  const hasBody = !isBare && !BARE_METHODS.has(method);
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const headerAt = (name: string) =>
    addressAt + 1 +
    items.findIndex((item) => item.toLowerCase().startsWith(`${name}:`));
  const authorization = readAuthorization(given, userinfo);
  if (authorization !== undefined && names.has("authorization")) {
    throw fault(
      "there are two authorizations, wanted one",
      headerAt("authorization"),
    );
  }
  if (isCompressed && names.has("content-encoding")) {
    throw fault(
      "--compress says how the content is encoded, wanted one of both",
      headerAt("content-encoding"),
    );
  }
  const own: readonly Pair[] = [
    ["accept", "*/*"],
    ["user-agent", given.userAgent],
    ...(hasBody ? [["content-type", "application/json"]] as const : []),
    ...(authorization === undefined
      ? []
      : [["authorization", authorization.header]] as const),
  ];
  return {
    method,
    url,
    headers: [...own.filter(([name]) => !names.has(name)), ...headers],
    hasBody,
    isCompressed: hasBody && isCompressed,
    secrets: [
      ...authorization?.secrets ?? [],
      ...headers.filter(([name]) => isSecretName(name))
        .flatMap(([, value]) => [value, ...value.split(/\s+/)]),
    ],
  };
}

function readItems(
  items: readonly string[],
  fault: (message: string, at: number) => Error,
): { readonly headers: readonly Pair[]; readonly query: readonly Pair[] } {
  const headers: Pair[] = [];
  const query: Pair[] = [];
  for (const [at, item] of items.entries()) {
    const [, name, value = ""] = QUERY.exec(item) ?? [];
    if (name !== undefined) {
      query.push([name, value]);
      continue;
    }
    const [, header, text = ""] = HEADER.exec(item) ?? [];
    if (header === undefined) {
      // Not shown: it may be a secret that lost its name.
      throw fault(
        "it is neither Header:value nor name==value",
        at,
      );
    }
    if (OWN_HEADERS.test(header.toLowerCase())) {
      throw fault(
        `the header "${header}" follows from the address and the body`,
        at,
      );
    }
    if (!HEADER_VALUE.test(text)) {
      throw fault(
        `the value of "${header}" holds a line end or another control character`,
        at,
      );
    }
    headers.push([header, text.trim()]);
  }
  return { headers, query };
}

function readAddress(
  text: string,
  { scheme }: RequestWords,
  fault: RequestWords["fault"],
): { readonly url: URL; readonly userinfo?: string } {
  const [, given] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (given !== undefined && !/^https?$/i.test(given)) {
    throw fault(`the address begins with "${given}://", wanted http or https`);
  }
  const whole = given !== undefined
    ? text
    : text.startsWith(":")
    ? `${scheme}://localhost${text}`
    : `${scheme}://${text}`;
  // ":/x" has no port.
  const address = whole.replace(/^(https?:\/\/localhost):(?=\/|\?|$)/, "$1");
  if (!URL.canParse(address)) {
    throw fault(
      "the address cannot be read, wanted one such as https://host/path or :8080/path",
    );
  }
  const url = new URL(address);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.hash = "";
  return {
    url,
    ...(`${username}${password}` !== "" && {
      userinfo: `${decodeURIComponent(username)}:${
        decodeURIComponent(password)
      }`,
    }),
  };
}

/** The header of a user or a token, and what must not be shown of it. */
function readAuthorization(
  { auth, bearer, fault }: RequestWords,
  userinfo: string | undefined,
):
  | { readonly header: string; readonly secrets: readonly string[] }
  | undefined {
  const given = [auth, bearer, userinfo].filter((each) => each !== undefined);
  if (given.length > 1) {
    throw fault(
      "there are two authorizations, wanted one",
      bearer === undefined ? "--auth" : "--bearer",
    );
  }
  if (bearer !== undefined) {
    if (!/^[!-~]+$/.test(bearer)) {
      throw fault(
        "the token is empty or holds what is no plain character, wanted one without blanks",
        "--bearer",
      );
    }
    return { header: `Bearer ${bearer}`, secrets: [bearer] };
  }
  const [pair] = given;
  if (pair === undefined) return;
  const colon = pair.indexOf(":");
  if (colon === -1) {
    throw fault("--auth has no colon, wanted user:password", "--auth");
  }
  const base64 = new TextEncoder().encode(pair).toBase64();
  return {
    header: `Basic ${base64}`,
    secrets: [base64, pair, pair.slice(colon + 1)],
  };
}
