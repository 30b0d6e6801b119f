/**
 * Circles in a graph of numbers.
 *
 * @module
 */

/** Edges of numbered nodes: those of node n end at `targets[heads[n]]` and on. */
export interface Adjacency {
  /** Where the edges of each node begin, and one more: where the last ones end. */
  readonly heads: Int32Array;
  /** Where edges end. */
  readonly targets: Int32Array;
}

/** Which nodes reach each other. */
export interface Components {
  /** Number of each node's component: one that edges lead to has a lower one. */
  readonly of: Int32Array;
  /** How many nodes each component has. */
  readonly sizes: readonly number[];
}

/** Where the edges of each end begin when they lie by it, and one more. */
function headsOf(count: number, ends: ArrayLike<number>): Int32Array {
  const heads = new Int32Array(count + 1);
  for (let at = 0; at < ends.length; at++) {
    const place = (ends[at] ?? 0) + 1;
    heads[place] = (heads[place] ?? 0) + 1;
  }
  for (let at = 0; at < count; at++) {
    heads[at + 1] = (heads[at + 1] ?? 0) + (heads[at] ?? 0);
  }
  return heads;
}

/**
 * Edges by where they begin: sorted, none twice, none from a node to itself. They
 * are put by their ends first, then by their begins, each time in one pass.
 */
export function adjacency(
  count: number,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
): Adjacency {
  const byEnd = new Int32Array(to.length);
  const ends = headsOf(count, to);
  for (let at = 0; at < to.length; at++) {
    const end = to[at] ?? 0;
    const place = ends[end] ?? 0;
    byEnd[place] = at;
    ends[end] = place + 1;
  }
  const all = new Int32Array(to.length);
  const heads = headsOf(count, from);
  const next = heads.slice();
  for (const at of byEnd) {
    const begin = from[at] ?? 0;
    const place = next[begin] ?? 0;
    all[place] = to[at] ?? 0;
    next[begin] = place + 1;
  }
  let length = 0;
  for (let node = 0; node < count; node++) {
    const first = heads[node] ?? 0;
    const end = heads[node + 1] ?? 0;
    heads[node] = length;
    let before = node;
    for (let at = first; at < end; at++) {
      const target = all[at] ?? 0;
      // Those of the node itself may stand between others.
      if (target === node || target === before) continue;
      all[length++] = target;
      before = target;
    }
  }
  heads[count] = length;
  return { heads, targets: all.subarray(0, length) };
}

/** The edges the other way round. */
export function reversed({ heads, targets }: Adjacency): Adjacency {
  const from = new Int32Array(targets.length);
  for (let node = 0; node + 1 < heads.length; node++) {
    from.fill(node, heads[node], heads[node + 1]);
  }
  return adjacency(heads.length - 1, targets, from);
}

/**
 * The components of a graph, by Tarjan's algorithm; without recursion, for what
 * hangs on each other may be a chain of any length.
 */
export function components({ heads, targets }: Adjacency): Components {
  const count = heads.length - 1;
  const of = new Int32Array(count).fill(-1);
  const seen = new Int32Array(count);
  const low = new Int32Array(count);
  const next = heads.slice(0, count);
  const open: number[] = [];
  const path: number[] = [];
  const sizes: number[] = [];
  let time = 0;
  const enter = (node: number) => {
    seen[node] = low[node] = ++time;
    open.push(node);
    path.push(node);
  };
  for (let start = 0; start < count; start++) {
    if (seen[start] !== 0) continue;
    enter(start);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const at = next[node] ?? 0;
      if (at < (heads[node + 1] ?? 0)) {
        next[node] = at + 1;
        const target = targets[at] ?? 0;
        if (seen[target] === 0) enter(target);
        else if (of[target] === -1) {
          low[node] = Math.min(low[node] ?? 0, seen[target] ?? 0);
        }
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) {
        low[above] = Math.min(low[above] ?? 0, low[node] ?? 0);
      }
      if (low[node] !== seen[node]) continue;
      let size = 0;
      for (let member = -1; member !== node; size++) {
        member = open.pop() ?? node;
        of[member] = sizes.length;
      }
      sizes.push(size);
    }
  }
  return { of, sizes };
}
