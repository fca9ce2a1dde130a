"""Lines put together from columns that say few different things: neighbours become one text each.

In: the cells of some columns, each as the different texts that occur and, for each row, which of them. Out: the lines,
cells divided by a delimiter. What comes with the report (some dozen columns) is one text a report, what comes with the
indicator one text an indicator: a line is joined from some eight pieces instead of 44 cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_FEW = 8  # so many rows for each text that neighbours have together, at least
_WORTH = 1_000  # rows; of fewer every cell is joined by itself
_TALLIED = 4  # so many possible combinations for each row are looked at one by one, more are hashed
_Array: TypeAlias = "np.ndarray[Any, Any]"


class Cells(NamedTuple):
    """A column: its texts, and for each row the place of its text (None: the texts are the rows)."""

    texts: pa.LargeStringArray
    places: _Array | None


class Folded:
    """Some rows, their cells as few texts as can be."""

    def __init__(self, columns: Iterable[Cells], n_rows: int, delimiter: str) -> None:
        self._between = pa.scalar(delimiter, pa.large_string())
        self._pieces = list(self._folded(columns, n_rows) if n_rows >= _WORTH else columns)
        texts, places = self._pieces[-1]
        ends = (pa.scalar(text, pa.large_string()) for text in ("\n", ""))
        self._pieces[-1] = Cells(pc.binary_join_element_wise(texts, *ends), places)

    def lines(self, start: int, stop: int) -> pa.LargeStringArray:
        """The lines of some of the rows, each with its end."""
        cells = [
            texts.slice(start, stop - start) if places is None else texts.take(pa.array(places[start:stop]))
            for texts, places in self._pieces
        ]
        return cells[0] if len(cells) == 1 else pc.binary_join_element_wise(*cells, self._between)

    def _folded(self, columns: Iterable[Cells], n_rows: int) -> Iterator[Cells]:
        """Neighbours as one, as long as they have few different texts together."""
        fold, most = _Fold(n_rows), n_rows // _FEW
        for column in columns:
            if not fold.take(column, most):
                if fold.columns:
                    yield fold.piece(self._between)
                fold = _Fold(n_rows)
                if not fold.take(column, most):
                    yield column
        if fold.columns:
            yield fold.piece(self._between)


class _Fold:
    """Neighbouring columns; `_places` says for each row which of `_n` combinations of their texts it has."""

    def __init__(self, n_rows: int) -> None:
        self.columns: list[Cells] = []
        self._n_rows = n_rows
        self._places: _Array = np.zeros(n_rows, np.int32)
        self._n = 1

    def take(self, column: Cells, most: int) -> bool:
        """Add a column, unless there would be more than `most` combinations then."""
        if column.places is None:
            return False
        places, n = column.places, len(column.texts)
        if n > most or self._n * n > _TALLIED * self._n_rows:
            places, n = _dense(places, n)
        if n > most:
            return False
        if n > 1:
            together = places if self._n == 1 else self._places * np.int32(n) + places
            places, n = _dense(together, self._n * n)
            if n > most:
                return False
            self._places, self._n = places, n
        self.columns.append(column)
        return True

    def piece(self, between: pa.Scalar) -> Cells:
        """The columns as one."""
        example = np.zeros(self._n, np.int64)
        example[self._places] = np.arange(self._n_rows)  # some row with each combination
        texts = [texts.take(pa.array(places[example])) for texts, places in self.columns if places is not None]
        return Cells(pc.binary_join_element_wise(*texts, between), self._places)


def _dense(places: Any, most: int) -> tuple[_Array, int]:
    """Places (fewer than `most`) numbered anew, without those no row has; how many there are."""
    if most == 1:
        return places, 1
    if most > _TALLIED * len(places):
        encoded = pa.array(places).dictionary_encode()
        return encoded.indices.to_numpy(), len(encoded.dictionary)
    is_used = np.zeros(most, bool)
    is_used[places] = True
    number = np.cumsum(is_used, dtype=np.int32)
    n = int(number[-1])
    return (places if n == most else np.take(number, places, mode="clip") - 1), n
