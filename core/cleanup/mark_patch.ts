import type { NodePatch } from "@skymap/lib/client";

/**
 * Marks a node to be cleaned up. That a plan deleted something of its id counts no
 * more: what has the id now is to be deleted, too.
 */
export function markPatch(reason: string = ""): Omit<NodePatch, "id"> {
  return {
    desired: { clean: true },
    metadata: {
      cleaned: null,
      cleaned_at: null,
      cleaned_plan: null,
      ...(reason !== "" && { clean_reason: reason }),
    },
  };
}
