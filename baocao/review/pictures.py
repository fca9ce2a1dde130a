"""Draw pages of a report, in a process of its own: a hostile file may stop the drawing, never the desk.

In: a file, the hash its content must have, and jobs: a page (from 1) and, for a crop, the part of the page that
is wanted and the cell to frame in it, both boxes in points. Out: PNG files with the size of the page in points.
The process has limits of memory and time, and gets its path from the desk. Run as
`python -m baocao.review.pictures` with one JSON object on the standard input.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

PAGED_FORMATS = frozenset({"pdf", "png", "jpeg", "tiff", "bmp", "gif", "jp2", "webp"})
SCALE = 2.0
MAX_PIXELS = 40_000_000
_MEMORY_BYTES = 1_500_000_000
_SECONDS, _SECONDS_A_JOB = 30.0, 5.0
_A4_HEIGHT = 842.0
_FRAME = "#d1242f"

Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page or crop; `width` and `height` are the whole page's, in points."""

    png: bytes
    width: float
    height: float


class NoPicture(Exception):
    """The page cannot be drawn; the message says why."""


def draw(
    path: Path, sha256: str, format: str, jobs: Sequence[tuple[int, Box | None, Box | None]]
) -> list[Picture | None]:
    """A picture for each job, None for a page that is not there. Raises `NoPicture`."""
    if format not in PAGED_FORMATS:
        raise NoPicture(f"{format} has no pages to draw")
    with tempfile.TemporaryDirectory(prefix="baocao-") as folder:
        order = {"path": str(path), "sha256": sha256, "format": format, "jobs": jobs, "folder": folder}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "baocao.review.pictures"],
                input=json.dumps(order).encode(),
                capture_output=True,
                timeout=_SECONDS + _SECONDS_A_JOB * len(jobs),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NoPicture("drawing took too long") from None
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise NoPicture(said[-1][:300] if said else f"drawing ended with {done.returncode}")
        sizes: list[list[float] | None] = json.loads(done.stdout)
        return [
            Picture((Path(folder) / f"{at}.png").read_bytes(), *size) if size else None for at, size in enumerate(sizes)
        ]


def _work(order: dict[str, Any]) -> list[list[float] | None]:
    data = Path(order["path"]).read_bytes()
    if hashlib.sha256(data).hexdigest() != order["sha256"]:
        raise NoPicture("the file has changed since it was read")
    folder = Path(order["folder"])
    pages = _PdfPages(data) if order["format"] == "pdf" else _ImagePages(data)
    sizes: list[list[float] | None] = []
    for at, (page, part, framed) in enumerate(order["jobs"]):
        if not 1 <= page <= pages.count:
            sizes.append(None)
            continue
        image, scale = pages.draw(page - 1)
        sizes.append([image.width / scale, image.height / scale])
        if framed is not None:
            image = _framed(image, tuple(side * scale for side in framed))
        if part is not None:
            x0, top, x1, bottom = (side * scale for side in part)
            box = (max(0, x0), max(0, top), max(0, min(image.width, x1)), max(0, min(image.height, bottom)))
            image = image.crop(box) if box[0] < box[2] and box[1] < box[3] else image.crop((0, 0, 0, 0))
        if image.width < 1 or image.height < 1:
            sizes[-1] = None
            continue
        image.save(folder / f"{at}.png", format="PNG")
    return sizes


def _framed(image: Any, box: Box) -> Any:
    from PIL import ImageDraw

    framed = image.copy()
    ImageDraw.Draw(framed).rectangle(box, outline=_FRAME, width=3)
    return framed


class _PdfPages:
    def __init__(self, data: bytes) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(data)
        self.count = len(self._document)
        self._last: tuple[int, Any, float] | None = None

    def draw(self, index: int) -> tuple[Any, float]:
        if self._last is None or self._last[0] != index:
            page = self._document[index]
            width, height = page.get_size()
            scale = min(SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
            self._last = index, page.render(scale=scale).to_pil().convert("RGB"), scale
        return self._last[1], self._last[2]


class _ImagePages:
    def __init__(self, data: bytes) -> None:
        import io

        from PIL import Image

        Image.MAX_IMAGE_PIXELS = MAX_PIXELS
        self._image: Any = Image.open(io.BytesIO(data))
        self.count = int(getattr(self._image, "n_frames", 1))

    def draw(self, index: int) -> tuple[Any, float]:
        from PIL import ImageOps

        self._image.seek(index)
        image = ImageOps.exif_transpose(self._image).convert("RGB")
        scale = max(image.width, image.height) / _A4_HEIGHT  # as the scan reader takes it
        if scale > SCALE:
            image = image.resize((int(image.width * SCALE / scale), int(image.height * SCALE / scale)))
            scale = SCALE
        return image, scale


def _main() -> int:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    except (ImportError, ValueError, OSError):  # Windows has no such limit
        pass
    try:
        sizes = _work(json.load(sys.stdin))
    except NoPicture as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(sizes))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
