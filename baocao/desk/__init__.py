"""The desk for those who have no terminal: `baocao desk`, a page on this machine where reports are dropped or a
folder is chosen, the run is started and watched, and its result opened. `place` is the work folder and what comes
into it, `run` the run in the background, `app` answers the browser. Safe in the same way as the review desk.
"""
