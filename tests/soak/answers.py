"""What upstreams say. A call's text is made of its number, so that a client can tell whether it got the answer to its own question, and all of it."""
import json
import re

ASKED = re.compile(r"call=(\S+) size=(\d+) pieces=(\d+) pace=(\d+)")
LOREM = "the quick brown fox jumps over the lazy dog; "


def question(call, size, pieces, pace):
    """A user's message: answer with so many characters, in so many pieces, so many milliseconds apart."""
    return f"call={call} size={size} pieces={pieces} pace={pace}"


def text_of(call, size):
    start = f"[{call}] "
    return (start + LOREM * (size // len(LOREM) + 1))[:max(size, len(start))]


def said(asked):
    """The question in a request as the upstream got it: of messages (a text or parts) or an embedding's input."""
    for content in [message.get("content") for message in asked.get("messages", [])] + [asked.get("input")]:
        found = ASKED.search(content if isinstance(content, str) else json.dumps(content))
        if found:
            return {"id": found[1], "size": int(found[2]), "pieces": int(found[3]), "pace": int(found[4])}
    return {"id": "", "size": 20, "pieces": 1, "pace": 0}


def usage(call):
    return {"prompt_tokens": 7, "completion_tokens": call["pieces"], "total_tokens": 7 + call["pieces"]}


def answer_json(path, asked, call):
    if path.endswith("/embeddings"):
        return json.dumps({"object": "list", "model": asked["model"], "data": [{"object": "embedding", "index": 0, "embedding": [0.25, -0.5, call["size"]]}],
                           "usage": {"prompt_tokens": 7, "total_tokens": 7}}).encode()
    message = {"role": "assistant", "content": text_of(call["id"], call["size"])}
    return json.dumps({"id": "chatcmpl-" + call["id"], "object": "chat.completion", "created": 1700000000, "model": asked["model"],
                       "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage(call)}).encode()


def stream_events(asked, call):
    """The whole stream, an event at a time; the first has only the role."""
    def event(delta, finish=None):
        return b"data: " + json.dumps({"id": "chatcmpl-" + call["id"], "object": "chat.completion.chunk", "created": 1700000000, "model": asked["model"],
                                       "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}).encode() + b"\n\n"
    text = text_of(call["id"], call["size"])
    yield event({"role": "assistant", "content": ""})
    step = -(-len(text) // max(1, call["pieces"]))
    for at in range(0, len(text), step):
        yield event({"content": text[at:at + step]})
    yield event({}, "stop")
    if (asked.get("stream_options") or {}).get("include_usage"):
        yield b"data: " + json.dumps({"id": "chatcmpl-" + call["id"], "object": "chat.completion.chunk", "created": 1700000000, "model": asked["model"],
                                      "choices": [], "usage": usage(call)}).encode() + b"\n\n"
    yield b"data: [DONE]\n\n"


def error_json(code, message):
    return json.dumps({"error": {"message": message, "type": "error", "param": None, "code": code}}).encode()


def garbage(rng, streamed):
    """Bytes that are no reply; the connection ends behind them."""
    def whole(kind, body):
        return b"HTTP/1.1 200 So\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)
    return rng.choice([
        whole(b"text/html", b"<html><body>It works!</body></html>"),
        whole(b"application/json", b'{"object": "chat.completion", "choices": []}'),
        whole(b"application/json", b'{"id": "x", "choices": [{"mess'),
        whole(b"application/json", error_json("server_error", "we told you in a 200")),
        whole(b"text/event-stream", b"data: {not json\n\n") if streamed else whole(b"application/json", b"\x00\xff\xfe"),
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"HTTP/1.1 200 So\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 So\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 So\r\nLocation: http://127.0.0.1:9/elsewhere\r\nContent-Length: 0\r\n\r\n",
    ])
