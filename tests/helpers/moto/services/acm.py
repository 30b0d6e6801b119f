"""Certificates: asked for, brought along, and one that ends soon."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from services.listing import pages, tags_of

TAGS = [{"Key": "owner", "Value": "lukas"}]


def made(key, name, days):
    """A certificate that ends so many days from now, and its key."""
    now = datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=400))
        .not_valid_after(now + datetime.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return {
        "Certificate": certificate.public_bytes(serialization.Encoding.PEM),
        "PrivateKey": key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ),
    }


def seed(client, account, region):
    acm = client("acm")
    acm.request_certificate(
        DomainName="shop.example.com",
        SubjectAlternativeNames=["www.shop.example.com"],
        ValidationMethod="DNS",
        Tags=TAGS,
    )
    acm.request_certificate(
        DomainName="ec.example.com",
        ValidationMethod="DNS",
        KeyAlgorithm="EC_prime256v1",
    )
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    acm.import_certificate(**made(key, "own.example.com", 30), Tags=TAGS)
    # A bad one: it ends in three days, and nobody says whose it is.
    curve = ec.generate_private_key(ec.SECP384R1())
    acm.import_certificate(**made(curve, "old.example.com", 3))


def found(client, account, region):
    acm = client("acm")
    return {
        "aws_acm_certificate": {
            each["CertificateArn"]: tags_of(
                acm.list_tags_for_certificate(
                    CertificateArn=each["CertificateArn"]
                )
            )
            for each in pages(acm, "list_certificates", "CertificateSummaryList")
        }
    }
