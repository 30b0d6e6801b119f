"""The clusters of the module eks, without nodes: they can be deleted."""

from services import eks
from services.listing import pages


def seed(client, account, region):
    eks.seed(client, account, region)
    api = client("eks")
    for cluster in pages(api, "list_clusters", "clusters"):
        for name in pages(api, "list_nodegroups", "nodegroups", clusterName=cluster):
            api.delete_nodegroup(clusterName=cluster, nodegroupName=name)


def found(client, account, region):
    kind = "aws_eks_cluster"
    return {kind: eks.found(client, account, region)[kind]}
