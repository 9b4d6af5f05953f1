#!/usr/bin/env python3
"""The relay itself, seen from both of its ends: when the head goes out, who slows whom, who is told that somebody left."""

import http.client
import json
import socket
import threading
import time
import unittest

from support.gateway import Gateway, Upstreams

PIECE = "x" * 4000
PIECES = 12_000  # 48 MB


def chunk(delta, finish=None):
    event = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    data = b"data: " + json.dumps(event).encode() + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(data), data)


END = chunk({}, "stop") + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"


class Source:
    """An upstream whose model names say what it does; one thread a connection."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.sent = 0
        self.asked, self.left = threading.Event(), threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(link,), daemon=True).start()

    def serve(self, link):
        with link, link.makefile("rb") as stream:
            size = 0
            while (line := stream.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    size = int(line.split(b":")[1])
            model = json.loads(stream.read(size))["model"]
            self.asked.set()
            try:
                getattr(self, model)(link)
            except OSError:
                self.left.set()

    def head(self, link):
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk({"role": "assistant", "content": ""}))

    def late(self, link):
        self.head(link)
        time.sleep(1)
        link.sendall(chunk({"content": "at last"}) + END)

    def silent(self, link):
        self.head(link)
        link.sendall(chunk({"content": "one "}))
        time.sleep(3.5)
        link.sendall(chunk({"content": "two"}) + END)

    def hose(self, link):
        self.head(link)
        piece = chunk({"content": PIECE})
        for _ in range(PIECES):
            link.sendall(piece)
            self.sent += len(piece)
        link.sendall(END)

    def hang(self, link):
        while link.recv(4096):
            pass
        self.left.set()

    def close(self):
        self.listener.close()


CONFIG = """
[provider.source]
plugin = "openai"
base_url = "@/v1"
[gateway]
keep_alive_interval = "1s"
"""


class Relay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.source = Source()
        cls.addClassCleanup(cls.source.close)
        cls.upstreams = Upstreams()
        cls.addClassCleanup(cls.upstreams.close)
        cls.gateway = Gateway(cls.upstreams, more=CONFIG.replace("@", cls.source.origin))
        cls.addClassCleanup(cls.gateway.close)

    def ask(self, model, stream=True):
        link = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=60)
        self.addCleanup(link.close)
        body = {"model": f"source/{model}", "stream": stream, "messages": [{"role": "user", "content": "hello"}]}
        link.request("POST", "/v1/chat/completions", json.dumps(body))
        return link

    def test_the_head_waits_for_content(self):
        begin = time.monotonic()
        reply = self.ask("late").getresponse()
        self.assertGreater(time.monotonic() - begin, 0.9)
        self.assertEqual((reply.status, reply.getheader("belay-provider")), (200, "source"))
        text = reply.read().decode()
        self.assertLess(text.index('"role"'), text.index("at last"))
        self.assertTrue(text.endswith("data: [DONE]\n\n"))

    def test_a_silent_stream_is_kept_alive_by_comments(self):
        text = self.ask("silent").getresponse().read().decode()
        between = text[text.index("one ") : text.index("two")]
        self.assertIn("\n\n: keep-alive\n\n", between)
        self.assertLess(between.count("keep-alive"), 5)
        self.assertEqual(text.count("data: [DONE]"), 1)

    def test_a_slow_reader_slows_its_upstream_and_loses_nothing(self):
        reply = self.ask("hose").getresponse()
        before, still = -1, 0
        while still < 10:  # until nothing has moved for a second
            time.sleep(0.1)
            still = still + 1 if self.source.sent == before else 0
            before = self.source.sent
        self.assertLess(before, 30 << 20, "what the kernel's buffers take and a little, of 48 MB")
        with open(f"/proc/{self.gateway.process.pid}/status") as status:
            rss = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
        self.assertLess(rss, 600 << 10, "KiB, a sanitizer's own included")
        text = reply.read().decode()
        self.assertEqual(text.count(PIECE), PIECES)
        self.assertTrue(text.endswith("data: [DONE]\n\n"))

    def test_who_leaves_cancels_what_was_asked_for(self):
        self.source.asked.clear()
        self.source.left.clear()
        link = self.ask("hang", stream=False)
        self.assertTrue(self.source.asked.wait(10))
        self.assertFalse(self.source.left.is_set())
        link.close()
        self.assertTrue(self.source.left.wait(10))


if __name__ == "__main__":
    unittest.main()
