"""Kubernetes clusters: one with nodes, and one that anybody may reach."""

from services.listing import pages
from services.storage_network import make_key, make_network, make_role


def seed(client, account, region):
    eks = client("eks")
    _, subnets, group = make_network(client, region, "10.10.0.0/16")
    role = make_role(client, "runs-clusters", region)
    eks.create_cluster(
        name="shop",
        version="1.29",
        roleArn=role,
        resourcesVpcConfig={
            "subnetIds": subnets,
            "securityGroupIds": [group],
            "endpointPublicAccess": False,
            "endpointPrivateAccess": True,
            "publicAccessCidrs": ["192.0.2.0/24"],
        },
        kubernetesNetworkConfig={"serviceIpv4Cidr": "10.100.0.0/16"},
        logging={"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]},
        clientRequestToken="once",
        encryptionConfig=[
            {"resources": ["secrets"], "provider": {"keyArn": make_key(client)}}
        ],
        tags={"owner": "lukas"},
    )
    # An old version, open to everybody, without logs and tags.
    eks.create_cluster(
        name="open",
        version="1.15",
        roleArn=role,
        resourcesVpcConfig={"subnetIds": subnets, "endpointPublicAccess": True},
    )
    eks.create_nodegroup(
        clusterName="shop",
        nodegroupName="spot",
        scalingConfig={"minSize": 1, "maxSize": 3, "desiredSize": 2},
        diskSize=20,
        subnets=subnets,
        instanceTypes=["t3.medium"],
        amiType="AL2_x86_64",
        remoteAccess={"ec2SshKey": "key", "sourceSecurityGroups": [group]},
        nodeRole=role,
        labels={"stage": "live"},
        taints=[{"key": "spot", "value": "yes", "effect": "NO_SCHEDULE"}],
        tags={"owner": "lukas"},
        updateConfig={"maxUnavailable": 1},
        capacityType="SPOT",
        releaseVersion="1.29.0-20240101",
    )
    eks.create_nodegroup(
        clusterName="open",
        nodegroupName="template",
        subnets=subnets,
        nodeRole=role,
        launchTemplate={"name": "nodes", "version": "1"},
    )


def found(client, account, region):
    eks = client("eks")
    clusters = pages(eks, "list_clusters", "clusters")
    groups = {
        f"{cluster}/{name}": eks.describe_nodegroup(
            clusterName=cluster, nodegroupName=name
        )["nodegroup"]
        for cluster in clusters
        for name in pages(eks, "list_nodegroups", "nodegroups", clusterName=cluster)
    }
    return {
        "aws_eks_cluster": {
            name: eks.describe_cluster(name=name)["cluster"].get("tags") or {}
            for name in clusters
        },
        "aws_eks_nodegroup": {
            id: group.get("tags") or {} for id, group in groups.items()
        },
    }
