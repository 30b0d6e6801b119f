import type { ResourceDeclaration } from "../../declaration.ts";
import {
  constant,
  flag,
  json,
  object,
  policy,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { kmsKeyId } from "../../arn.ts";
import { keyValueTags } from "../key_value_tags.ts";

const encryptionConfiguration = valueKind("aws_ecr_encryption_configuration", {
  encryption_type: text("encryptionType"),
  kms_key: text("kmsKey"),
});

/** A private repository of container images. One that holds images is not deleted. */
export const REPOSITORY: ResourceDeclaration = {
  kind: "aws_ecr_repository",
  description: "A repository of container images (ECR)",
  categories: ["compute", "storage"],
  list: {
    service: "ecr",
    operation: "DescribeRepositories",
    result: "repositories[*]",
    pages: {
      input: "nextToken",
      output: "nextToken",
      size: ["maxResults", 1000],
    },
  },
  one: ({ id }) => ({ repositoryNames: [id] }),
  details: [
    {
      as: "$tags",
      of: "repositoryArn",
      service: "ecr",
      operation: "ListTagsForResource",
      askFor: ([arn = ""]) => ({ resourceArn: arn }),
      none: ["RepositoryNotFoundException"],
    },
    {
      as: "$lifecycle",
      of: "repositoryName",
      service: "ecr",
      operation: "GetLifecyclePolicy",
      askFor: ([name = ""]) => ({ repositoryName: name }),
      none: ["LifecyclePolicyNotFoundException", "RepositoryNotFoundException"],
    },
    {
      as: "$policy",
      of: "repositoryName",
      service: "ecr",
      operation: "GetRepositoryPolicy",
      askFor: ([name = ""]) => ({ repositoryName: name }),
      none: [
        "RepositoryPolicyNotFoundException",
        "RepositoryNotFoundException",
      ],
    },
  ],
  id: "repositoryName",
  properties: {
    tags: tags("$tags.tags"),
    name: text("repositoryName"),
    ctime: time("createdAt"),
    arn: text("repositoryArn"),
    repository_arn: text("repositoryArn"),
    registry_id: text("registryId"),
    repository_uri: text("repositoryUri"),
    image_tag_mutability: text("imageTagMutability"),
    image_scan_on_push: flag("imageScanningConfiguration.scanOnPush"),
    encryption_configuration: object(
      "encryptionConfiguration",
      encryptionConfiguration,
    ),
    repository_visibility: constant("private"),
    lifecycle_policy: json("$lifecycle.lifecyclePolicyText"),
    repository_policy: policy("$policy.policyText"),
  },
  edges: [{
    successor: "aws_kms_key",
    id: "encryptionConfiguration.kmsKey",
    read: kmsKeyId,
    deletedFirst: "self",
  }],
  remove: {
    // Not forced: AWS refuses to delete one that holds images.
    calls: [{
      service: "ecr",
      operation: "DeleteRepository",
      input: (_, { id }) => ({ repositoryName: id }),
    }],
    gone: ["RepositoryNotFoundException"],
  },
  tagging: {
    set: {
      service: "ecr",
      operation: "TagResource",
      input: ({ reported }, tags) => ({
        resourceArn: String(reported["arn"]),
        tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "ecr",
      operation: "UntagResource",
      input: ({ reported }, keys) => ({
        resourceArn: String(reported["arn"]),
        tagKeys: keys,
      }),
    },
  },
};
