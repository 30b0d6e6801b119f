import { AwsCallError } from "./aws_error.ts";
import type { AwsClient } from "./client.ts";
import type { DetailCall, Item } from "./declaration.ts";
import { type DeniedDetails, isDenied } from "./denied_details.ts";
import { parsePath, type Path, readAll, readFirst } from "./path.ts";
import { prepareCall } from "./prepare_call.ts";
import { type JsonObject, mapConcurrent } from "@skymap/lib/plugin";

/** Details that are asked for side by side, before the limits of the client. */
const SIDE_BY_SIDE = 50;

function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) {
    all.push(items.slice(at, at + size));
  }
  return all;
}

/**
 * Calls about single items that are denied before any is answered, and are not
 * taken for the policies of these items: our own rights must lack something.
 */
const DENIED_AT_FIRST = SIDE_BY_SIDE;

/** What is told of each value; nothing where there is no detail. */
type Told = Map<string, unknown[]>;

/** What items of one batch share; nothing where all items may be in one. */
function groupOf(path: Path | undefined, item: Item): string {
  return path === undefined ? "" : String(readFirst(path, item));
}

/** Is told that what a kind can be without could not be read. */
export type OnMissed = (what: string, error: AwsCallError) => void;

/** Who is told of what could not be read. */
export interface DetailOptions {
  /** Is told of what a kind can be without. Default: nobody. */
  readonly missed?: OnMissed | undefined;
  /**
   * Whether what a kind can be without was missed before: it is not asked for
   * again. Default: only what these calls missed themselves.
   */
  readonly isMissed?: ((what: string) => boolean) | undefined;
  /** Takes items that calls are denied about. Default: the calls fail. */
  readonly denied?: DeniedDetails;
}

/** Makes one detail call for a kind in a region. */
class Details {
  readonly #client: AwsClient;
  readonly #region: string;
  readonly #call: DetailCall;
  /** By group, values that belong to many items: asked for once. */
  readonly #known = new Map<string, Told>();
  readonly #missed: OnMissed;
  readonly #isMissed: (what: string) => boolean;
  readonly #denied: DeniedDetails | undefined;
  /** Groups and values that a call was denied about. */
  readonly #untold = new Set<string>();
  #isAnswered = false;
  #all: Promise<void> | undefined;
  /** Whether it failed, where that is no failure: it is not made again. */
  #isOff = false;

  constructor(
    client: AwsClient,
    region: string,
    call: DetailCall,
    { missed = () => {}, isMissed = () => false, denied }: DetailOptions,
  ) {
    this.#client = client;
    this.#region = region;
    this.#call = call;
    this.#missed = missed;
    this.#isMissed = isMissed;
    this.#denied = denied;
  }

  async add(items: readonly Item[]): Promise<Item[]> {
    const { of, as, group, many, match } = this.#call;
    const path = parsePath(of);
    const groupPath = group === undefined ? undefined : parsePath(group);
    const asked = items.map((item) => {
      const all = readAll(path, item).map(String);
      const values = many === undefined ? all.slice(0, 1) : all;
      return { group: groupOf(groupPath, item), item, values };
    });
    // Details that belong to one item alone are not kept for those to come.
    const known = match === undefined ? new Map<string, Told>() : this.#known;
    for (const [name, some] of Map.groupBy(asked, ({ group }) => group)) {
      const told = known.get(name) ?? new Map();
      known.set(name, told);
      await this.#tell(some, told);
    }
    const isTold = ({ group, values }: { group: string; values: string[] }) =>
      !values.some((value) => this.#untold.has(JSON.stringify([group, value])));
    return asked.filter(isTold).map(({ group, item, values }) => {
      const told: Told = known.get(group) ?? new Map();
      const details = values.flatMap((value) => told.get(value) ?? []);
      if (many !== undefined) return { ...item, [as]: details };
      const [detail] = details;
      return detail === undefined ? item : { ...item, [as]: detail };
    });
  }

  async #tell(
    asked: readonly { readonly item: Item; readonly values: string[] }[],
    told: Told,
  ): Promise<void> {
    const { all, batch = 1 } = this.#call;
    /** Each value once, with the first item that it comes from. */
    const wanted = new Map<string, Item>();
    for (const { item, values } of asked) {
      for (const value of values) {
        if (!wanted.has(value)) wanted.set(value, item);
      }
    }
    if (all !== undefined) {
      const [item = {}] = wanted.values();
      if (wanted.size > 0) await (this.#all ??= this.#ask([], item, told));
      return;
    }
    const ask = (chunk: readonly string[]) =>
      this.#ask(chunk, wanted.get(chunk[0] ?? "") ?? {}, told);
    const missing = chunks(
      [...wanted.keys()].filter((value) => !told.has(value)),
      batch,
    );
    // Whether it can be had at all: the others need not find that out as well.
    const [first] = missing;
    if (this.#call.without !== undefined && first !== undefined) {
      await ask(first);
      missing.shift();
    }
    await mapConcurrent(missing, ask, { limit: SIDE_BY_SIDE });
  }

  async #ask(
    values: readonly string[],
    item: Item,
    told: Told,
  ): Promise<void> {
    const { askFor, input = {}, none = [], prepare, without } = this.#call;
    const region = this.#call.region === undefined
      ? this.#region
      : this.#call.region(item);
    if (without !== undefined && this.#isMissed(without)) this.#isOff = true;
    if (this.#isOff || region === undefined) return;
    try {
      if (prepare !== undefined) {
        await prepareCall(this.#client, region, prepare);
      }
      const asked = { ...input, ...askFor(values, item) };
      await this.#read(region, values, asked, told);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      if (none.includes(error.code)) {
        this.#isAnswered = true;
        // Which one of them it is, it does not say.
        if (values.length > 1) {
          for (const value of values) await this.#ask([value], item, told);
        }
        return;
      }
      if (without === undefined) {
        const [first] = values;
        if (values.length !== 1 || first === undefined) throw error;
        if (this.#isOwnDenial(error)) {
          const { group } = this.#call;
          const path = group === undefined ? undefined : parsePath(group);
          this.#untold.add(JSON.stringify([groupOf(path, item), first]));
          this.#denied?.add(error, first);
          return;
        }
        throw error.about(first);
      }
      if (!this.#isOff) this.#missed(without, error);
      this.#isOff = true;
      return;
    }
    this.#isAnswered = true;
    // What has no detail is remembered too, so as not to be asked for again.
    for (const value of values) {
      if (!told.has(value)) told.set(value, []);
    }
  }

  /** Whether the policy of a single item may deny the call. */
  #isOwnDenial(error: AwsCallError): boolean {
    return this.#denied !== undefined && isDenied(error) &&
      this.#call.match === undefined &&
      (this.#isAnswered || this.#untold.size < DENIED_AT_FIRST);
  }

  async #read(
    region: string,
    values: readonly string[],
    asked: JsonObject,
    told: Told,
  ): Promise<void> {
    const { many, match, result } = this.#call;
    const [first = ""] = values;
    if (result === undefined) {
      told.set(first, [
        await this.#client.call(region, this.#call, asked),
      ]);
      return;
    }
    const paged = { ...this.#call, result };
    const path = match === undefined ? undefined : parsePath(match);
    for await (const page of this.#client.pages(region, paged, asked)) {
      for (const each of page) {
        const value = path === undefined
          ? first
          : String(readFirst(path, each));
        told.set(value, [...told.get(value) ?? [], each]);
      }
      // The first one is all that counts.
      if (path === undefined && many === undefined && page.length > 0) return;
    }
  }
}

/**
 * Returns a function that adds to items what further calls tell about them. Items
 * that calls are denied about are left out where `denied` takes them.
 */
export function detailCalls(
  client: AwsClient,
  region: string,
  calls: readonly DetailCall[],
  options: DetailOptions = {},
): (items: readonly Item[]) => Promise<Item[]> {
  const each = calls.map((call) => new Details(client, region, call, options));
  return async (items) => {
    let detailed = [...items];
    for (const details of each) detailed = await details.add(detailed);
    return detailed;
  };
}
