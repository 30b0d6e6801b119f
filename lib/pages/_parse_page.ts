/** A family of a page as it was read. */
export interface ReadFamily {
  /** What it is; `name` is the one that the page has. */
  readonly name: string;
  readonly type: string;
  readonly unit: string | undefined;
  readonly help: string;
  readonly samples: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

function unescape(text: string): string {
  return text.replaceAll(
    /\\(.)/g,
    (_all, char: string) => char === "n" ? "\n" : char,
  );
}

function numberOf(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text[0] === "-" ? -Infinity : Infinity;
  return Number(text);
}

/** Reads a page of either format; throws at a line that is none. */
export function parsePage(page: string): readonly ReadFamily[] {
  const families = new Map<string, Partial<ReadFamily> & { samples: [] }>();
  let current: ReadFamily | undefined;
  for (const line of page.replace(/\n$/, "").split("\n")) {
    const about = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/s.exec(line);
    if (about !== null) {
      const [, what = "", name = "", text = ""] = about;
      const family = families.get(name) ?? { name, samples: [] };
      families.set(name, family);
      const value = what === "HELP" ? unescape(text) : text;
      Object.assign(family, { [what.toLowerCase()]: value });
      current = family as ReadFamily;
      continue;
    }
    if (line === "# EOF") continue;
    const [, name, labels = "", value = ""] =
      /^([a-z_]\w*)(?:\{(.*)\})? (\S+)$/s.exec(line) ?? [];
    if (name === undefined || current === undefined) {
      throw new TypeError(`Cannot read line ${JSON.stringify(line)}`);
    }
    const found = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/gs)];
    if (found.map(([all]) => all).join("") !== labels) {
      throw new TypeError(`Cannot read labels ${JSON.stringify(labels)}`);
    }
    current.samples.push({
      name,
      labels: Object.fromEntries(
        found.map(([, label = "", text = ""]) => [label, unescape(text)]),
      ),
      value: numberOf(value),
    });
  }
  return [...families.values()] as unknown as readonly ReadFamily[];
}
