/**
 * The command `aws`: calls any operation of AWS, once for each resource that
 * comes in, with the credentials of its account and in its region.
 *
 * @module
 */

import {
  type CommandContext,
  isJsonObject,
  type Json,
  type JsonObject,
  mapConcurrent,
} from "@skymap/lib/plugin";
import { unpackAccess } from "../account_credentials.ts";
import { AwsClient, operationSchema } from "../client.ts";
import { AWS_RESOURCE } from "../kinds.ts";
import { HOME_REGIONS, partitionOf } from "../partitions.ts";
import { schemaAt } from "../schema_shape.ts";
import type { AwsConfig } from "../settings.ts";
import { fillJsonText, fillWord } from "./fill_word.ts";
import { findOperation, findService } from "./find_operation.ts";
import { nextPageOf } from "./next_page.ts";
import { plainAnswer } from "./plain_answer.ts";
import { readInput } from "./read_value.ts";
import { readWords, type WrittenCall } from "./read_words.ts";

/** Calls that run side by side, before the limits of the client. */
const SIDE_BY_SIDE = 10;

/** Failures that are told one by one; more are counted. */
const TOLD = 20;

/** What of the command's context it uses. */
export type AwsCommandContext =
  & Pick<
    CommandContext<AwsConfig>,
    "accountOf" | "args" | "config" | "graph" | "input" | "issue" | "signal"
  >
  & { write(value: Json): Promise<void> };

/** A call that is ready. */
interface Call {
  readonly what: string;
  readonly account: string;
  /** Region, or undefined for the home region of the account's partition. */
  readonly region: string | undefined;
  readonly service: ReturnType<typeof findService>;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

function textAt(node: JsonObject, ...path: string[]): string | undefined {
  let value: Json | undefined = node;
  for (const name of path) {
    value = isJsonObject(value) ? value[name] : undefined;
  }
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What a node is called in messages. */
function nameOf(node: JsonObject): string {
  const kind = textAt(node, "reported", "kind") ?? "node";
  return `${kind} ${
    textAt(node, "reported", "id") ?? textAt(node, "id") ?? ""
  }`;
}

/** Where a node lies. */
function placeOf(node: JsonObject) {
  const isAccount = textAt(node, "reported", "kind") === "aws_account";
  const isRegion = textAt(node, "reported", "kind") === "aws_region";
  const own = textAt(node, "reported", "id");
  return {
    account: isAccount
      ? own
      : textAt(node, "ancestors", "account", "reported", "id"),
    region: isRegion
      ? own
      : textAt(node, "ancestors", "region", "reported", "id"),
  };
}

/** The one account there is. */
async function onlyAccount(
  { graph }: Pick<AwsCommandContext, "graph">,
): Promise<string> {
  const ids: string[] = [];
  for await (const { reported } of graph.search("is(aws_account) limit 2")) {
    ids.push(String(reported["id"]));
  }
  const [id] = ids;
  if (id !== undefined && ids.length === 1) return id;
  throw new TypeError(
    id === undefined
      ? "no account was collected yet, wanted --account ID"
      : "there are several accounts, wanted --account ID",
  );
}

async function prepare(
  context: AwsCommandContext,
  written: WrittenCall,
  node: Json | undefined,
): Promise<Call> {
  if (
    node !== undefined &&
    !(isJsonObject(node) && Array.isArray(node["kinds"]) &&
      node["kinds"].includes(AWS_RESOURCE))
  ) {
    throw new TypeError(
      `${
        JSON.stringify(node).slice(0, 80)
      } is no resource of AWS, wanted nodes of is(${AWS_RESOURCE})`,
    );
  }
  // Gaps are filled after the words are understood: what a node holds, such as a
  // name with a comma or two dashes, is a value and never more than that.
  const fill = (word: string) => fillWord(word, node);
  const service = findService(fill(written.service));
  const operation = await findOperation(service, fill(written.operation));
  const { input } = await operationSchema({ service, operation });
  const place = isJsonObject(node) ? placeOf(node) : undefined;
  const account = filled(written.account, fill) ?? place?.account ??
    await onlyAccount(context);
  return {
    what: isJsonObject(node)
      ? nameOf(node)
      : `${written.service} ${written.operation}`,
    account,
    region: regionOf(filled(written.region, fill)) ?? place?.region ??
      (node === undefined ? context.config.region[0] : undefined),
    service,
    operation,
    input: readInput(schemaAt(input, []), written.parameters, {
      word: fill,
      jsonText: (text) => fillJsonText(text, node),
    }),
  };
}

function filled(
  word: string | undefined,
  fill: (word: string) => string,
): string | undefined {
  return word === undefined ? undefined : fill(word);
}

/** A region that somebody wrote: what looks like none is no part of a host. */
function regionOf(region: string | undefined): string | undefined {
  if (region === undefined || /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) {
    return region;
  }
  throw new TypeError(
    `--region: "${region}" is no region, wanted one such as eu-west-1`,
  );
}

/** Every call; none is made before all are known to be good. */
async function prepareAll(context: AwsCommandContext): Promise<Call[]> {
  const written = readWords(context.args);
  if (context.input.length === 0) {
    return [await prepare(context, written, undefined)];
  }
  const calls: Call[] = [];
  for (const node of context.input) {
    try {
      calls.push(await prepare(context, written, node));
    } catch (error) {
      const { message } = error as Error;
      throw new TypeError(
        isJsonObject(node) && isJsonObject(node["reported"] ?? null)
          ? `${nameOf(node)}: ${message}`
          : message,
      );
    }
  }
  return calls;
}

/** Clients by account. */
class Clients implements Disposable {
  readonly #context: AwsCommandContext;
  readonly #clients = new Map<
    string,
    Promise<{ readonly client: AwsClient; readonly home: string }>
  >();

  constructor(context: AwsCommandContext) {
    this.#context = context;
  }

  of(account: string) {
    const known = this.#clients.get(account);
    if (known !== undefined) return known;
    const made = this.#connect(account);
    this.#clients.set(account, made);
    return made;
  }

  async #connect(id: string) {
    const { accountOf, config, signal } = this.#context;
    const { credentials, partition } = unpackAccess(await accountOf(id));
    return {
      home: HOME_REGIONS.find((each) => partitionOf(each).id === partition) ??
        "us-east-1",
      client: new AwsClient({
        credentials,
        endpoint: config.endpoint,
        signal,
      }),
    };
  }

  [Symbol.dispose](): void {
    for (const each of this.#clients.values()) {
      each.then(({ client }) => client[Symbol.dispose](), () => {});
    }
  }
}

/**
 * Calls an operation for every node that comes in, or once when none does, and
 * writes the answers in their order. One that fails keeps no other from its turn.
 *
 * @throws {TypeError} If the words are no call; nothing was called then.
 * @throws {Error} At the end, if calls failed.
 */
export async function awsCommand(context: AwsCommandContext): Promise<void> {
  const calls = await prepareAll(context);
  using clients = new Clients(context);
  const failures: string[] = [];
  const more: string[] = [];
  let written = 0;
  const answers = await mapConcurrent(calls, async (call) => {
    const { account, region, service, operation, input, what } = call;
    try {
      const { client, home } = await clients.of(account);
      const answer = await client.call(
        region ?? home,
        { service, operation },
        input as JsonObject,
      );
      const plain = await plainAnswer(answer);
      const next = nextPageOf(plain);
      if (next !== undefined) more.push(`${what}: ${next}`);
      return plain;
    } catch (error) {
      context.signal.throwIfAborted();
      failures.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  }, { limit: SIDE_BY_SIDE, signal: context.signal });
  for (const answer of answers) {
    if (answer === undefined) continue;
    written++;
    await context.write(answer);
  }
  if (more.length > 0) {
    context.issue(
      "warning",
      `${more.length} of ${calls.length} answers are a first page: more follows by ${
        more[0]
      }`,
    );
  }
  if (failures.length === 0) return;
  if (calls.length > 1) {
    for (const failure of failures.slice(0, TOLD)) {
      context.issue("error", failure);
    }
  }
  throw new Error(
    calls.length === 1
      ? failures[0]
      : `${failures.length} of ${calls.length} calls failed, ${written} were answered; the first: ${
        failures[0]
      }`,
  );
}
