import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  unordered,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { sharedBy } from "./shared_by.ts";

const networkAclAssociation = valueKind("aws_ec2_network_acl_association", {
  network_acl_association_id: text("NetworkAclAssociationId"),
  network_acl_id: text("NetworkAclId"),
  subnet_id: text("SubnetId"),
});

const icmpTypeCode = valueKind("aws_ec2_icmp_type_code", {
  code: integer("Code"),
  type: integer("Type"),
});

const portRange = valueKind("aws_ec2_port_range", {
  from_range: integer("From"),
  to_range: integer("To"),
});

const networkAclEntry = valueKind("aws_ec2_network_acl_entry", {
  cidr_block: text("CidrBlock"),
  egress: flag("Egress"),
  icmp_type_code: object("IcmpTypeCode", icmpTypeCode),
  ipv6_cidr_block: text("Ipv6CidrBlock"),
  port_range: object("PortRange", portRange),
  protocol: text("Protocol"),
  rule_action: text("RuleAction"),
  rule_number: integer("RuleNumber"),
});

function isDefault(item: Item): boolean {
  return item["IsDefault"] === true;
}

/** A network access control list of a VPC. */
export const NETWORK_ACL: ResourceDeclaration = {
  kind: "aws_ec2_network_acl",
  bases: ["network_acl"],
  description: "Firewall rules of the subnets of a VPC (network ACL)",
  list: {
    service: "ec2",
    operation: "DescribeNetworkAcls",
    result: "NetworkAcls[*]",
    pages: EC2_PAGES,
  },
  id: "NetworkAclId",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    acl_associations: unordered(
      objects("Associations", networkAclAssociation),
    ),
    acl_entries: objects("Entries", networkAclEntry),
    is_default: flag("IsDefault"),
    owner_id: text("OwnerId"),
  },
  edges: [
    {
      predecessor: "aws_vpc",
      id: "VpcId",
      // The default one goes with its VPC, and not before.
      deletedFirst: (item) => isDefault(item) ? "other" : "self",
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "Associations[*].SubnetId",
      deletedFirst: (item) => isDefault(item) ? undefined : "other",
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteNetworkAcl",
      input: (_item, { id }) => ({ NetworkAclId: id }),
    }],
    refuse: (item) =>
      isDefault(item)
        ? "it is the default ACL of its VPC, which goes with it"
        : sharedBy(item),
    gone: ["InvalidNetworkAclID.NotFound"],
    later: ["DependencyViolation"],
    follows: {
      acl_associations: "less",
    },
  },
  tagging: ec2Tagging(),
};
