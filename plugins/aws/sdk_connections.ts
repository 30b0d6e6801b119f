import type { CredentialsProvider } from "./account_credentials.ts";
import { FetchHandler } from "./fetch_handler.ts";
import {
  loadService,
  type SdkClient,
  type SdkModule,
  type ServiceName,
} from "./services.ts";

/** What connections are made with. */
export interface SdkConnectionsOptions {
  /** Keys that sign every call. */
  readonly credentials: CredentialsProvider;
  /** Address that takes all calls. Default: that of service and region. */
  readonly endpoint?: string | undefined;
}

type Connection = Promise<readonly [SdkModule, SdkClient]>;

/**
 * The SDK's clients of one account, one for each service and region that is
 * called, and the connections that all of them share.
 */
export class SdkConnections implements Disposable {
  readonly #options: SdkConnectionsOptions;
  readonly #clients = new Map<string, Connection>();
  readonly #handler = new FetchHandler();

  /** Makes them; nothing is connected yet. */
  constructor(options: SdkConnectionsOptions) {
    this.#options = options;
  }

  async #connect(service: ServiceName, region: string) {
    const { credentials, endpoint } = this.#options;
    const module = await loadService(service);
    const client = new module.Client({
      region,
      credentials: () => credentials(),
      // A bucket has no host name of its own at an address that is given.
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      // A bucket is asked where it is, not where it was listed.
      followRegionRedirects: true,
      // Calls are tried again by whoever knows of the others.
      maxAttempts: 1,
      retryMode: "standard",
      requestHandler: this.#handler,
    });
    return [module, client] as const;
  }

  /** The client of a service in a region. */
  of(service: ServiceName, region: string): Connection {
    const key = `${region}:${service}`;
    let client = this.#clients.get(key);
    if (client === undefined) {
      client = this.#connect(service, region);
      this.#clients.set(key, client);
    }
    return client;
  }

  /** Forgets the clients of a region, or of one service in it. */
  release(region: string, service?: ServiceName): void {
    for (const key of this.#clients.keys()) {
      const [at, name] = key.split(":");
      if (at === region && (service ?? name) === name) {
        this.#clients.delete(key);
      }
    }
  }

  /** Closes the connections. */
  [Symbol.dispose](): void {
    this.#clients.clear();
    this.#handler[Symbol.dispose]();
  }
}
