import { dictionary, type Property } from "../../property.ts";

/** What stands for a text that is sent as it is. */
const STATIC = "'…'";

/**
 * What of a request is sent on as what. A text in quotes is sent as it is: it may
 * be a key of the one it is sent to, and is left out.
 */
export function requestMapping(path: string): Property {
  const plain = dictionary(path);
  return {
    ...plain,
    convert(value) {
      const texts = plain.convert(value);
      if (texts === undefined) return;
      return Object.fromEntries(
        Object.entries(texts as Readonly<Record<string, string>>)
          .map(([name, text]) => [name, text.startsWith("'") ? STATIC : text]),
      );
    },
  };
}
