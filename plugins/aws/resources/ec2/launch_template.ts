import { kmsKeyId } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import { flag, integer, object, tags, text, time } from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { launchTemplateData } from "./launch_template_data.ts";

/** What instances begin with; of its versions, the default one. */
export const LAUNCH_TEMPLATE: ResourceDeclaration = {
  kind: "aws_ec2_launch_template",
  description: "What instances begin with (launch template, default version)",
  categories: ["compute"],
  list: {
    service: "ec2",
    operation: "DescribeLaunchTemplates",
    result: "LaunchTemplates[*]",
    pages: { ...EC2_PAGES, size: ["MaxResults", 200] },
  },
  details: [{
    as: "$version",
    of: "LaunchTemplateId",
    service: "ec2",
    operation: "DescribeLaunchTemplateVersions",
    all: true,
    askFor: () => ({ Versions: ["$Default"] }),
    result: "LaunchTemplateVersions[*]",
    pages: { ...EC2_PAGES, size: ["MaxResults", 200] },
    match: "LaunchTemplateId",
  }],
  id: "LaunchTemplateId",
  properties: {
    tags: tags("Tags"),
    name: text("LaunchTemplateName"),
    ctime: time("CreateTime"),
    version_number: integer("$version.VersionNumber"),
    version_description: text("$version.VersionDescription"),
    created_by: text("CreatedBy", "$version.CreatedBy"),
    is_default_version: flag("$version.DefaultVersion"),
    launch_template_data: object(
      "$version.LaunchTemplateData",
      launchTemplateData,
    ),
  },
  edges: [
    { successor: "aws_ec2_image", id: "$version.LaunchTemplateData.ImageId" },
    {
      successor: "aws_ec2_security_group",
      id: "$version.LaunchTemplateData.SecurityGroupIds[*]",
    },
    {
      successor: "aws_iam_instance_profile",
      id: "$version.LaunchTemplateData.IamInstanceProfile.Arn",
    },
    {
      successor: "aws_kms_key",
      id: "$version.LaunchTemplateData.BlockDeviceMappings[*].Ebs.KmsKeyId",
      read: kmsKeyId,
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteLaunchTemplate",
      input: (_item, { id }) => ({ LaunchTemplateId: id }),
    }],
    gone: [
      "InvalidLaunchTemplateId.NotFound",
      "InvalidLaunchTemplateId.NotFoundException",
    ],
  },
  tagging: ec2Tagging(),
};
