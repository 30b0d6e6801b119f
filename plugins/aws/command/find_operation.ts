import { loadService, type ServiceName, SERVICES } from "../services.ts";

/** A name without what spellings differ in: `VpcIds` and `vpc-ids` are one. */
export function plainName(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}

/** Names that are most like one that does not exist, at most three. */
function likeOnes(name: string, names: readonly string[]): string {
  const begin = plainName(name);
  const like = names.filter((each) => {
    const plain = plainName(each);
    return plain.includes(begin) || begin.includes(plain) ||
      plain.slice(0, 8) === begin.slice(0, 8);
  });
  return like.length === 0 ? "" : `; there is ${like.slice(0, 3).join(", ")}`;
}

function dashed(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2").toLowerCase();
}

/** The service of that name. */
export function findService(name: string): ServiceName {
  if (Object.hasOwn(SERVICES, name)) return name as ServiceName;
  throw new TypeError(
    `there is no service "${name}" here, wanted one of ${
      Object.keys(SERVICES).join(", ")
    }`,
  );
}

/**
 * The operation as the SDK names it, by its name in the AWS CLI.
 *
 * @throws {TypeError} If the service has none such.
 */
export async function findOperation(
  service: ServiceName,
  name: string,
): Promise<string> {
  const { exports } = await loadService(service);
  const names = Object.keys(exports).filter((each) =>
    each.endsWith("Command") && each !== "$Command"
  ).map((each) => each.slice(0, -"Command".length));
  const wanted = plainName(name);
  const found = names.find((each) => plainName(each) === wanted);
  if (found !== undefined) return found;
  throw new TypeError(
    `"${service}" has no operation "${name}"${
      likeOnes(name, names.map(dashed))
    }`,
  );
}
