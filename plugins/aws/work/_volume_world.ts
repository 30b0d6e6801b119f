/**
 * A few volumes in an EC2 of our own, and the tasks that work on them.
 *
 * @module
 */

import type {
  DeleteTask,
  DeleteTaskResult,
  JsonObject,
  TagTask,
  TagTaskResult,
  TaskContext,
  TaskResource,
} from "@skymap/lib/plugin";
import { packAccess } from "../account_credentials.ts";
import type { ResourceDeclaration } from "../declaration.ts";
import {
  type FakeAnswer,
  FakeEc2,
  type FakeRequest,
  refusal,
  xml,
} from "../fake_ec2.ts";
import { integer, tags, text, texts, volatile } from "../property.ts";
import { type AwsConfig, readConfig } from "../settings.ts";
import { workTasks } from "./mod.ts";

/** A volume of the world. */
export interface FakeVolume {
  size: number;
  state?: string;
  tags?: Record<string, string>;
  /** Instances that it is attached to. */
  attached?: string[];
}

/** The kind of volumes of the world. */
export const VOLUME: ResourceDeclaration = {
  kind: "aws_ec2_volume",
  description: "A volume",
  list: {
    service: "ec2",
    operation: "DescribeVolumes",
    result: "Volumes[*]",
  },
  one: ({ id }) => ({ VolumeIds: [id] }),
  id: "VolumeId",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    volume_size: integer("Size"),
    volume_state: volatile(text("State")),
    attached: texts("Attachments[*].InstanceId"),
  },
  remove: {
    calls: [
      {
        service: "ec2",
        operation: "DetachVolume",
        input: ({ Attachments, VolumeId }) =>
          (Attachments as { InstanceId: string }[]).map(({ InstanceId }) => ({
            VolumeId: String(VolumeId),
            InstanceId,
          })),
        done: ["IncorrectState"],
      },
      {
        service: "ec2",
        operation: "DeleteVolume",
        input: ({ VolumeId }) => ({ VolumeId: String(VolumeId) }),
      },
    ],
    refuse: ({ Size }) => Size === 666 ? "it is the root's" : undefined,
    isGone: ({ State }) => State === "deleting",
    gone: ["InvalidVolume.NotFound"],
    later: ["VolumeInUse"],
    withinSeconds: 30,
  },
  tagging: {
    set: {
      service: "ec2",
      operation: "CreateTags",
      input: ({ id }, tags) => ({
        Resources: [id],
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
    unset: {
      service: "ec2",
      operation: "DeleteTags",
      input: ({ id }, keys) => ({
        Resources: [id],
        Tags: keys.map((Key) => ({ Key })),
      }),
    },
  },
};

function volumeXml(id: string, volume: FakeVolume): string {
  const { attached = [], size, state = "available", tags = {} } = volume;
  const items = (name: string, each: readonly string[]) =>
    `<${name}>${each.map((one) => `<item>${one}</item>`).join("")}</${name}>`;
  return `<item><volumeId>${id}</volumeId><size>${size}</size>` +
    `<status>${state}</status>` +
    items(
      "attachmentSet",
      attached.map((one) => `<instanceId>${one}</instanceId>`),
    ) +
    items(
      "tagSet",
      Object.entries(tags).map(([key, value]) =>
        `<key>${key}</key><value>${value}</value>`
      ),
    ) + "</item>";
}

/** Volumes by id, what answers for them, and the tasks. */
export class VolumeWorld implements AsyncDisposable {
  /** The volumes. */
  readonly volumes: Map<string, FakeVolume>;
  /** Answers in place of the world, where it gives an answer. */
  instead: (request: FakeRequest) => ReturnType<FakeAnswer> | undefined = () =>
    undefined;
  /** When the session of the account ends. Default: it does not. */
  expiration: Date | undefined;
  /** Accounts that were asked for anew. */
  readonly renewed: string[] = [];
  /** Told of every pause, in milliseconds. */
  onSleep: (milliseconds: number) => void = () => {};
  readonly ec2: FakeEc2;
  readonly #resources: readonly ResourceDeclaration[];
  #now = 0;

  /** Starts it. */
  constructor(
    volumes: Readonly<Record<string, FakeVolume>>,
    resources: readonly ResourceDeclaration[] = [VOLUME],
  ) {
    this.volumes = new Map(Object.entries(structuredClone(volumes)));
    this.#resources = resources;
    this.ec2 = new FakeEc2((request) =>
      this.instead(request) ?? this.#answer(request)
    );
  }

  #answer(request: FakeRequest): Response {
    const action = request["Action"] ?? "";
    const id = request["VolumeId.1"] ?? request["VolumeId"] ??
      request["ResourceId.1"];
    const volume = this.volumes.get(id ?? "");
    if (id !== undefined && volume === undefined) {
      return refusal(400, "InvalidVolume.NotFound", `no volume ${id}`);
    }
    switch (action) {
      case "DescribeVolumes": {
        const shown = [...this.volumes]
          .filter(([each]) => id === undefined || each === id)
          .map(([each, one]) => volumeXml(each, one));
        return xml(action, `<volumeSet>${shown.join("")}</volumeSet>`);
      }
      case "DetachVolume":
        if (volume !== undefined) {
          volume.attached = volume.attached?.filter((each) =>
            each !== request["InstanceId"]
          ) ?? [];
        }
        break;
      case "DeleteVolume":
        this.volumes.delete(id ?? "");
        break;
      case "CreateTags":
      case "DeleteTags":
        for (let at = 1; volume !== undefined; at++) {
          const key = request[`Tag.${at}.Key`];
          if (key === undefined) break;
          volume.tags = { ...volume.tags };
          if (action === "DeleteTags") delete volume.tags[key];
          else volume.tags[key] = request[`Tag.${at}.Value`] ?? "";
        }
    }
    return xml(action, "<return>true</return>");
  }

  /** A volume as the graph has it, in which it may differ. */
  resource(id: string, reported: JsonObject = {}): TaskResource {
    const { attached = [], size = 0, tags = {} } = this.volumes.get(id) ??
      { size: 0 };
    return {
      node: `node-${id}`,
      kind: VOLUME.kind,
      id,
      region: "eu-west-1",
      reported: {
        kind: VOLUME.kind,
        id,
        name: tags["Name"] ?? id,
        tags,
        volume_size: size,
        attached,
        ...reported,
      },
    };
  }

  /** What was asked for, in order, but for looks. */
  get changes(): string[] {
    return this.ec2.actions.filter((each) => !each.startsWith("Describe"));
  }

  /** Runs a task. */
  async run(
    task: "tag",
    args: TagTask,
    signal?: AbortSignal,
  ): Promise<TagTaskResult>;
  async run(
    task: "delete" | "detach",
    args: DeleteTask,
    signal?: AbortSignal,
  ): Promise<DeleteTaskResult>;
  async run(
    task: string,
    args: TagTask | DeleteTask,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<TagTaskResult | DeleteTaskResult> {
    const clock = {
      now: () => this.#now,
      sleep: (milliseconds: number, { aborted, reason }: AbortSignal) => {
        this.onSleep(milliseconds);
        this.#now += milliseconds;
        return aborted ? Promise.reject(reason) : Promise.resolve();
      },
    };
    const account = {
      id: "111111111111",
      credentials: packAccess({
        credentials: {
          accessKeyId: "key",
          secretAccessKey: "secret",
          ...(this.expiration !== undefined && { expiration: this.expiration }),
        },
        partition: "aws",
      }),
    };
    const context: Partial<TaskContext<AwsConfig>> = {
      account,
      accountOf: (id) => {
        this.renewed.push(id);
        return Promise.resolve(account);
      },
      config: readConfig({ endpoint: this.ec2.endpoint }),
      signal,
      task,
      args: args as unknown as JsonObject,
    };
    const work = workTasks(this.#resources, clock)[task];
    const result = await work?.(context as TaskContext<AwsConfig>);
    return result as unknown as TagTaskResult | DeleteTaskResult;
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.ec2[Symbol.asyncDispose]();
  }
}
