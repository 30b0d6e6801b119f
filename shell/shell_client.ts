/**
 * The way to core with the key of this machine.
 *
 * @module
 */

import { CoreClient } from "@skymap/lib/client";
import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import type { KeySettings } from "@skymap/lib/key";

/** What the key is found with. */
type Settings = KeySettings & { readonly coreUri: string };

const LIFE_SECONDS = 3600;

const SCRAPE_LIFE_SECONDS = 365 * 24 * 3600;

/** The key; that there is none means that no core has run here. */
async function findOwnKey(settings: Settings): Promise<string> {
  const { findKey } = await import("@skymap/lib/key");
  try {
    return await findKey(settings);
  } catch (cause) {
    if (!isSkymapError(cause, "token_missing")) throw cause;
    throw new SkymapError(
      "core_unreachable",
      `Cannot talk to core at ${settings.coreUri}: ${cause.message}; ` +
        `start one with "deno task start", or name its key with --psk-file`,
      { cause },
    );
  }
}

/** Makes a token; what signs is loaded when it is first needed. */
export async function shellToken(settings: Settings): Promise<string> {
  const { createToken } = await import("@skymap/lib/auth");
  return await createToken(await findOwnKey(settings), {
    subject: "skymap.shell",
    role: "operator",
    ttlSeconds: LIFE_SECONDS,
  });
}

/** A token for Prometheus: whoever finds it reads core's `/metrics` alone. */
export async function scrapeToken(settings: Settings): Promise<string> {
  const { createToken } = await import("@skymap/lib/auth");
  return await createToken(await findOwnKey(settings), {
    subject: "skymap.scraper",
    role: "scraper",
    ttlSeconds: SCRAPE_LIFE_SECONDS,
  });
}

/** Makes a client; nothing is read or sent until it is used. */
export function shellClient(settings: Settings): CoreClient {
  let token: { readonly text: Promise<string>; readonly until: number };
  const renew = () => {
    const text = shellToken(settings);
    token = { text, until: Date.now() + LIFE_SECONDS * 500 };
    // A key that comes later is found then.
    text.catch(() => token = { text, until: 0 });
    return text;
  };
  return new CoreClient({
    coreUri: settings.coreUri,
    token: () =>
      token === undefined || token.until < Date.now() ? renew() : token.text,
  });
}
