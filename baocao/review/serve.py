"""Serve a page on this machine: a free port on 127.0.0.1, an address with a secret, until Ctrl-C.

In: a function that makes the application for a token and a port. Out: nothing; the address is told before the
server starts to answer, and opened in the browser where that is wanted.
"""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import Any

HOST = "127.0.0.1"


def serve(
    make_app: Callable[[str, int], Any], tell: Callable[[str], None], *, port: int = 0, open_browser: bool = True
) -> None:
    """Listen and answer until interrupted. `port` 0 takes a free one. Raises OSError where it is taken."""
    import uvicorn

    from baocao.review.guard import new_token

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        port = listener.getsockname()[1]
        token = new_token()
        address = f"http://{HOST}:{port}/?token={token}"
        config = uvicorn.Config(
            make_app(token, port), log_level="warning", access_log=False, server_header=False, lifespan="off"
        )
        listener.listen(64)
        tell(address)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        uvicorn.Server(config).run(sockets=[listener])
