import { isSecretName } from "@skymap/lib/config";

/** Names of secrets that are such in command lines alone. */
const SECRET_WORD = /^-*auth$|bearer|webhook|routing[-_]?key/i;

/** A value: quoted or not, or pieces of both; a quote may lack its end. */
const VALUE = String
  .raw`(?:"(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?|[^\s|;"'])+`;
const OPTION = new RegExp(`(--[\\w-]+)(\\s+|=)(${VALUE})`, "g");
const NAMED = new RegExp(`(?<![\\w-])([\\w-]+)(==?|:(?!//))(${VALUE})`, "g");
/** User and password of an address. */
const USERINFO = /(:\/\/)([^\s/@"']+)(?=@)/g;
/** Path and query of an address: those of webhooks are their passwords. */
const PATH = /(https?:\/\/[^\s/?"'|;]+[/?])([^\s"'|;]+)/gi;

/** All that follows the command `http` in a line. */
const HTTP =
  /((?:^|[|;])\s*https?\s+)((?:"(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?|[^|;"'])*)/g;
const HTTP_QUERY = new RegExp(`(==)(${VALUE})`, "g");
const HTTP_HEADER = new RegExp(
  `((?<=\\s)[A-Za-z][\\w-]*:)(?!//|\\d)(${VALUE})`,
  "g",
);
const HTTP_PATH = /((?<![:/])\/(?!\/)|\?)([^\s"']+)/g;

function stars(text: string): string {
  return "*".repeat(text.length);
}

function hide(text: string, pattern: RegExp): string {
  return text.replace(
    pattern,
    (_, lead: string, value: string) => lead + stars(value),
  );
}

function hideNamed(text: string, pattern: RegExp): string {
  return text.replace(
    pattern,
    (all: string, name: string, sign: string, value: string) =>
      isSecretName(name) || SECRET_WORD.test(name)
        ? name + sign + stars(value)
        : all,
  );
}

/**
 * A line whose secrets are stars, so that an error can show it: values whose
 * names say that they are secrets, and what an address holds beside its host. It
 * is as long as before.
 */
export function maskSecrets(line: string): string {
  const named = hideNamed(hideNamed(line, OPTION), NAMED);
  return hide(hide(named, USERINFO), PATH).replace(
    HTTP,
    (_, command: string, words: string) =>
      command +
      hide(hide(hide(words, HTTP_QUERY), HTTP_HEADER), HTTP_PATH),
  );
}
