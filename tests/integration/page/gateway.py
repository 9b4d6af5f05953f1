"""`belay serve` and the upstream it talks to: each provider of the configuration has one fate, named by the first part of its path."""
import http.server, json, os, pathlib, re, shutil, signal, subprocess, tempfile, threading, urllib.error, urllib.request


class Upstream:
    """ok: answers. refused: 401. spent: 402. wordy: 500 with markup in its words. slow: streams a piece, and the rest when let go. Its token endpoint wants a person."""

    def __init__(self):
        self.go = threading.Event()
        upstream = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                getattr(upstream, self.path.split("/")[1])(self, body)

            def tell(self, status, document):
                text = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.go.set()
        self.server.shutdown()
        self.server.server_close()

    def ok(self, handler, _):
        handler.tell(200, {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
                           "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello."}}]})

    def refused(self, handler, _):
        handler.tell(401, {"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}})

    def spent(self, handler, _):
        handler.tell(402, {"error": {"message": "Your credits are used up."}})

    def wordy(self, handler, _):
        handler.tell(500, {"error": {"message": "<img src=x onerror=\"document.title='owned'\"> broke"}})

    def token(self, handler, _):
        handler.tell(400, {"error": "interaction_required", "error_description": "The login must be confirmed."})

    def slow(self, handler, _):
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        self.piece(handler, {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hel"}, "finish_reason": None}]})
        self.go.wait(60)
        self.piece(handler, {"choices": [{"index": 0, "delta": {"content": "lo."}, "finish_reason": "stop"}]})
        self.piece(handler, "[DONE]")
        handler.wfile.write(b"0\r\n\r\n")

    @staticmethod
    def piece(handler, data):
        words = data if isinstance(data, str) else json.dumps({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", **data})
        event = f"data: {words}\n\n".encode()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
        handler.wfile.flush()


class Gateway:
    def __init__(self, belay, plugins, configuration):
        self.belay, self.folder, self.port = belay, pathlib.Path(tempfile.mkdtemp(prefix="belay-page-")), 0
        self.config = self.folder / "belay.toml"
        self.configure(f'[host]\nstate = "file:{self.folder}/state"\ntrust = "any"\nplugin_dirs = ["{pathlib.Path(plugins).resolve()}"]\n{configuration}')
        self.process = None
        self.start()

    def configure(self, words):
        """As a person's editor does: a whole new file in the place of the old one."""
        fresh = self.folder / "belay.toml.new"
        fresh.write_text(words)
        fresh.chmod(0o600)
        fresh.rename(self.config)

    def start(self):
        self.process = subprocess.Popen([self.belay, "serve", "--config", self.config, "--listen", f"127.0.0.1:{self.port}", "--workers", "2"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, "XDG_CONFIG_HOME": str(self.folder)})
        said = []
        for line in self.process.stderr:
            said.append(line)
            if found := re.search(r"listens on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        else:
            raise AssertionError("belay serve did not start:\n" + "".join(said))
        self.origin = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=lambda stream: [None for _ in stream], args=(self.process.stderr,), daemon=True).start()   # else it fills up

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, model, key=None):
        """One call; its request id."""
        headers = {"content-type": "application/json", **({"authorization": f"Bearer {key}"} if key else {})}
        request = urllib.request.Request(f"{self.origin}/v1/chat/completions", json.dumps({"model": model, "messages": [{"role": "user", "content": "Hi"}]}).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                reply.read()
                return reply.headers["belay-request-id"]
        except urllib.error.HTTPError as error:
            error.read()
            return error.headers["belay-request-id"]

    def stream(self, model):
        """A streamed call under way: its reply, whose first content has come."""
        body = json.dumps({"model": model, "stream": True, "messages": [{"role": "user", "content": "Hi"}]}).encode()
        return urllib.request.urlopen(urllib.request.Request(f"{self.origin}/v1/chat/completions", body, {"content-type": "application/json"}), timeout=60)
