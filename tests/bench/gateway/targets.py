"""Who stands between load and mock: nginx and haproxy as floor, belay, and nobody. One worker each, each on the same core."""
import hashlib, http.client, os, shutil

from machine import CORE_TARGET, free_port, raise_descriptor_limit, wait_until
from processes import Process
from traffic import KEY, chat, http_request, image

GATEWAY_KEY = "bench-gateway-key"
IMAGE_BYTES = 1_050_000


class Target:
    """Subclasses say how they are started and which of the purposes they serve:

    json, image: a completion · sse: 100 chunks at 10 ms · hold, hold_tls: a stream that stays silent · chain: the first server says 401, the next answers
    """
    name = "?"
    purposes = {"json", "image", "sse", "hold"}
    models = {"json": "fast", "image": "fast", "sse": "sse-100x10", "hold": "hold", "hold_tls": "hold", "chain": "fast"}
    cores = CORE_TARGET
    under = ()            # a program that runs this one, such as valgrind
    ready_within = 15

    def __init__(self, bench):
        self.bench, self.process, self.port = bench, None, 0
        self.folder = bench.folder / f"{self.name}-{bench.number()}"
        self.folder.mkdir()

    def headers(self):
        return {"Authorization": f"Bearer {KEY}"}

    def port_of(self, purpose):
        return self.port

    def place(self, purpose):
        """Where to send what for this purpose."""
        model = self.models[purpose]
        body = image(model, IMAGE_BYTES) if purpose == "image" else chat(model, "u" * 490, **({} if purpose in ("json", "chain") else {"stream": True}))
        return self.port_of(purpose), http_request(body, self.headers())

    def command(self):
        raise NotImplementedError

    def environment(self):
        return {}

    def __enter__(self):
        self.port = free_port()
        self.process = Process([*self.under, *self.command()], cores=self.cores, log=self.folder / "log", environment=self.environment())
        try:
            wait_until(self.answers, self.ready_within * (6 if self.under else 1), f"{self.name} does not answer")
        except RuntimeError as error:
            self.process.stop()
            raise RuntimeError(f"{error}\n{self.process.last_words()}") from None
        return self

    def __exit__(self, *_):
        self.process.stop()

    def answers(self):
        if not self.process.running():
            raise RuntimeError(f"{self.name} has ended")
        port, request = self.place("json")
        head, body = request.split(b"\r\n\r\n", 1)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("POST", "/v1/chat/completions", body, dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:]))
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    @property
    def pid(self):
        return self.process.pid


class Direct(Target):
    """The mock itself: what a proxy adds is counted from here."""
    name = "direct"

    def __enter__(self):
        self.port = self.bench.mock.answering
        return self

    def __exit__(self, *_):
        pass


class Nginx(Target):
    name = "nginx"
    purposes = Target.purposes | {"hold_tls"}
    single = False         # one process instead of master and worker, for valgrind

    def port_of(self, purpose):
        return self.tls_port if purpose == "hold_tls" else self.port

    def command(self):
        self.tls_port = free_port()
        common = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_request_buffering off; proxy_read_timeout 1h;'
        write_nginx(self.folder, f"""
upstream mock {{ server 127.0.0.1:{self.bench.mock.answering}; keepalive 256; keepalive_requests 1000000000; }}
upstream mock_tls {{ server 127.0.0.1:{self.bench.tls_port}; keepalive 256; keepalive_requests 1000000000; }}
server {{ listen 127.0.0.1:{self.port} backlog=8192; location / {{ proxy_pass http://mock; {common} }} }}
server {{ listen 127.0.0.1:{self.tls_port} backlog=8192;
  location / {{ proxy_pass https://mock_tls; {common} proxy_ssl_verify on; proxy_ssl_name localhost; proxy_ssl_trusted_certificate {self.bench.certificate}; }} }}""",
                    single=self.single)
        return ["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf"]


def write_nginx(folder, servers, single=False):
    user = f"user {'root' if os.getuid() == 0 else 'nobody'};" if os.getuid() == 0 else ""
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"""{user} daemon off; master_process {'off' if single else 'on'}; worker_processes 1; pid {folder}/pid;
error_log stderr warn; worker_rlimit_nofile {raise_descriptor_limit()};
events {{ worker_connections {raise_descriptor_limit() - 100}; }}
http {{ access_log off; {temporary} client_max_body_size 0; keepalive_requests 1000000000; keepalive_timeout 1h; {servers} }}
""")


class TlsFront(Target):
    """TLS before the mock, on the load's core: an upstream that speaks HTTP/1.1 and HTTP/2 as providers do."""
    name = "tls-front"

    def __enter__(self):
        self.port = free_port()
        write_nginx(self.folder, f"""
upstream mock {{ server 127.0.0.1:{self.bench.mock.answering}; keepalive 256; keepalive_requests 1000000000; }}
server {{ listen 127.0.0.1:{self.port} ssl http2 backlog=8192; ssl_certificate {self.bench.certificate}; ssl_certificate_key {self.bench.certificate_key};
  location / {{ proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_read_timeout 1h; }} }}""")
        self.process = Process(["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf"], cores=self.bench.load_cores, log=self.folder / "log")
        return self


class Haproxy(Target):
    name = "haproxy"
    purposes = Target.purposes | {"hold_tls", "chain"}

    def port_of(self, purpose):
        return {"hold_tls": self.tls_port, "chain": self.chain_port}.get(purpose, self.port)

    def command(self):
        self.tls_port, self.chain_port = free_port(), free_port()
        mock = self.bench.mock
        # `balance first` with a redispatch at each retry: every request begins at the server that refuses, as a route begins at its first target.
        (self.folder / "haproxy.cfg").write_text(f"""global
  nbthread 1
  maxconn {raise_descriptor_limit() // 2 - 200}
  tune.pool-high-fd-ratio 100
  tune.pool-low-fd-ratio 99
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  option http-no-delay
  http-reuse always
frontend plain
  bind 127.0.0.1:{self.port} backlog 8192
  default_backend mock
backend mock
  server m 127.0.0.1:{mock.answering}
frontend chain
  bind 127.0.0.1:{self.chain_port} backlog 8192
  default_backend chain
backend chain
  balance first
  retries 1
  retry-on 401
  option redispatch 1
  server refusing 127.0.0.1:{mock.refusing}
  server m 127.0.0.1:{mock.answering}
frontend tls
  bind 127.0.0.1:{self.tls_port} backlog 8192
  default_backend tls
backend tls
  server m 127.0.0.1:{self.bench.tls_port} ssl verify required ca-file {self.bench.certificate} verifyhost localhost sni str(localhost)
""")
        return ["haproxy", "-db", "-q", "-f", self.folder / "haproxy.cfg"]


class Belay(Target):
    name = "belay"
    purposes = Target.purposes | {"hold_tls", "chain"}
    models = {**Target.models, "json": "fast", "image": "fast", "sse": "stream", "hold": "hold", "hold_tls": "hold-tls", "chain": "chain"}
    workers = 1
    gateway = ""           # more lines of [gateway]

    def command(self):
        mock = self.bench.mock
        (self.folder / "belay.toml").write_text(f"""[host]
state = "memory:"
trust = "any"
{provider("mock", f"http://127.0.0.1:{mock.answering}/v1")}
{provider("refusing", f"http://127.0.0.1:{mock.refusing}/v1")}
{provider("tls", f"https://localhost:{self.bench.tls_port}/v1", f'ca_file = "{self.bench.certificate}"')}
[route.fast]
targets = ["mock"]
[route.stream]
targets = ["mock/sse-100x10"]
[route.hold]
targets = ["mock/hold"]
deadline = "1h"
idle_timeout = "1h"
[route.hold-tls]
targets = ["tls/hold"]
deadline = "1h"
idle_timeout = "1h"
[route.chain]
targets = ["refusing", "mock"]
[holds]
auth = "0s"
[gateway]
listen = "127.0.0.1:{self.port}"
watch = false
drain_timeout = "1s"
{self.gateway}
""")
        return [self.bench.belay, "serve", "--config", self.folder / "belay.toml", "--workers", self.workers]

    def environment(self):
        return {"BENCH_KEY": KEY, "HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder)}


def provider(name, origin, more=""):
    return f"""[provider.{name}]
plugin = "openai"
base_url = "{origin}"
model = "m"
{more}
[[provider.{name}.credential]]
id = "main"
type = "api_key"
source = "env:BENCH_KEY"
"""


class Bare(Belay):
    """belay with everything off that can be off."""
    name = "bare"
    gateway = "traces = 0"


class Whole(Belay):
    """belay with everything on: keys, traces, access log to a file; the bench scrapes its metrics."""
    name = "whole"

    def headers(self):
        return {"Authorization": f"Bearer {GATEWAY_KEY}", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}

    @property
    def gateway(self):
        digest = hashlib.sha256(GATEWAY_KEY.encode()).hexdigest()
        return f"""traces = 1000
access_log = "{self.folder}/access.log"
keys = [{{ name = "bench", sha256 = "{digest}", sight = true, requests_per_minute = 1000000000, max_concurrency = 100000 }},
        {{ name = "other", sha256 = "{'0' * 64}" }}]"""


def missing(kind):
    program = {Nginx: "nginx", Haproxy: "haproxy"}.get(kind)
    return f"{program} is not installed (packaging/apt-packages)" if program and not shutil.which(program) else None
