"""What the gateway is measured beside: nginx, which looks a key up in a table and passes the request on."""

import shutil
from pathlib import Path

from deploy.bench.wire import Wire, head
from deploy.machine.ports import HOST
from deploy.machine.processes import Process
from deploy.machine.server import Server

CONFIGURATION = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log combined buffer=32k flush=1s;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 100000000;
    map_hash_bucket_size 256;
    map $http_authorization $is_known {{ default 0; "Bearer {key}" 1; }}
    upstream service {{ server {upstream}; keepalive 64; keepalive_requests 100000000; }}
    server {{
        listen {host}:{port};
        location / {{
            if ($is_known = 0) {{ return 401; }}
            proxy_pass http://service;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"""


def installed() -> str | None:
    """The program, where it is there."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


class Nginx(Server):
    """One process of nginx on a loopback port.

    Args:
        folder: its configuration and logs.
        key: of the only caller that it lets in.
        upstream: where it passes requests on, `unix:/path`.
    """

    def __init__(self, program: str, folder: Path, *, port: int, key: str, upstream: str) -> None:
        self._folder, self._port = folder, port
        self._text = CONFIGURATION.format(folder=folder, host=HOST, port=port, key=key, upstream=upstream)
        self._file = folder / "nginx.conf"
        command = [program, "-p", str(folder), "-e", "stderr", "-c", str(self._file)]
        super().__init__(Process("nginx", command, log=folder / "nginx.log"))

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self._port}"

    def prepare(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file.write_text(self._text)

    async def is_ready(self) -> bool:
        try:
            wire = await Wire.to(self.address)
        except OSError:
            return False
        try:
            return await wire.ask(head("GET /") + b"\r\n") == 401
        finally:
            wire.close()
