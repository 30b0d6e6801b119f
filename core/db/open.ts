/**
 * The record: one database for the control plane, and one for each graph.
 *
 * @module
 */

import { isGraphName } from "@skymap/lib/config";
import { DATABASE_SCOPE } from "@skymap/lib/auth";
import {
  connectRemote,
  type DbSession,
  escapeIdent,
  isConflict,
} from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { retry } from "@skymap/lib/retry";
import { defineAccess } from "./access.ts";
import { openEmbedded } from "./embedded.ts";
import { forgetLiveQueries } from "./forget_live_queries.ts";
import { createGateway, type GatewayLoad } from "./gateway.ts";
import { databaseOf, type GraphDraft, GraphPlaces } from "./graph_places.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import { GRAPH_MIGRATIONS } from "./migrations/graph.ts";
import { SYSTEM_MIGRATIONS } from "./migrations/system.ts";
import { finishRestore } from "./pending_restore.ts";
import { createRelay } from "./relay.ts";
import { watchDisk } from "./watch_disk.ts";

/** The record of everything. */
export interface Database extends AsyncDisposable {
  /** The control plane, as its owner. */
  readonly system: DbSession;
  /**
   * The record of a graph, as its owner; made when it is new.
   *
   * @throws SkymapError `graph_unknown` for a name no graph can have.
   */
  graph(name: string): Promise<DbSession>;
  /** Names of all graphs, sorted. */
  graphs(): Promise<string[]>;
  /** Where they lie. */
  readonly places: GraphPlaces;
  /** The record of a graph that is being made, as its owner. */
  draft(draft: GraphDraft): Promise<DbSession>;
  /** Removes a database that no graph lies in any more. */
  removePlace(place: string): Promise<void>;
  /**
   * Serves the database's own protocol to workers: the embedded engine's, or,
   * passed on, that of the server.
   */
  readonly gateway: (request: Request) => Response;
  /** How much that serves; undefined when a server does. */
  gatewayLoad(): GatewayLoad | undefined;
}

/** Which database to open. */
export interface DatabaseOptions {
  /** Data directory; the embedded engine keeps its files in `db` below it. */
  readonly dataDir: string;
  /**
   * `ws://` or `wss://` of a server or cluster, in the place of the embedded
   * engine. It may carry user name and password.
   */
  readonly url?: string;
  /** A user of the server who may define namespaces; wins over the URL's. */
  readonly user?: { readonly username: string; readonly password: string };
  /** The pre-shared key: its tokens open the control plane for workers. */
  readonly key: string;
  /** Gives the opening up; later, ends connections to a server. */
  readonly signal: AbortSignal;
  /** Told that the embedded engine's disk is full; it needs a new process then. */
  readonly onFull?: (cause: unknown) => void;
}

/** Where the databases are: in this process or on a server. */
interface Backend extends AsyncDisposable {
  /** A session that has selected no database, to define them. */
  openRoot(): Promise<DbSession>;
  /** A session in a database. */
  open(database: string): Promise<DbSession>;
  /** Whether this process is the only one that has the databases open. */
  readonly isExclusive: boolean;
  /** Serves the database's protocol to workers. */
  readonly gateway: (request: Request) => Response;
  /** How much that serves, if it is served here. */
  readonly gatewayLoad?: () => GatewayLoad;
}

async function embeddedBackend(options: DatabaseOptions): Promise<Backend> {
  const engine = await openEmbedded(`${options.dataDir}/db`, options.signal);
  const watched = watchDisk(engine, options.onFull ?? (() => {}));
  const gateway = createGateway({ engine: watched.engine, key: options.key });
  const { namespace } = DATABASE_SCOPE;
  return {
    openRoot: async () => watched.session(await engine.openSession({})),
    open: async (database) =>
      watched.session(await engine.openSession({ namespace, database })),
    isExclusive: true,
    gateway: (request) => gateway.handle(request),
    gatewayLoad: () => gateway.load,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

function remoteBackend(options: DatabaseOptions, url: string): Backend {
  const address = new URL(url);
  const fromUrl = address.username === "" ? undefined : {
    username: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
  };
  const user = options.user ?? fromUrl;
  address.username = "";
  address.password = "";
  if (user === undefined) {
    throw new SkymapError(
      "config_invalid",
      `Cannot use database "${address}": no user is given, wanted ` +
        '"ws://user:password@host" or SKYMAP_CORE_DATABASE_USER and ' +
        "SKYMAP_CORE_DATABASE_PASSWORD",
    );
  }
  const connect = (database: string | null) =>
    connectRemote({
      url: address.href,
      user,
      database,
      signal: options.signal,
    });
  return {
    openRoot: () => connect(null),
    open: connect,
    isExclusive: false,
    gateway: createRelay(new URL("/rpc", address).href),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

interface Place {
  readonly database: string;
  readonly migrations: readonly Migration[];
  /**
   * Refuses tables that no migration defined. Without it whoever may sign in
   * adds one by writing to it, although the row itself is refused.
   */
  readonly isStrict: boolean;
}

/** Opens a database, making it when it is new, and brings it up to date. */
async function openPlace(
  backend: Backend,
  place: Place,
  signal: AbortSignal,
): Promise<DbSession> {
  const namespace = escapeIdent(DATABASE_SCOPE.namespace);
  {
    // Before anything selects it: that would make it, and not a strict one.
    await using root = await backend.openRoot();
    const define = () =>
      root.query(`
        DEFINE NAMESPACE IF NOT EXISTS ${namespace};
        USE NS ${namespace};
        DEFINE DATABASE IF NOT EXISTS ${escapeIdent(place.database)}
          ${place.isStrict ? "STRICT" : ""};`);
    // Other cores may do the same on a server, and it can be done twice.
    await retry(define, { attempts: 20, firstDelayMs: 5, when: isConflict });
  }
  const session = await backend.open(place.database);
  await migrate(session, place.migrations, signal);
  if (backend.isExclusive) await forgetLiveQueries(session);
  return session;
}

class RecordDatabase implements Database {
  readonly system: DbSession;
  readonly places: GraphPlaces;
  readonly gateway: (request: Request) => Response;
  readonly #backend: Backend;
  readonly #signal: AbortSignal;
  readonly #graphs = new Map<string, Promise<DbSession>>();

  constructor(
    backend: Backend,
    system: DbSession,
    places: GraphPlaces,
    signal: AbortSignal,
  ) {
    this.#backend = backend;
    this.system = system;
    this.places = places;
    this.#signal = signal;
    this.gateway = backend.gateway;
  }

  graph(name: string): Promise<DbSession> {
    if (!isGraphName(name)) {
      return Promise.reject(
        new SkymapError(
          "graph_unknown",
          `Cannot open graph ${JSON.stringify(name)}: wanted a letter and up ` +
            'to 62 letters, digits, "_" or "-"',
        ),
      );
    }
    return this.#open(this.places.of(name));
  }

  draft({ place }: GraphDraft): Promise<DbSession> {
    return this.#open(place);
  }

  #open(place: string): Promise<DbSession> {
    let graph = this.#graphs.get(place);
    if (graph === undefined) {
      graph = openPlace(this.#backend, {
        database: databaseOf(place),
        migrations: GRAPH_MIGRATIONS,
        isStrict: false,
      }, this.#signal);
      this.#graphs.set(place, graph);
      graph.catch(() => this.#graphs.delete(place));
    }
    return graph;
  }

  async removePlace(place: string): Promise<void> {
    const session = this.#graphs.get(place);
    this.#graphs.delete(place);
    await session?.then((each) => each[Symbol.asyncDispose](), () => {});
    await this.places.remove(place);
  }

  graphs(): Promise<string[]> {
    return this.places.names();
  }

  gatewayLoad(): GatewayLoad | undefined {
    return this.#backend.gatewayLoad?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const graph of this.#graphs.values()) {
      await graph.then((session) => session[Symbol.asyncDispose](), () => {});
    }
    await this.system[Symbol.asyncDispose]();
    await this.#backend[Symbol.asyncDispose]();
  }
}

/** Where graphs lie, once a restore that waits is what counts. */
async function restoredPlaces(system: DbSession): Promise<GraphPlaces> {
  const before = await GraphPlaces.open(system);
  const current = (await before.names())
    .map((name) => ({ name, place: before.of(name) }));
  return await finishRestore(system, current)
    ? await GraphPlaces.open(system)
    : before;
}

/**
 * Opens the record and brings it to the present schema. Take the lock of the
 * data directory before.
 *
 * @throws SkymapError `data_dir_…`, `database_…` or `config_invalid`.
 */
export async function openDatabase(
  options: DatabaseOptions,
): Promise<Database> {
  const backend = options.url === undefined
    ? await embeddedBackend(options)
    : remoteBackend(options, options.url);
  try {
    const system = await openPlace(backend, {
      database: DATABASE_SCOPE.database,
      migrations: SYSTEM_MIGRATIONS,
      isStrict: true,
    }, options.signal);
    await defineAccess(system, options.key);
    const places = await restoredPlaces(system);
    return new RecordDatabase(backend, system, places, options.signal);
  } catch (error) {
    await backend[Symbol.asyncDispose]();
    throw error;
  }
}
