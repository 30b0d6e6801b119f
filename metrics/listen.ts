import type { GraphChangeJson } from "@skymap/lib/client";
import type { DbSession, RecordId } from "@skymap/lib/db";
import type { Updater } from "./updater.ts";

/** A row of `graph_change`: the last word of the graph that it is named after. */
type ChangeRow = GraphChangeJson & { readonly id: RecordId };

/**
 * Hears of what changes in the graphs. Gives what is to be called when the
 * connection was lost: words may have been missed.
 */
export async function listenToChanges(
  db: DbSession,
  updater: Pick<Updater, "know" | "hear" | "forget" | "reconsider">,
): Promise<() => Promise<void>> {
  const read = async () => {
    const [rows] = await db.query<[ChangeRow[]]>("SELECT * FROM graph_change");
    return rows;
  };
  await db.live<ChangeRow>(
    "LIVE SELECT * FROM graph_change",
    {},
    (action, row) => {
      if (action === "DELETE") updater.forget(String(row.id.id));
      else updater.hear(row);
    },
  );
  for (const row of await read()) updater.know(row);
  return async () => {
    for (const row of await read()) updater.hear(row);
    // The last word does not tell all that those before it did.
    updater.reconsider();
  };
}
