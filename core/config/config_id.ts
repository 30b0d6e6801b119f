import { SkymapError } from "@skymap/lib/errors";

const ID = /^[A-Za-z0-9_.-]{1,100}$/;

/** Whether a text can be the id of a document. */
export function isConfigId(text: string): boolean {
  return ID.test(text) && !/^\.+$/.test(text);
}

/**
 * Refuses what cannot be the id of a document.
 *
 * @throws {SkymapError} `config_invalid`.
 */
export function checkConfigId(id: string): void {
  if (isConfigId(id)) return;
  throw new SkymapError(
    "config_invalid",
    `Cannot use "${id.slice(0, 100)}" as the id of a configuration: wanted ` +
      "up to 100 letters, digits, _, - and .",
  );
}
