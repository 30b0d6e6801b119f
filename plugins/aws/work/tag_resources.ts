import {
  type Failure,
  type JsonObject,
  mapConcurrent,
  type TagTask,
  type TagTaskResult,
} from "@skymap/lib/plugin";
import { AwsCallError } from "../aws_error.ts";
import type { ResourceDeclaration, Tagging, Target } from "../declaration.ts";
import { mapProperties, tags as tagsProperty } from "../property.ts";
import { reportedOf } from "../reported_of.ts";
import { failureOf } from "./failure_of.ts";
import { ResourceReader } from "./resource_reader.ts";
import { targetOf } from "./target_of.ts";
import type { WorkTools } from "./work_tools.ts";

type Change = TagTask["changes"][number];
type Answer = TagTaskResult["results"][number];
type Tags = Readonly<Record<string, string>>;

/** Resources that are tagged side by side, before the limits of the client. */
const SIDE_BY_SIDE = 20;

/** Why a change is refused before AWS is asked. */
function refusal(
  { resource, update, remove }: Change,
  declared: ResourceDeclaration | undefined,
): Failure | undefined {
  if (declared?.tagging === undefined) {
    return {
      code: "not_taggable",
      message: `Cannot tag ${resource.kind} "${resource.id}": tags of its ` +
        "kind cannot be changed",
    };
  }
  const own = [...Object.keys(update), ...remove]
    .find((key) => /^aws:/i.test(key));
  if (own === undefined) return;
  return {
    code: "tag_reserved",
    message: `Cannot tag ${resource.kind} "${resource.id}": names that begin ` +
      `with "aws:", such as "${own}", are for AWS alone`,
  };
}

function tagsOf({ tags }: JsonObject): Tags {
  return typeof tags === "object" && tags !== null && !Array.isArray(tags)
    ? tags as Tags
    : {};
}

function areAlike(one: Tags, other: Tags): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && one[key] === other[key]);
}

/** Properties of a kind that are read out of one of these tags. */
function namedBy(
  { properties }: ResourceDeclaration,
  keys: readonly string[],
): readonly string[] {
  return Object.entries(properties).filter(([, { paths }]) =>
    paths.some(({ steps }) =>
      steps.some((step) => step.type === "tag" && keys.includes(step.key))
    )
  ).map(([name]) => name);
}

/** Tags one resource after the other, of one account. */
class Tagger {
  readonly #tools: WorkTools;
  readonly #reader: ResourceReader;

  constructor(tools: WorkTools) {
    this.#tools = tools;
    this.#reader = new ResourceReader(tools);
  }

  async tag(change: Change): Promise<Answer> {
    const { node, kind } = change.resource;
    const declared = this.#tools.resources.get(kind);
    const refused = refusal(change, declared);
    if (refused !== undefined) return { node, error: refused };
    if (declared?.tagging === undefined) throw new TypeError("Cannot happen");
    const target = targetOf(change.resource, declared, this.#tools);
    const before = tagsOf(target.reported);
    let tags = before;
    try {
      for await (tags of this.#write(declared.tagging, target, change));
    } catch (error) {
      this.#tools.signal.throwIfAborted();
      const failure = failureOf(error);
      return areAlike(tags, before)
        ? { node, error: failure }
        : { node, error: failure, tags };
    }
    const reported = await this.#following(declared, target, change, tags);
    return { node, tags, ...(reported !== undefined && { reported }) };
  }

  /** Makes the calls; yields the tags that the resource has, as they change. */
  async *#write(
    { current, set, unset }: Tagging,
    known: Target,
    { update, remove }: Change,
  ): AsyncGenerator<Tags, void> {
    const { client } = this.#tools;
    const { region } = known;
    let tags = current === undefined
      ? tagsOf(known.reported)
      : await this.#current(current, known);
    yield tags;
    const target = (): Target => ({
      ...known,
      reported: { ...known.reported, tags },
    });
    if (Object.keys(update).length > 0) {
      await client.call(region, set, set.input(target(), update));
      tags = { ...tags, ...update };
      yield tags;
    }
    if (remove.length === 0) return;
    await client.call(region, unset, unset.input(target(), remove));
    yield Object.fromEntries(
      Object.entries(tags).filter(([key]) => !remove.includes(key)),
    );
  }

  /** The tags that a resource has, of a service that writes all at once. */
  async #current(
    call: NonNullable<Tagging["current"]>,
    target: Target,
  ): Promise<Tags> {
    const { input, none = [], result } = call;
    try {
      const answer = await this.#tools.client.call(
        target.region,
        call,
        input(target),
      );
      return tagsOf(mapProperties({ tags: tagsProperty(result) }, answer));
    } catch (error) {
      if (error instanceof AwsCallError && none.includes(error.code)) return {};
      throw error;
    }
  }

  /** What else is reported in another way from now on, such as the name. */
  async #following(
    declared: ResourceDeclaration,
    target: Target,
    { update, remove }: Change,
    tags: Tags,
  ): Promise<JsonObject | undefined> {
    const names = namedBy(declared, [...Object.keys(update), ...remove]);
    const isEmpty = Object.keys(tags).length === 0;
    if (names.length === 0 && !isEmpty) return;
    try {
      const { clock } = this.#tools;
      const item = await this.#reader.read(declared, target, clock.now());
      if (item === undefined) return;
      const now = reportedOf(declared, target.id, item);
      // AWS may show what was before for a while: then the next collect tells.
      if (!areAlike(tagsOf(now), tags)) return;
      return Object.fromEntries(
        [...names, ...(isEmpty ? ["tags"] : [])].map((name) => [
          name,
          now[name] ?? null,
        ]),
      );
    } catch {
      this.#tools.signal.throwIfAborted();
      // The tags are written; only what follows from them is not known yet.
      return;
    }
  }
}

/** Changes tags of resources; what fails fails alone. */
export async function tagResources(
  tools: WorkTools,
  { changes }: TagTask,
): Promise<TagTaskResult> {
  const tagger = new Tagger(tools);
  const results = await mapConcurrent(
    changes,
    (change) => tagger.tag(change),
    { limit: SIDE_BY_SIDE, signal: tools.signal },
  );
  return { results };
}
