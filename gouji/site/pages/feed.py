"""`feed.atom`: published builds and what they changed, for a reader of feeds (RFC 4287)."""

from uuid import NAMESPACE_OID, uuid5

from gouji.site.page import Site
from gouji.warehouse_file import Record

FEED = "feed.atom"


def write(site: Site) -> None:
    """Write `feed.atom`. Its links are relative: where the site stands is not known."""
    builds = site.rows("feed")
    site.write(
        FEED,
        "feed.atom.j2",
        # the first build is known to all that follow
        feed_id=_urn("feed", builds[0]["first_utc"]),
        builds=[{**build, "id": _id(build)} for build in builds],
    )


def _id(build: Record) -> str:
    """Name an entry by its build, so that it is the same in every later feed."""
    return _urn("build", build["published_utc"], build["input_sha256"])


def _urn(*names: str) -> str:
    return uuid5(NAMESPACE_OID, " ".join(["gouji", *names])).urn
