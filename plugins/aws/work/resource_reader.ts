import { AwsCallError } from "../aws_error.ts";
import {
  type Item,
  type Listing,
  type ResourceDeclaration,
  sourceOf,
  type Target,
} from "../declaration.ts";
import { detailCalls } from "../detail_calls.ts";
import { placed } from "../item_place.ts";
import { listItems } from "../list_items.ts";
import { RegionFindings } from "../region_findings.ts";
import { resourceId } from "../resource_id.ts";
import type { WorkTools } from "./work_tools.ts";

/** A listing of a kind in a region, and when it was begun. */
interface Listed {
  readonly begunAt: number;
  readonly items: Promise<readonly Item[]>;
}

/** Reads single resources from AWS, as a collect reads all of them. */
export class ResourceReader {
  readonly #tools: WorkTools;
  readonly #listed = new Map<string, Listed>();

  /** Makes one for a task. */
  constructor(tools: WorkTools) {
    this.#tools = tools;
  }

  /**
   * A resource as AWS shows it now, or undefined when it has none. Kinds that
   * cannot be asked for one resource are listed; a listing that was begun at
   * `since` or later is not made again.
   *
   * @throws {AwsCallError} If AWS does not say.
   */
  async read(
    resource: ResourceDeclaration,
    target: Target,
    since: number,
  ): Promise<Item | undefined> {
    const { remove } = resource;
    const isIt = (item: Item): boolean =>
      resourceId(resource, item) === target.id;
    let items: readonly Item[] | undefined;
    try {
      items = await this.#alone(resource, target);
    } catch (error) {
      if (error instanceof AwsCallError && remove?.gone.includes(error.code)) {
        return;
      }
      throw error;
    }
    // The same code of another call may be about something else.
    items ??= await this.#all(resource, target.region, since);
    // An id that only a detail tells is looked at when the details are there.
    const likely = items.filter((item) =>
      (resourceId(resource, item) ?? target.id) === target.id
    );
    const detailed = await this.#details(resource, target.region)(likely);
    return detailed.find(isIt);
  }

  /** The items of a call that asks for one, if the kind has such a call. */
  async #alone(
    { kind, list, one, properties }: ResourceDeclaration,
    target: Target,
  ): Promise<readonly Item[] | undefined> {
    if (one === undefined || "values" in list) return;
    // What it is asked for takes the place of what all others are listed by.
    const { inputs: _inputs, each, ...call } = { each: undefined, ...list };
    let kept: Item = {};
    if (each !== undefined) {
      const { as } = each;
      if (as !== undefined) {
        // What it was listed by is known by the property that tells it.
        const [name] = Object.entries(properties).find(([, { paths }]) =>
          paths[0]?.text === as
        ) ?? [];
        const value = name === undefined ? undefined : target.reported[name];
        if (value === undefined) {
          return;
        }
        kept = { [as]: value };
      }
    }
    // Some services take no size of pages beside the name of one resource.
    const { size: _size, ...pages } = call.pages ?? { input: "", output: "" };
    const asked = {
      ...call,
      ...(call.pages !== undefined && { pages }),
      input: { ...call.input, ...one(target) },
    };
    const items = await this.#items(kind, target.region, asked);
    return items.map((item) => ({ ...item, ...kept }));
  }

  #details(
    { details = [] }: ResourceDeclaration,
    region: string,
  ): (items: readonly Item[]) => Promise<Item[]> {
    const { client, config } = this.#tools;
    const wanted = details.filter(({ option }) =>
      option === undefined || config[option]
    );
    return detailCalls(client, region, wanted);
  }

  #all(
    { kind, list }: ResourceDeclaration,
    region: string,
    since: number,
  ): Promise<readonly Item[]> {
    const key = `${kind} ${region}`;
    const known = this.#listed.get(key);
    if (known !== undefined && known.begunAt >= since) return known.items;
    const items = this.#items(kind, region, list, since);
    this.#listed.set(key, { begunAt: this.#tools.clock.now(), items });
    return items;
  }

  async #items(
    kind: string,
    region: string,
    list: Listing,
    since = 0,
  ): Promise<Item[]> {
    const source = sourceOf(list);
    const findings = new RegionFindings(source === undefined ? [] : [source]);
    if (source !== undefined) {
      await this.#find(kind, source.kind, region, findings, since);
    }
    const { account: { id: account, partition }, client } = this.#tools;
    const items: Item[] = [];
    for await (const page of listItems(client, region, list, findings)) {
      items.push(...placed(page, { account, partition, region }));
    }
    return items;
  }

  /** Finds what a kind is listed by. */
  async #find(
    kind: string,
    sourceKind: string,
    region: string,
    findings: RegionFindings,
    since: number,
  ): Promise<void> {
    const source = this.#tools.resources.get(sourceKind);
    if (source === undefined) {
      throw new TypeError(
        `Cannot read ${kind}: it is listed by ${sourceKind}, which is no kind`,
      );
    }
    const items = await this.#all(source, region, since);
    for (const item of await this.#details(source, region)(items)) {
      findings.add(sourceKind, item);
    }
    findings.settle(sourceKind);
  }
}
