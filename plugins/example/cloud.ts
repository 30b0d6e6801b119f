/** The regions of the made-up cloud. */
export const REGIONS: readonly string[] = ["north", "south"];

/** A machine, as the API of the made-up cloud answers it. */
export interface Machine {
  readonly Id: string;
  readonly Label: string;
  readonly Cpus: number;
  readonly MemoryGiB: number;
  readonly On: boolean;
  readonly Created: string;
  readonly Disks: readonly { readonly Id: string; readonly SizeGb: number }[];
}

/** The accounts that the credentials can see. */
export function listAccounts(): { id: string; name: string }[] {
  return [
    { id: "1001", name: "example-shop" },
    { id: "1002", name: "example-lab" },
  ];
}

/** The machines of a region; a real API is asked page by page. */
export async function* listMachines(
  account: string,
  region: string,
): AsyncGenerator<Machine> {
  for (const number of [1, 2, 3]) {
    const id = `m-${account}-${region}-${number}`;
    yield await Promise.resolve({
      Id: id,
      Label: `web-${number}`,
      Cpus: 2 * number,
      MemoryGiB: 4 * number,
      On: number !== 3,
      Created: "2026-01-15T08:00:00Z",
      Disks: [{ Id: `${id}-disk`, SizeGb: 50 * number }],
    });
  }
}
