"""Clusters of Redshift: a guarded one and an open one."""

from services.listing import pages, tags_of
from services.storage_network import make_bucket, make_key, make_network, make_role


def seed(client, account, region):
    redshift = client("redshift")
    _, subnets, group = make_network(client, region, "10.42.0.0/16")
    key, role = make_key(client), make_role(client, "load", region)
    bucket = make_bucket(client, f"redshift-{account}-{region}", region)
    redshift.create_cluster_subnet_group(
        ClusterSubnetGroupName="data", Description="For data", SubnetIds=subnets
    )
    redshift.create_cluster_security_group(
        ClusterSecurityGroupName="classic", Description="Of old times"
    )
    common = {
        "NodeType": "ra3.large",
        "MasterUsername": "root",
        "MasterUserPassword": "Very-secret-1",
    }
    redshift.create_cluster(
        ClusterIdentifier="facts",
        DBName="facts",
        ClusterType="multi-node",
        NumberOfNodes=2,
        ClusterSubnetGroupName="data",
        VpcSecurityGroupIds=[group],
        IamRoles=[role],
        Encrypted=True,
        KmsKeyId=key,
        EnhancedVpcRouting=True,
        AutomatedSnapshotRetentionPeriod=7,
        PreferredMaintenanceWindow="sun:05:00-sun:06:00",
        AllowVersionUpgrade=True,
        Tags=[{"Key": "owner", "Value": "lukas"}],
        **common,
    )
    client("s3").put_bucket_policy(Bucket=bucket, Policy=LOG_POLICY % (bucket, bucket))
    redshift.enable_logging(
        ClusterIdentifier="facts", BucketName=bucket, S3KeyPrefix="logs/"
    )
    redshift.create_snapshot_copy_grant(SnapshotCopyGrantName="copies")
    redshift.enable_snapshot_copy(
        ClusterIdentifier="facts",
        DestinationRegion="eu-central-1",
        RetentionPeriod=3,
        SnapshotCopyGrantName="copies",
    )
    redshift.create_cluster_snapshot(
        SnapshotIdentifier="facts-before", ClusterIdentifier="facts"
    )
    redshift.restore_from_cluster_snapshot(
        ClusterIdentifier="facts-restored", SnapshotIdentifier="facts-before"
    )
    # Public, not encrypted, without snapshots and without tags.
    redshift.create_cluster(
        ClusterIdentifier="open",
        ClusterType="single-node",
        PubliclyAccessible=True,
        ClusterSecurityGroups=["classic"],
        AutomatedSnapshotRetentionPeriod=0,
        **common,
    )


LOG_POLICY = """{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "redshift.amazonaws.com"},
    "Action": ["s3:PutObject", "s3:GetBucketAcl"],
    "Resource": ["arn:aws:s3:::%s", "arn:aws:s3:::%s/*"]
  }]
}"""


def found(client, account, region):
    return {
        "aws_redshift_cluster": {
            one["ClusterIdentifier"]: tags_of(one)
            for one in pages(client("redshift"), "describe_clusters", "Clusters")
        }
    }
