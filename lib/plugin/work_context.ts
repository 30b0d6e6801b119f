import type { Json } from "../json.ts";
import { askedGraph } from "./asked_graph.ts";
import { askNobody, type AskWorker } from "./asks.ts";
import type { Account, WorkContext } from "./contract.ts";

/** What a context of work is made of. */
export interface WorkContextOptions<Config> {
  /** The plugin's configuration, as its schema read it. */
  readonly config: Config;
  /** The account that is worked on, or none. */
  readonly account?: Account | undefined;
  /** Asks the worker. Default: there is none, and every question is refused. */
  readonly ask?: AskWorker;
  /** Takes what is told to the operator. */
  readonly issue: WorkContext<Config>["issue"];
  /** Aborts the work. */
  readonly signal: AbortSignal;
}

/** Asks the worker for an account of its plugin. */
export async function askAccount(ask: AskWorker, id: string): Promise<Account> {
  const account: Json = await ask({ what: "account", id });
  return account as unknown as Account;
}

/** Makes what a plugin's function is given, but for what only it is given. */
export function createWorkContext<Config>(
  { config, account, ask = askNobody, issue, signal }: WorkContextOptions<
    Config
  >,
): WorkContext<Config> {
  return {
    config,
    ...(account !== undefined && { account }),
    accountOf: (id) => askAccount(ask, id),
    graph: askedGraph(ask),
    signal,
    issue,
  };
}
