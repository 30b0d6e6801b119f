"""How the modules beside this one list with boto3."""


def pages(client, operation, result, **arguments):
    """All items of a listing, page by page where it has any."""
    if client.can_paginate(operation):
        found = client.get_paginator(operation).paginate(**arguments)
        return [item for page in found for item in page[result]]
    return getattr(client, operation)(**arguments)[result]


def tags_of(item, member="Tags"):
    """The tags of a list of keys and values, as a dictionary."""
    return {tag["Key"]: tag.get("Value", "") for tag in item.get(member) or []}
