"""What a matrix of weights must be, checked without any geometry at hand."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from geo.arrays import Booleans, Integers, refuse

Weights: TypeAlias = "sparse.csr_array[Any, tuple[int, int]]"


def checked(weights: Any, n: int) -> Weights:
    """Return ``weights`` as a CSR array if it is n x n, binary and without self.

    Raises ValueError saying which of these it is not, and where.
    """
    matrix: Weights = sparse.csr_array(weights, dtype=np.float64)
    if matrix.shape != (n, n):
        raise ValueError(f"weights must be {n} x {n} for {n} values, not {matrix.shape}")
    if not (matrix.has_canonical_format and matrix.data.all()):
        matrix = matrix.copy()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
    owner = np.repeat(np.arange(n), np.diff(matrix.indptr))
    refuse(_rows_with(owner[matrix.data != 1], n), "weights must be 0 or 1; they are not")
    refuse(_rows_with(owner[matrix.indices == owner], n), "weights name an area its own neighbour")
    return matrix


def _rows_with(rows: Integers, n: int) -> Booleans:
    return np.bincount(rows, minlength=n) > 0
