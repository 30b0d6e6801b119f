"""Changes an estate: ten volumes go, three come.

Usage: change.py ENDPOINT. Prints {"deleted": [ids], "created": [ids]}.
"""

import json
import sys

from estate import ACCOUNTS, REGIONS, client_for, tag_specs


def main(endpoint):
    deleted = []
    created = []
    for account in ACCOUNTS:
        for region in REGIONS:
            ec2 = client_for(account, region, endpoint)
            loose = ec2.describe_volumes(
                Filters=[{"Name": "status", "Values": ["available"]}]
            )["Volumes"]
            take = min(2, 10 - len(deleted))
            # The largest ones: nothing else in the estate names them.
            by_size = sorted(loose, key=lambda each: each["Size"], reverse=True)
            for one in by_size[:take]:
                ec2.delete_volume(VolumeId=one["VolumeId"])
                deleted.append(one["VolumeId"])
            if len(created) < 3:
                created.append(
                    ec2.create_volume(
                        AvailabilityZone=f"{region}a",
                        Size=7,
                        VolumeType="gp3",
                        TagSpecifications=tag_specs("volume", "newcomer"),
                    )["VolumeId"]
                )
    json.dump({"deleted": deleted, "created": created}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
