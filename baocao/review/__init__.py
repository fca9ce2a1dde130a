"""The review desk: `baocao review OUT`, a page on this machine for those who sign that the figures are right.

`doubts` is what the desk knows (findings, rows, decisions), `pictures` draws pages in a process of its own,
`guard` keeps everybody else out, `app` answers the browser, `static/` is the page.
"""
