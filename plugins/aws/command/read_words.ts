/** A call as it was written: its gaps are not filled. */
export interface WrittenCall {
  /** The service, as the AWS CLI names it. */
  readonly service: string;
  /** The operation, as the AWS CLI names it: `stop-instances`. */
  readonly operation: string;
  /** Account to call; undefined for that of the node. */
  readonly account?: string;
  /** Region to call; undefined for that of the node. */
  readonly region?: string;
  /** Words of each parameter, by its name without `--`. */
  readonly parameters: ReadonlyMap<string, readonly string[]>;
}

/** Options of ours, which say where a call goes. */
const PLACE = ["account", "region"] as const;

/** Options of the AWS CLI that stand for something else here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  profile: "accounts and their credentials are those of the configuration",
  role: "accounts and their credentials are those of the configuration",
  "endpoint-url": "the configuration of the plugin has `endpoint`",
  output: "the answer is JSON; `format` shows it otherwise",
  query: "`jq` takes out of the answer what is wanted",
};

const USAGE = "wanted SERVICE OPERATION [--parameter value …], such as " +
  "ec2 stop-instances --instance-ids {id}";

/**
 * Reads the words of a call. What begins with `--` is a parameter; the words
 * after it are its values.
 *
 * @throws {TypeError} If it is no call.
 */
export function readWords(words: readonly string[]): WrittenCall {
  const names: string[] = [];
  const parameters = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const word of words) {
    const [, name, value] = /^--([a-z][\w-]*)(?:=([^]*))?$/i.exec(word) ?? [];
    if (name === undefined) {
      (values ?? names).push(word);
      continue;
    }
    if (parameters.has(name)) {
      throw new TypeError(`--${name} is given twice`);
    }
    if (Object.hasOwn(ELSEWHERE, name)) {
      throw new TypeError(`--${name} is not for here: ${ELSEWHERE[name]}`);
    }
    values = value === undefined ? [] : [value];
    parameters.set(name, values);
    // What follows where a call goes may be the service.
    if (value !== undefined && isPlace(name)) values = undefined;
  }
  const place: { account?: string; region?: string } = {};
  for (const name of PLACE) {
    const given = parameters.get(name);
    if (given === undefined) continue;
    const [value, ...rest] = given;
    if (value === undefined) throw new TypeError(`--${name} has no value`);
    parameters.delete(name);
    place[name] = value;
    // Written in front: `--region eu-west-1 ec2 describe-vpcs`.
    names.push(...rest);
  }
  const [service, operation, ...more] = names;
  if (service === undefined || operation === undefined) {
    throw new TypeError(`service or operation is missing, ${USAGE}`);
  }
  if (more.length > 0) {
    throw new TypeError(`"${more[0]}" belongs to no parameter, ${USAGE}`);
  }
  return { service, operation, ...place, parameters };
}

function isPlace(name: string): boolean {
  return (PLACE as readonly string[]).includes(name);
}
