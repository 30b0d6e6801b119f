/**
 * What requests are made of elements, and what must not be told of them.
 *
 * @module
 */

import { REDACTED } from "@skymap/lib/plugin_host";
import type { RequestMessage } from "./request_messages.ts";

/** The request that each element becomes. */
export interface RequestPlan {
  /** Such as `POST`. */
  readonly method: string;
  /** An absolute address with its query. */
  readonly url: URL;
  /** Headers, those of ours included. */
  readonly headers: RequestMessage["headers"];
  /** Whether the element is the body. */
  readonly hasBody: boolean;
  /** Whether the body is sent as gzip. */
  readonly isCompressed: boolean;
  /** Texts that are never shown. */
  readonly secrets: readonly string[];
}

/** Shorter texts cannot be told from any other word. */
const MIN_SECRET_CHARS = 4;

/**
 * Where requests go, for people: paths and queries are left out, as those of
 * webhooks are their passwords.
 */
export function shownTarget({ url }: RequestPlan): string {
  return url.origin;
}

/** Takes everything secret of a request out of a text, such as its answer. */
export function withoutSecrets(plan: RequestPlan, text: string): string {
  const { url, secrets } = plan;
  const hidden = [
    `${url.pathname}${url.search}`,
    ...url.pathname.split("/").filter((part) => part.length >= 8),
    ...url.searchParams.values(),
    ...secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]),
  ].filter((secret) => secret.length >= MIN_SECRET_CHARS)
    .sort((one, two) => two.length - one.length);
  return hidden.reduce(
    (clean, secret) => clean.replaceAll(secret, REDACTED),
    text,
  );
}
