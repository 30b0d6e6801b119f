"""One module for each group of services: what it has, made and listed by boto3."""
