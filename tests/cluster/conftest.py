"""The runs of the batch tests, here too."""

from tests.baocao.conftest import _run as _run
