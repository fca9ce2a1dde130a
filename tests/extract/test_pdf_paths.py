"""The rules of many boxes at once are those of each."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extract.readers.pdf_paths import Box, rule_of, rules_of

thin = st.floats(0, 6)
boxes = st.lists(
    st.builds(
        lambda x, y, width, height: Box(x, y, x + width, y + height),
        st.floats(0, 600), st.floats(0, 800), st.one_of(thin, st.floats(0, 600)), st.one_of(thin, st.floats(0, 800)),
    ),
    max_size=12,
)  # fmt: skip


@given(boxes)
def test_the_rules_of_boxes_are_those_of_each(found: list[Box]) -> None:
    each = [rule_of(box) for box in found]
    sides = np.array(found, float).reshape(-1, 4).T
    expected = None if None in each else [rule for rules in each for rule in rules or []]
    assert rules_of(*sides, ends=[len(found)]) == [expected]
    parts = [rules_of(*sides[:, part], ends=[len(found[part])])[0] for part in (slice(2), slice(2, None))]
    assert rules_of(*sides, ends=[len(found[:2]), len(found)]) == parts
