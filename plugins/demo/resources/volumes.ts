import type { Listed } from "../listing.ts";
import { type Place, uses } from "../place.ts";
import { instanceRef, instanceState } from "./instances.ts";

const SIZES = [8, 20, 50, 100, 200, 500];
const TYPES = ["ssd", "ssd", "ssd", "hdd"];

/** Hours that a passing volume is there, and away. */
const LIFE = 14;

/** What is true of a volume at the hour of its place. */
interface VolumeState {
  readonly id: string;
  readonly since: number | undefined;
}

/** The volume with this number now; one in 20 comes and goes. */
function volumeState(place: Place, index: number): VolumeState | undefined {
  if (place.fraction(300, index) >= 0.05) {
    return { id: place.id("vol", index), since: undefined };
  }
  const { tick } = place.config;
  const shifted = tick + place.number(2 * LIFE, 301, index);
  const life = Math.floor(shifted / LIFE);
  if (life % 2 === 1) return;
  return { id: place.id("vol", index, life), since: tick - shifted % LIFE };
}

/** Lists volumes: those beyond one for each instance are further disks. */
export function* listVolumes(place: Place): Generator<Listed> {
  const { volumes, instances } = place.plan;
  for (let index = 0; index < volumes; index++) {
    const state = volumeState(place, index);
    if (state === undefined) continue;
    // One in twelve was forgotten when its instance went.
    const instance = place.fraction(302, index) < 0.08
      ? undefined
      : instanceState(place, index % instances);
    const self = { kind: "demo_volume", id: state.id };
    const size = place.pick(SIZES, 303, index);
    yield {
      node: {
        id: state.id,
        zone: place.zone(index),
        reported: {
          name: `${place.name(index % instances)}-disk`,
          ctime: state.since === undefined
            ? place.ctime(300, index)
            : place.time(state.since),
          tags: place.tags(300, index),
          volume_size: size,
          volume_type: place.pick(TYPES, 304, index),
          volume_status: instance === undefined ? "available" : "in-use",
          volume_iops: Math.max(100, size * 3),
          volume_encrypted: place.fraction(305, index) < 0.8,
        },
      },
      edges: instance === undefined ? [] : uses(instanceRef(instance), self),
    };
  }
}

/** Lists snapshots: each is replaced by a new one after two days. */
export function* listSnapshots(place: Place): Generator<Listed> {
  const { snapshots, volumes } = place.plan;
  const { tick } = place.config;
  for (let index = 0; index < snapshots; index++) {
    const owner = index % volumes;
    const volume = volumeState(place, owner);
    const shifted = tick + place.number(48, 306, index);
    const since = tick - shifted % 48;
    const self = {
      kind: "demo_snapshot",
      id: place.id("snap", index, Math.floor(shifted / 48)),
    };
    yield {
      node: {
        id: self.id,
        reported: {
          name: `${place.name(owner % place.plan.instances)}-backup`,
          description: "Made by the backup plan",
          ctime: place.time(since),
          tags: place.tags(306, index),
          snapshot_status: "completed",
          volume_id: place.id("vol", owner),
          volume_size: place.pick(SIZES, 303, owner),
          encrypted: place.fraction(305, owner) < 0.8,
          owner_id: place.account,
        },
      },
      edges: volume === undefined ? [] : [{
        from: { kind: "demo_volume", id: volume.id },
        to: self,
      }],
    };
  }
}
