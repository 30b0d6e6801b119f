/** Each listing call, and the kinds that cannot be listed without it. */
export const LISTINGS: Readonly<Record<string, readonly string[]>> = {
  DescribeAddresses: ["aws_ec2_elastic_ip"],
  DescribeImages: ["aws_ec2_image"],
  // The types in use are those of the instances.
  DescribeInstances: ["aws_ec2_instance", "aws_ec2_instance_type"],
  DescribeInstanceAttribute: ["aws_ec2_instance", "aws_ec2_instance_type"],
  // Instances copy cores and memory from their types.
  DescribeInstanceTypes: ["aws_ec2_instance", "aws_ec2_instance_type"],
  // What has a public address goes before the gateway of its VPC.
  DescribeInternetGateways: [
    "aws_ec2_instance",
    "aws_ec2_instance_type",
    "aws_ec2_network_interface",
  ],
  // Instances name their key pair, but edges need its id.
  DescribeKeyPairs: [
    "aws_ec2_instance",
    "aws_ec2_instance_type",
    "aws_ec2_keypair",
  ],
  // Whether a VPC is in use is seen by its interfaces; whom an address serves, too.
  DescribeNetworkInterfaces: [
    "aws_ec2_elastic_ip",
    "aws_ec2_network_interface",
    "aws_vpc",
  ],
  DescribeSecurityGroups: ["aws_ec2_security_group"],
  DescribeSnapshots: ["aws_ec2_snapshot"],
  DescribeSubnets: ["aws_ec2_subnet"],
  DescribeVolumes: ["aws_ec2_volume", "aws_ec2_volume_type"],
  DescribeVpcs: ["aws_vpc"],
};
