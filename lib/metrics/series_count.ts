/** Labels that are named when there are too many series. */
const NAMED_LABELS = 3;

/** Counts series, and of each label how many values it has. */
export class SeriesCount {
  readonly #values = new Map<string, Set<string>>();
  #count = 0;

  /** Adds one series by its labels. */
  add(labels: Readonly<Record<string, string>>): void {
    this.#count++;
    for (const [name, value] of Object.entries(labels)) {
      const values = this.#values.get(name);
      if (values === undefined) this.#values.set(name, new Set([value]));
      else values.add(value);
    }
  }

  /** Why there are too many, to stand behind "it"; undefined if there are not. */
  problem(limit: number): string | undefined {
    if (this.#count <= limit) return;
    const widest = [...this.#values]
      .map(([name, { size }]) => ({ name, size }))
      .sort((one, two) => two.size - one.size)
      .slice(0, NAMED_LABELS)
      .map(({ name, size }) => `${name} ${size}`);
    return `has ${this.#count} series, at most ${limit} are allowed; values by ` +
      `label: ${
        widest.join(", ")
      }; wanted fewer groups, or a higher series_limit`;
  }
}
