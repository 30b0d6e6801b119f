import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  object,
  tags,
  text,
  texts,
  time,
  valueKind,
  volatile,
} from "../../property.ts";
import { keyValueTags } from "../key_value_tags.ts";

const recordingGroup = valueKind("aws_config_recording_group", {
  all_supported: flag("allSupported"),
  include_global_resource_types: flag("includeGlobalResourceTypes"),
  resource_types: texts("resourceTypes[*]"),
});

const recorderStatus = valueKind("aws_config_recorder_status", {
  last_start_time: time("lastStartTime"),
  last_stop_time: time("lastStopTime"),
  recording: flag("recording"),
  last_status: volatile(text("lastStatus")),
  last_error_code: text("lastErrorCode"),
  last_error_message: text("lastErrorMessage"),
  last_status_change_time: volatile(time("lastStatusChangeTime")),
});

/** A recorder of a region's configuration. */
export const RECORDER: ResourceDeclaration = {
  kind: "aws_config_recorder",
  description: "What AWS Config records of a region",
  categories: ["security", "management"],
  list: {
    service: "configservice",
    operation: "DescribeConfigurationRecorders",
    result: "ConfigurationRecorders[*]",
  },
  one: ({ id }) => ({ ConfigurationRecorderNames: [id] }),
  details: [
    {
      as: "$status",
      of: "name",
      batch: 10,
      service: "configservice",
      operation: "DescribeConfigurationRecorderStatus",
      askFor: (names) => ({ ConfigurationRecorderNames: names }),
      result: "ConfigurationRecordersStatus[*]",
      match: "name",
    },
    {
      as: "$tags",
      of: "arn",
      service: "configservice",
      operation: "ListTagsForResource",
      askFor: ([arn = ""]) => ({ ResourceArn: arn }),
      result: "Tags[*]",
      pages: { input: "NextToken", output: "NextToken" },
      many: true,
      none: ["ResourceNotFoundException"],
    },
  ],
  id: "name",
  properties: {
    tags: tags("$tags"),
    name: text("name"),
    arn: text("arn"),
    recorder_group: object("recordingGroup", recordingGroup),
    recorder_status: object("$status", recorderStatus),
    recorder_role_arn: text("roleARN"),
  },
  edges: [{
    predecessor: "aws_iam_role",
    id: "roleARN",
    deletedFirst: "self",
  }],
  remove: {
    refuse: ({ servicePrincipal }) =>
      typeof servicePrincipal === "string" && servicePrincipal !== ""
        ? `it belongs to ${servicePrincipal}`
        : undefined,
    calls: [{
      service: "configservice",
      operation: "DeleteConfigurationRecorder",
      input: (_, { id }) => ({ ConfigurationRecorderName: id }),
    }],
    gone: ["NoSuchConfigurationRecorderException"],
  },
  tagging: {
    set: {
      service: "configservice",
      operation: "TagResource",
      input: ({ reported }, tags) => ({
        ResourceArn: String(reported["arn"]),
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "configservice",
      operation: "UntagResource",
      input: ({ reported }, keys) => ({
        ResourceArn: String(reported["arn"]),
        TagKeys: keys,
      }),
    },
  },
};
