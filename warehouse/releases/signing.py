"""Signatures of releases: Ed25519 (RFC 8032) over datapackage.json, which has the sha256 of every other file.

The signature lies next to it as 64 bytes, so that other programs can check it too, for example
``openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in datapackage.json -sigfile datapackage.json.sig``.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.errors import ReleaseError
from warehouse.storage.regular_files import read_regular
from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE = f"{DATA_PACKAGE}.sig"


def read_signing_key(settings: Settings) -> "Ed25519PrivateKey | None":
    """Return the key of SARAI_SIGNING_KEY, None if it is not set; raises ReleaseError when it is not an Ed25519 key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if settings.signing_key is None:
        return None
    try:
        key = load_pem_private_key(settings.signing_key.get_secret_value().encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        # Raised outside the except block, so that the parser's message, which may quote the key, is not chained.
        raise ReleaseError(
            "SARAI_SIGNING_KEY is no Ed25519 private key in PEM without a password. `openssl genpkey -algorithm "
            "ed25519` makes one."
        )
    return key


def sign_package(folder: Path, key: "Ed25519PrivateKey") -> None:
    """Sign the data package in this folder; writes datapackage.json.sig next to it."""
    (folder / SIGNATURE).write_bytes(key.sign((folder / DATA_PACKAGE).read_bytes()))


def key_fingerprint(key: "Ed25519PublicKey") -> str:
    """Return the sha256 (hex) of a public key in DER: ``openssl pkey -pubin -in FILE -outform DER | sha256sum``."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def read_public_key(path: Path) -> "Ed25519PublicKey":
    """Return a public key; raises ReleaseError when the file holds none in PEM."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(read_regular(path))
    except (OSError, ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ReleaseError(
            f"{path} is no Ed25519 public key in PEM. `openssl pkey -in PRIVATE -pubout` writes the one that belongs "
            "to a private key."
        )
    return key


def is_signed_by(folder: Path, key: "Ed25519PublicKey") -> bool:
    """Return whether the signature in this folder fits its data package and this public key."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(read_regular(folder / SIGNATURE), read_regular(folder / DATA_PACKAGE))
    except (OSError, InvalidSignature):
        return False
    return True
