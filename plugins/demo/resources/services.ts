import type { FoundEdge } from "@skymap/lib/plugin";
import type { Listed } from "../listing.ts";
import { contains, type Place } from "../place.ts";
import { instanceRef, instanceState } from "./instances.ts";
import { network, networkOfSubnet, securityGroup, subnet } from "./networks.ts";

/** Lists load balancers and what stands behind them. */
export function* listLoadBalancers(place: Place): Generator<Listed> {
  const { loadBalancers, subnets, instances } = place.plan;
  for (let index = 0; index < loadBalancers; index++) {
    const self = { kind: "demo_load_balancer", id: place.id("lb", index) };
    const inSubnet = place.number(subnets, 400, index);
    const backends: string[] = [];
    const edges: FoundEdge[] = [
      ...contains(network(place, networkOfSubnet(inSubnet)), self),
      ...contains(subnet(place, inSubnet), self),
    ];
    const seen = new Set<number>();
    for (let at = 0; at < 3; at++) {
      const number = place.number(instances, 401, index, at);
      const state = instanceState(place, number);
      if (state === undefined || seen.has(number)) continue;
      seen.add(number);
      backends.push(state.id);
      edges.push({ from: self, to: instanceRef(state) });
    }
    yield {
      node: {
        id: self.id,
        reported: {
          name: `lb-${place.name(index)}`,
          ctime: place.ctime(400, index),
          tags: place.tags(400, index),
          lb_type: place.pick(["http", "tcp"], 402, index),
          public_ip_address: `203.0.113.${index % 250 + 1}`,
          backends,
        },
      },
      edges,
    };
  }
}

const ENGINES = [
  { type: "postgres", version: "18.1", port: 5432 },
  { type: "mysql", version: "9.6", port: 3306 },
] as const;

/** Lists databases. */
export function* listDatabases(place: Place): Generator<Listed> {
  const { databases, subnets } = place.plan;
  for (let index = 0; index < databases; index++) {
    const self = { kind: "demo_database", id: place.id("db", index) };
    const inSubnet = place.number(subnets, 403, index);
    const parent = networkOfSubnet(inSubnet);
    const engine = place.pick(ENGINES, 404, index);
    yield {
      node: {
        id: self.id,
        zone: place.zone(inSubnet),
        reported: {
          name: `${place.name(index)}-db`,
          ctime: place.ctime(403, index),
          tags: place.tags(403, index),
          db_type: engine.type,
          db_version: engine.version,
          db_status: "available",
          db_endpoint: `${self.id}.db.demo.example:${engine.port}`,
          db_publicly_accessible: place.fraction(405, index) < 0.1,
          instance_type: "db.large",
          volume_size: 100 * (1 + place.number(10, 406, index)),
          volume_encrypted: true,
        },
      },
      edges: [
        ...contains(network(place, parent), self),
        ...contains(subnet(place, inSubnet), self),
        { from: securityGroup(place, parent * 4 + 3), to: self },
      ],
    };
  }
}
