"""The page: what was read, what is doubtful, the series drawn. Static files, and what fills them.

`static/` is copied as it is; the other modules turn staged tables into data files that a page opened from
disk can load (`<script src>`, since a page from `file://` may fetch nothing). `writers/write_page.py` puts
them together.
"""
