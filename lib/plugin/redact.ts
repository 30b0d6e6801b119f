/** What stands in the place of a secret. */
export const REDACTED = "REDACTED";

const SECRET =
  /token|secret|passw|pwd|api[-_]?key|access[-_]?key|private[-_]?key|authorization|signature|credential|session|cookie|assertion/i;

/** What names a page of a listing, and no secret: a replay needs it. */
const PAGE =
  /^(next|page|next[-_]?page|continuation|pagination|sync|starting)[-_]?token$/i;

/** Whether a header, parameter or property of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name) && !PAGE.test(name);
}

/** Last words of the names of what stands in credentials and is no secret. */
const PUBLIC: ReadonlySet<string> = new Set(
  ("account arn at domain email endpoint host id login name org organization " +
    "profile project region role tenant type uri url user username version zone")
    .split(" "),
);

function isPublicName(name: string): boolean {
  const words = name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
  return PUBLIC.has(words.split(/[_-]/).at(-1) ?? "");
}

/** Texts that are too short to be told from any other word are no secrets. */
const MIN_SECRET_CHARS = 8;

/** Takes secrets out of requests and answers, by name and wherever they recur. */
export class Redactor {
  readonly #values = new Set<string>();

  /** Remembers a secret, and gives what stands in its place. */
  #take(value: string): string {
    if (value.length >= MIN_SECRET_CHARS) this.#values.add(value);
    // "Bearer x": also where x stands alone.
    const bare = /^\w+ (\S+)$/.exec(value)?.[1] ?? "";
    if (bare.length >= MIN_SECRET_CHARS) this.#values.add(bare);
    return REDACTED;
  }

  /** Remembers the secrets of a value, by the names that they stand under. */
  learn(value: unknown): void {
    this.#json(value, "");
  }

  /** Remembers every text of credentials but for those whose names are public. */
  learnCredentials(value: unknown, name = ""): void {
    if (typeof value === "string") {
      if (isSecretName(name) || !isPublicName(name)) this.#take(value);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        this.learnCredentials(each, Array.isArray(value) ? name : key);
      }
    }
  }

  /** A text, plain or JSON, without the secrets that were seen. */
  text(text: string): string {
    let clean = text;
    for (const value of this.#values) {
      const escaped = JSON.stringify(value).slice(1, -1);
      for (const form of [value, escaped, encodeURIComponent(value)]) {
        clean = clean.replaceAll(form, REDACTED);
      }
    }
    return clean;
  }

  /** A URL without user, password and secret parameters. */
  url(address: string): string {
    const url = new URL(address);
    if (url.password !== "") this.#take(decodeURIComponent(url.password));
    url.username = "";
    url.password = "";
    for (const [name, value] of [...url.searchParams]) {
      if (isSecretName(name)) url.searchParams.set(name, this.#take(value));
    }
    return this.text(url.href);
  }

  /** Headers without the values of secret ones, in order. */
  headers(headers: Headers): Record<string, string> {
    return Object.fromEntries(
      [...headers].map(([name, value]) => [
        name,
        isSecretName(name) ? this.#take(value) : this.text(value),
      ]),
    );
  }

  #json(value: unknown, name: string): unknown {
    if (typeof value === "string") {
      return value !== "" && isSecretName(name) ? this.#take(value) : value;
    }
    if (Array.isArray(value)) {
      return value.map((each) => this.#json(each, name));
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.#json(each, key)]),
    );
  }

  /** A body without the values of secret properties or fields. */
  body(text: string, contentType: string): string {
    if (/^\s*[[{]/.test(text)) {
      try {
        const clean = JSON.stringify(this.#json(JSON.parse(text), ""));
        return this.text(clean);
      } catch {
        // No JSON: as any other text.
      }
    }
    if (contentType.startsWith("application/x-www-form-urlencoded")) {
      const fields = new URLSearchParams(text);
      for (const [name, value] of [...fields]) {
        if (isSecretName(name)) fields.set(name, this.#take(value));
      }
      return this.text(fields.toString());
    }
    return this.text(text);
  }
}
