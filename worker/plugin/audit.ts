import type {
  GrantedPermissions,
  PermissionName,
} from "@skymap/lib/plugin_host";
import { coversPermission, PERMISSION_NAMES } from "@skymap/lib/plugin_host";
import { plainLine } from "./plain_text.ts";

/** Something that a plugin process reached for. */
export interface Access {
  /** The permission, as Deno calls it: `net`, `read`, `run` and the like. */
  readonly permission: string;
  /** The host, path, name or fact; empty when it asked for all there are. */
  readonly value: string;
  /** Whether the grant covers it. */
  readonly allowed: boolean;
  /** How often. */
  readonly count: number;
}

/** What one process reached for. */
export interface AccessReport {
  /** Each access once, in the order of the first time. */
  readonly accesses: readonly Access[];
  /** Accesses that were not kept, as there were too many different ones. */
  readonly dropped: number;
}

/** The variable that makes Deno tell each access; a path to write them to. */
export const AUDIT_ENV = "DENO_AUDIT_PERMISSIONS";

/** How a line that tells an access begins. */
export const ACCESS_MARK = '{"v":1,"datetime":"';
const LINE =
  /^\{"v":1,"datetime":"[^"]*","permission":"(\w+)"(?:,"value":"((?:[^"\\]|\\.)*))?/;
const MAX_VALUE = 500;
/** Different accesses that are kept, for each permission: no flood hides another. */
const MAX_DIFFERENT = 200;
/** Permissions that are kept: Deno has fewer, a plugin can make up any. */
const MAX_PERMISSIONS = 20;

/** `host:port` of a URL, which may hold what nobody else is to see. */
function hostOf(address: string): string | undefined {
  if (!address.includes("://") || !URL.canParse(address)) return;
  const { hostname, port, protocol } = new URL(address);
  const isSecure = protocol === "https:" || protocol === "wss:";
  return `${hostname}:${port || (isSecure ? "443" : "80")}`;
}

/** Whether Deno writes a value as it is granted: as `host:port`, path or name. */
function isGranted(
  granted: GrantedPermissions,
  permission: string,
  value: string,
): boolean {
  const name = permission as PermissionName;
  if (value === "" || !PERMISSION_NAMES.includes(name)) return false;
  return granted[name].some((each) => coversPermission(name, each, value));
}

/**
 * Counts what a process reached for, from the lines that Deno writes. A plugin
 * can write such lines too, and so claim more than it did, but never less.
 */
export class AccessAudit {
  readonly #granted: GrantedPermissions;
  readonly #counts = new Map<string, Access>();
  readonly #different = new Map<string, number>();
  /** Hosts that were told as a URL, and are to be told once more as a host. */
  readonly #announced = new Map<string, number>();
  #dropped = 0;

  /** Compares with what was granted. */
  constructor(granted: GrantedPermissions) {
    this.#granted = granted;
  }

  /** Takes the access out of a line, and gives what else is in it. */
  take(line: string): string {
    // A plugin may have left an unfinished line before it.
    const at = line.lastIndexOf(ACCESS_MARK);
    if (at === -1) return line;
    const match = LINE.exec(line.slice(at));
    if (match === null) return line;
    const [, permission = "", text = ""] = match;
    const value = unescape(text);
    if (permission === "net") this.#addNet(value);
    else this.#add(permission, value);
    return line.slice(0, at);
  }

  /** Deno tells a fetch twice: as its URL, and then as its host. */
  #addNet(value: string): void {
    const host = hostOf(value);
    const announced = this.#announced.get(host ?? value) ?? 0;
    if (host !== undefined) {
      // Beyond that a host is only counted twice.
      if (announced > 0 || this.#announced.size < MAX_DIFFERENT) {
        this.#announced.set(host, announced + 1);
      }
      this.#add("net", host);
    } else if (announced > 0) this.#announced.set(value, announced - 1);
    else this.#add("net", value);
  }

  #add(permission: string, whole: string): void {
    const value = plainLine(whole, MAX_VALUE);
    const allowed = isGranted(this.#granted, permission, whole);
    const key = `${permission} ${allowed} ${value}`;
    const known = this.#counts.get(key);
    if (known !== undefined) {
      this.#counts.set(key, { ...known, count: known.count + 1 });
      return;
    }
    const different = this.#different.get(permission) ?? 0;
    if (
      different >= MAX_DIFFERENT ||
      different === 0 && this.#different.size >= MAX_PERMISSIONS
    ) {
      this.#dropped++;
      return;
    }
    this.#different.set(permission, different + 1);
    this.#counts.set(key, { permission, value, allowed, count: 1 });
  }

  /** What was reached for up to now. */
  get report(): AccessReport {
    return { accesses: [...this.#counts.values()], dropped: this.#dropped };
  }
}

/** A JSON text without its quotes; what was cut off in the middle stays so. */
function unescape(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
