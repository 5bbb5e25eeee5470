"""The engine that reads lines of letters in pictures: RapidOCR, with a model of its own package.

It is an extra (`ocr`).  It runs here, on one core, and fetches nothing: where the lines stand is
told by their ink, and a model that is not in the package is never asked for.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji.landing.grid import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Picture = NDArray[Any]

NEEDS_ENGINE = (
    "it is a scan, pictures of pages without text, which the extra `ocr` reads: "
    "pip install 'gouji[ocr]' (here .venv/bin/pip install '.[ocr]'), and land it again"
)
_MODEL = "PP-OCRv6_rec_small.onnx"
_SHAPE = [3, 48, 160]  # colours, height and least width of what the model is shown


def check_engine() -> None:
    """Raise `Refused`, which says what to do, where the extra is not installed."""
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        raise Refused(NEEDS_ENGINE)


class Engine:
    """Reads letters in pictures; a picture is grey, of the shape (height, width), dark on white."""

    def __init__(self) -> None:
        """Load the model; `Refused` where the extra is not installed, or not whole."""
        check_engine()
        import rapidocr  # noqa: PLC0415 - an extra

        models = Path(str(rapidocr.__file__)).parent / "models"
        if not (models / _MODEL).is_file():
            raise Refused("the package rapidocr has no model of its own: install it anew")
        whole: Any = rapidocr.RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.log_level": "critical",
                "Rec.model_path": str(models / _MODEL),
                "Rec.rec_img_shape": _SHAPE,
                "Rec.rec_batch_num": 12,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self.reader: Any = whole._load_rec_model()  # of its models only the one that reads

    def read(self, pictures: Sequence[Picture]) -> list[tuple[str, float]]:
        """What each picture of a single line says, and how sure the engine is of it."""
        if not pictures:
            return []
        from rapidocr.ch_ppocr_rec import TextRecInput  # noqa: PLC0415

        said = self.reader(TextRecInput(img=list(map(_coloured, pictures))))
        return [(str(t), float(s)) for t, s in zip(said.txts, said.scores, strict=True)]


@cache
def engine() -> Engine:
    """The one engine of this process."""
    return Engine()


def _coloured(picture: Picture) -> Picture:
    import numpy  # noqa: PLC0415

    return numpy.repeat(picture[:, :, None], 3, axis=2)
