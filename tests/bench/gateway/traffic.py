"""What is sent: the mock upstream, the bodies, and the load that checks every reply."""
import json, subprocess

from machine import CORE_LOAD
from processes import Process

REPLY_MARK = "bench-reply"
KEY = "sk-bench-0123456789abcdef"


def chat(model, text, **more):
    return json.dumps({"model": model, **more, "messages": [{"role": "system", "content": "s" * 480}, {"role": "user", "content": text}]}, separators=(",", ":"))


def image(model, size):
    url = "data:image/png;base64," + "iVBORw0KGgo" * (size // 11)
    parts = [{"type": "text", "text": "What is in this picture?"}, {"type": "image_url", "image_url": {"url": url}}]
    return json.dumps({"model": model, "messages": [{"role": "user", "content": parts}]}, separators=(",", ":"))


def http_request(body, headers):
    lines = ["POST /v1/chat/completions HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(body)}",
             *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


class Mock(Process):
    def __init__(self, program, folder):
        super().__init__([program], cores=CORE_LOAD, log=folder / "mock.log", stdin=subprocess.PIPE)
        self.answering, self.refusing = self.numbers()

    def numbers(self):
        return tuple(map(int, self.popen.stdout.readline().split()))

    def counts(self):
        """Requests so far: (answered, refused)."""
        self.popen.stdin.write(b"?\n")
        self.popen.stdin.flush()
        return self.numbers()


class Wrong(RuntimeError):
    """A reply that is not the right one: no figure is worth more."""


class Load:
    def __init__(self, program, folder):
        self.program, self.folder, self.files, self.sent = program, folder, {}, {}

    def sent_to(self, port):
        """Requests that went there so far."""
        return self.sent.get(port, 0)

    def command(self, kind, place, options):
        port, request = place
        if request not in self.files:
            self.files[request] = self.folder / f"request-{len(self.files)}"
            self.files[request].write_bytes(request)
        words = [str(self.program), kind, "--port", str(port), "--request", str(self.files[request])]
        return words + [word for name, value in options.items() for word in (f"--{name}", str(value))]

    def run(self, kind, place, **options):
        """One load to its end; `place` is (port, the bytes of a request)."""
        done = subprocess.run(["taskset", "-c", ",".join(map(str, CORE_LOAD)), *self.command(kind, place, options)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=300)
        if done.returncode != 0:
            raise Wrong(f"{kind}: {done.stderr.strip() or done.stdout.strip()}")
        return json.loads(done.stdout)

    def requests(self, place, **options):
        done = self.run("requests", place, expect=REPLY_MARK, **options)
        self.sent[place[0]] = self.sent_to(place[0]) + done["requests"]
        return done

    def hold(self, place, streams):
        return Held(self, place, streams)


class Held(Process):
    """Streams that stay open as long as the `with` block."""

    def __init__(self, load, place, streams):
        self.streams = streams
        super().__init__(load.command("hold", place, {"connections": streams}), cores=CORE_LOAD, log=load.folder / "hold.log", stdin=subprocess.PIPE)
        if self.popen.stdout.readline().strip() != b"held":
            self.stop()
            raise Wrong(f"{streams:,} streams could not be held: {self.last_words()}")

    def release(self):
        """Closes them; wrong if one was lost meanwhile."""
        self.popen.stdin.close()
        counts = json.loads(self.popen.stdout.readline())
        if counts["lost"]:
            raise Wrong(f"{counts['lost']} of {counts['held']} held streams were closed by the other side")
        return counts
