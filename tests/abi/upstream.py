"""An upstream on loopback that takes one secret: any other is a 401, model `busy` is a 429. For `with Upstream("fresh") as origin:`"""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Upstream:
    def __init__(self, secret):
        owner = self
        self.secret, self.seen = secret, []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                given = self.headers.get("authorization", "")
                owner.seen.append(given)
                if given != f"Bearer {owner.secret}":
                    return self.answer(401, {"error": {"message": "unknown key", "type": "invalid_request_error", "code": "invalid_api_key"}})
                if body["model"] == "busy":
                    return self.answer(429, {"error": {"message": "slow down", "type": "rate_limit_error", "code": "rate_limit_exceeded"}}, [("retry-after", "3600")])
                if body.get("stream"):
                    return self.stream(["Hel", "lo"])
                return self.answer(200, {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"],
                                         "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
                                         "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}})

            def answer(self, status, body, headers=()):
                self.reply(status, "application/json", json.dumps(body).encode(), headers)

            def stream(self, pieces):
                chunk = lambda delta, finish=None: "data: " + json.dumps({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m1",
                                                                         "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}) + "\n\n"
                text = "".join(chunk({"content": p}) for p in pieces) + chunk({}, "stop") + "data: [DONE]\n\n"
                self.reply(200, "text/event-stream", text.encode())

            def reply(self, status, kind, body, headers=()):
                self.send_response(status)
                for name, value in [("content-type", kind), ("content-length", str(len(body))), *headers]:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
