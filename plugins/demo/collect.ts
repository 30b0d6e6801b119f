import { type CollectContext, mapConcurrent } from "@skymap/lib/plugin";
import { listAccounts } from "./accounts.ts";
import { type Listed, listScope } from "./listing.ts";
import { Place, planRegion } from "./place.ts";
import { listBuckets, listUsers } from "./resources/global.ts";
import {
  listAddresses,
  listInstances,
  listInterfaces,
} from "./resources/instances.ts";
import {
  listNetworks,
  listSecurityGroups,
  listSubnets,
} from "./resources/networks.ts";
import { listDatabases, listLoadBalancers } from "./resources/services.ts";
import { listSnapshots, listVolumes } from "./resources/volumes.ts";
import { type DemoConfig, REGION_NAMES } from "./settings.ts";

type List = (place: Place) => Iterable<Listed>;

/** What each region has. */
export const REGIONAL: Readonly<Record<string, List>> = {
  demo_network: listNetworks,
  demo_subnet: listSubnets,
  demo_security_group: listSecurityGroups,
  demo_instance: listInstances,
  demo_network_interface: listInterfaces,
  demo_ip_address: listAddresses,
  demo_volume: listVolumes,
  demo_snapshot: listSnapshots,
  demo_load_balancer: listLoadBalancers,
  demo_database: listDatabases,
};

/** What an account has in no region. */
export const GLOBAL: Readonly<Record<string, List>> = {
  demo_bucket: listBuckets,
  demo_user: listUsers,
};

function* accountNode(place: Place, name: string): Generator<Listed> {
  const { environment } = place;
  yield { node: { id: place.account, reported: { name, environment } } };
}

function* regionNodes({ config }: Place): Generator<Listed> {
  for (const id of config.regions) {
    const name = REGION_NAMES[id] ?? id;
    yield { node: { id, reported: { name, long_name: name } } };
  }
}

/** Collects one account: what is global, then its regions side by side. */
export async function collectAccount(
  context: CollectContext<DemoConfig>,
): Promise<void> {
  const { config, account, signal, progress } = context;
  const name = account.name ?? account.id;
  const plan = planRegion(config, listAccounts(config).length);
  const whole = new Place(config, plan, account, "");
  await listScope(context, "demo_account", "", accountNode(whole, name));
  await listScope(context, "demo_region", "", regionNodes(whole));
  for (const [kind, list] of Object.entries(GLOBAL)) {
    await listScope(context, kind, "", list(whole));
  }
  let done = 0;
  await mapConcurrent(config.regions, async (region) => {
    const place = new Place(config, plan, account, region);
    for (const [kind, list] of Object.entries(REGIONAL)) {
      await listScope(context, kind, region, list(place));
    }
    progress([name, region], ++done, config.regions.length);
  }, { limit: 4, signal });
}
