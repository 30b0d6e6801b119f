import type { JsonObject } from "@skymap/lib/plugin";
import type {
  Item,
  ResourceDeclaration,
  WriteCall,
} from "../../declaration.ts";
import {
  integer,
  objects,
  tags,
  text,
  unordered,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { sharedBy } from "./shared_by.ts";
import { onlyOne } from "./only_one.ts";

/** A rule as EC2 gives it; only what is needed to take it away. */
interface IpPermission {
  readonly FromPort?: number;
  readonly IpProtocol?: string;
  readonly ToPort?: number;
  readonly UserIdGroupPairs?: readonly {
    readonly GroupId?: string;
    readonly UserId?: string;
  }[];
}

const ipRange = valueKind("aws_ec2_ip_range", {
  cidr_ip: text("CidrIp"),
  description: text("Description"),
});

const ipv6Range = valueKind("aws_ec2_ipv6_range", {
  cidr_ipv6: text("CidrIpv6"),
  description: text("Description"),
});

const prefixListId = valueKind("aws_ec2_prefix_list_id", {
  description: text("Description"),
  prefix_list_id: text("PrefixListId"),
});

const userIdGroupPair = valueKind("aws_ec2_user_id_group_pair", {
  description: text("Description"),
  group_id: text("GroupId"),
  group_name: text("GroupName"),
  peering_status: text("PeeringStatus"),
  user_id: text("UserId"),
  vpc_id: text("VpcId"),
  vpc_peering_connection_id: text("VpcPeeringConnectionId"),
});

const ipPermission = valueKind("aws_ec2_ip_permission", {
  from_port: integer("FromPort"),
  ip_protocol: text("IpProtocol"),
  ip_ranges: unordered(objects("IpRanges", ipRange)),
  ipv6_ranges: unordered(objects("Ipv6Ranges", ipv6Range)),
  prefix_list_ids: unordered(objects("PrefixListIds", prefixListId)),
  to_port: integer("ToPort"),
  user_id_group_pairs: unordered(objects("UserIdGroupPairs", userIdGroupPair)),
});

function isDefault(item: Item): boolean {
  return item["GroupName"] === "default";
}

/** The rules that name other groups, and of these only what names them. */
export function rulesOnOthers(
  rules: readonly IpPermission[],
  id: string,
): JsonObject[] {
  return rules.flatMap(
    ({ FromPort, IpProtocol, ToPort, UserIdGroupPairs = [] }) => {
      const others = UserIdGroupPairs.filter(({ GroupId }) => GroupId !== id);
      return others.length === 0 ? [] : [{
        ...(IpProtocol !== undefined && { IpProtocol }),
        ...(FromPort !== undefined && { FromPort }),
        ...(ToPort !== undefined && { ToPort }),
        UserIdGroupPairs: others.map(({ GroupId, UserId }) => ({
          ...(GroupId !== undefined && { GroupId }),
          ...(UserId !== undefined && { UserId }),
        })),
      }];
    },
  );
}

function revoke(operation: string, member: string): WriteCall {
  return {
    service: "ec2",
    operation,
    input: (item, { id }) => {
      const rules = item[member] as readonly IpPermission[] | undefined;
      const IpPermissions = rulesOnOthers(rules ?? [], id);
      return IpPermissions.length === 0
        ? undefined
        : { GroupId: id, IpPermissions };
    },
    done: ["InvalidPermission.NotFound"],
  };
}

/** A security group of a VPC. */
export const SECURITY_GROUP: ResourceDeclaration = {
  kind: "aws_ec2_security_group",
  bases: ["security_group"],
  description: "A set of firewall rules (security group)",
  list: {
    service: "ec2",
    operation: "DescribeSecurityGroups",
    result: "SecurityGroups[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("group-id"),
  id: "GroupId",
  properties: {
    tags: tags("Tags"),
    name: text("GroupName"),
    description: text("Description"),
    group_ip_permissions: unordered(objects("IpPermissions", ipPermission)),
    group_ip_permissions_egress: unordered(
      objects("IpPermissionsEgress", ipPermission),
    ),
  },
  edges: [
    {
      predecessor: "aws_vpc",
      id: "VpcId",
      // The default one goes with its VPC, and not before.
      deletedFirst: (item) => isDefault(item) ? "other" : "self",
    },
    {
      successor: "aws_ec2_security_group",
      id: "IpPermissions[*].UserIdGroupPairs[*].GroupId",
      deletedFirst: "self",
    },
    {
      successor: "aws_ec2_security_group",
      id: "IpPermissionsEgress[*].UserIdGroupPairs[*].GroupId",
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteSecurityGroup",
      input: (_item, { id }) => ({ GroupId: id }),
    }],
    refuse: (item) =>
      isDefault(item)
        ? "it is the default group of its VPC, which goes with it"
        : sharedBy(item),
    gone: ["InvalidGroup.NotFound", "InvalidGroupId.NotFound"],
    // Interfaces that services of AWS leave behind go minutes later.
    later: ["DependencyViolation"],
    withinSeconds: 600,
  },
  detach: [
    revoke("RevokeSecurityGroupIngress", "IpPermissions"),
    revoke("RevokeSecurityGroupEgress", "IpPermissionsEgress"),
  ],
  tagging: ec2Tagging(),
};
