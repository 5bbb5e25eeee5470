"""Which folder is a site, and may be replaced by another; quick to import, as a site is not."""

from pathlib import Path

from gouji.errors import WrongCall

# A folder with this file in it is ours to replace.
MARK = ".gouji-site"


def check_is_site(out: Path) -> None:
    """Make sure that a folder may be replaced by a site: there is none, it is empty, or a site.

    Raises:
        WrongCall: it holds something else.
    """
    if out.exists() and not (out.is_dir() and ((out / MARK).exists() or not any(out.iterdir()))):
        raise WrongCall(
            f"{out} is there and is no site of gouji, so it is not replaced: name another folder."
        )
