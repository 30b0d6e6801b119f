import { AwsCallError } from "./aws_error.ts";
import type { AwsClient } from "./client.ts";
import type { DetailCall, Item } from "./declaration.ts";
import { parsePath, readFirst } from "./path.ts";
import { mapConcurrent } from "@skymap/lib/plugin";

/** Details that are asked for side by side, before the limits of the client. */
const SIDE_BY_SIDE = 50;

function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) {
    all.push(items.slice(at, at + size));
  }
  return all;
}

/** Makes one detail call for a kind in a region. */
class Details {
  readonly #client: AwsClient;
  readonly #region: string;
  readonly #call: DetailCall;
  /** Values that belong to many items: asked for once. */
  readonly #known = new Map<string, unknown>();

  constructor(client: AwsClient, region: string, call: DetailCall) {
    this.#client = client;
    this.#region = region;
    this.#call = call;
  }

  async add(items: readonly Item[]): Promise<Item[]> {
    const { of, as, batch = 1, match } = this.#call;
    const path = parsePath(of);
    const values = items.map((item) => readFirst(path, item));
    const wanted = new Set(
      values.filter((value) => value !== undefined).map(String),
    );
    const details = match === undefined
      ? new Map<string, unknown>()
      : this.#known;
    const missing = [...wanted].filter((value) => !details.has(value));
    await mapConcurrent(
      chunks(missing, batch),
      (chunk) => this.#ask(chunk, details),
      { limit: SIDE_BY_SIDE },
    );
    return items.map((item, at) => {
      const detail = details.get(String(values[at]));
      return detail === undefined ? item : { ...item, [as]: detail };
    });
  }

  async #ask(
    values: readonly string[],
    details: Map<string, unknown>,
  ): Promise<void> {
    const { askFor, input = {}, result, match, none = [] } = this.#call;
    const [first = ""] = values;
    const asked = { ...input, ...askFor(values, {}) };
    try {
      if (result === undefined) {
        details.set(
          first,
          await this.#client.call(this.#region, this.#call, asked),
        );
        return;
      }
      const paged = { ...this.#call, result };
      const pages = this.#client.pages(this.#region, paged, asked);
      for await (const page of pages) {
        if (match === undefined) {
          if (page.length === 0) continue;
          details.set(first, page[0]);
          return;
        }
        const path = parsePath(match);
        for (const each of page) {
          details.set(String(readFirst(path, each)), each);
        }
      }
      // What has no detail is remembered too, so as not to be asked for again.
      for (const value of values) {
        if (!details.has(value)) details.set(value, undefined);
      }
    } catch (error) {
      if (error instanceof AwsCallError && none.includes(error.code)) return;
      throw error;
    }
  }
}

/** Returns a function that adds to items what further calls tell about them. */
export function detailCalls(
  client: AwsClient,
  region: string,
  calls: readonly DetailCall[],
): (items: readonly Item[]) => Promise<Item[]> {
  const each = calls.map((call) => new Details(client, region, call));
  return async (items) => {
    let detailed = [...items];
    for (const details of each) detailed = await details.add(detailed);
    return detailed;
  };
}
