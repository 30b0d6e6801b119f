import type { FoundEdge } from "@skymap/lib/plugin";
import type { Listed } from "../listing.ts";
import type { Place } from "../place.ts";

const PEOPLE = [
  "Ada Byron",
  "Grace Murray",
  "Linus Pauling",
  "Margaret Elaine",
  "Dennis MacAlistair",
  "Barbara Jane",
];
const GROUPS = ["developers", "operators", "analysts"];
const USERS = 8;
const BUCKETS = ["logs", "backups", "assets", "exports"];

function bucketId(place: Place, index: number): string {
  return `${place.environment}-${BUCKETS[index]}-${place.account.slice(-4)}`;
}

/** Lists the people who sign in to the account. */
export function* listUsers(place: Place): Generator<Listed> {
  for (let index = 0; index < USERS; index++) {
    const self = { kind: "demo_user", id: place.id("user", index) };
    const person = PEOPLE[index % PEOPLE.length] ?? "";
    const name = `${person.toLowerCase().replace(" ", ".")}${
      index < PEOPLE.length ? "" : "2"
    }`;
    const target = place.number(BUCKETS.length, 500, index);
    const edge: FoundEdge = {
      from: self,
      to: { kind: "demo_bucket", id: bucketId(place, target) },
      type: "iam",
      reported: { access: place.pick(["read", "write"], 501, index) },
    };
    yield {
      node: {
        id: self.id,
        reported: {
          name,
          ctime: place.ctime(500, index),
          tags: place.tags(500, index),
          email: `${name}@acme.example`,
          mfa_enabled: place.fraction(502, index) < 0.8,
          groups: [place.pick(GROUPS, 503, index)],
        },
      },
      edges: [edge],
    };
  }
}

/** Lists buckets; they grow from day to day. */
export function* listBuckets(place: Place): Generator<Listed> {
  const day = Math.floor(place.config.tick / 24);
  for (const [index, purpose] of BUCKETS.entries()) {
    const objects = 1_000 + place.number(100_000, 504, index) + day * 10;
    yield {
      node: {
        id: bucketId(place, index),
        reported: {
          name: bucketId(place, index),
          ctime: place.ctime(504, index),
          tags: place.tags(504, index),
          encryption_enabled: place.fraction(505, index) < 0.9,
          versioning_enabled: purpose === "backups",
          bucket_location: place.pick(place.config.regions, 506, index),
          object_count: objects,
          bucket_bytes: objects * 70_000,
          public_access: purpose === "assets",
        },
      },
    };
  }
}
