import {
  integer,
  text,
  texts,
  type ValueDeclaration,
  valueKind,
} from "../../property.ts";

/** An address that a database answers at. */
export const endpoint: ValueDeclaration = valueKind("aws_rds_endpoint", {
  address: text("Address"),
  port: integer("Port"),
  hosted_zone_id: text("HostedZoneId"),
});

/** A security group that guards a database. */
export const vpcSecurityGroupMembership: ValueDeclaration = valueKind(
  "aws_rds_vpc_security_group_membership",
  {
    vpc_security_group_id: text("VpcSecurityGroupId"),
    status: text("Status"),
  },
);

/** Logs whose export is about to change. */
export const pendingCloudwatchLogsExports: ValueDeclaration = valueKind(
  "aws_rds_pending_cloudwatch_logs_exports",
  {
    log_types_to_enable: texts("LogTypesToEnable[*]"),
    log_types_to_disable: texts("LogTypesToDisable[*]"),
  },
);

/** A setting of the processor. */
export const processorFeature: ValueDeclaration = valueKind(
  "aws_rds_processor_feature",
  {
    name: text("Name"),
    value: text("Value"),
  },
);

/** An Active Directory that a database is in. */
export const domainMembership: ValueDeclaration = valueKind(
  "aws_rds_domain_membership",
  {
    domain: text("Domain"),
    status: text("Status"),
    fqdn: text("FQDN"),
    iam_role_name: text("IAMRoleName"),
  },
);

/** A role that a database may take. */
export const dbRole: ValueDeclaration = valueKind("aws_rds_db_role", {
  role_arn: text("RoleArn"),
  feature_name: text("FeatureName"),
  status: text("Status"),
});
