"""The three ways in: what a request looks like in each, and what its answer says."""
import base64
import json

PATHS = {"chat": "/v1/chat/completions", "responses": "/v1/responses", "messages": "/v1/messages"}


def body_of(wire, model, content, stream, padding=0):
    """`padding`: bytes of an image beside the question."""
    image = base64.b64encode(b"\x89" * (padding * 3 // 4)).decode() if padding else ""
    if wire == "responses":
        parts = [{"type": "input_text", "text": content}] + ([{"type": "input_image", "image_url": "data:image/png;base64," + image}] if image else [])
        body = {"model": model, "input": [{"role": "user", "content": parts}], "stream": stream}
    elif wire == "messages":
        parts = [{"type": "text", "text": content}]
        if image:
            parts.append({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": image}})
        body = {"model": model, "max_tokens": 500, "messages": [{"role": "user", "content": parts}], "stream": stream}
    else:
        parts = [{"type": "text", "text": content}, {"type": "image_url", "image_url": {"url": "data:image/png;base64," + image}}] if image else content
        body = {"model": model, "messages": [{"role": "user", "content": parts}], "stream": stream}
    return json.dumps(body).encode()


def text_in(wire, body):
    """The text of an unstreamed answer."""
    got = json.loads(body)
    if wire == "chat":
        return got["choices"][0]["message"]["content"]
    if wire == "responses":
        return "".join(part["text"] for item in got["output"] if item["type"] == "message" for part in item["content"])
    return "".join(part["text"] for part in got["content"] if part["type"] == "text")


def code_in(body):
    """The reason in an error's body, of any wire."""
    try:
        error = json.loads(body).get("error") or {}
        return error.get("code") or error.get("type")
    except (ValueError, AttributeError):
        return None


class Stream:
    """Puts a stream together from its pieces: text, the end mark, an error."""

    def __init__(self, wire):
        self.wire, self.rest, self.text, self.ended, self.error, self.events = wire, b"", [], False, None, 0

    def feed(self, piece):
        self.rest += piece
        *blocks, self.rest = self.rest.split(b"\n\n")
        for block in blocks:
            data = b"\n".join(line[5:].lstrip() for line in block.split(b"\n") if line.startswith(b"data:"))
            if not data:
                continue      # a comment
            self.events += 1
            if self.ended or self.error:
                self.error = self.error or "an event behind the end: " + data[:200].decode("utf-8", "replace")
            elif data == b"[DONE]":
                self.ended = True
            else:
                self.take(json.loads(data))

    def take(self, event):
        if self.wire == "chat":
            if "error" in event:
                self.error = event["error"].get("code") or "error"
            for choice in event.get("choices", []):
                self.text.append(choice["delta"].get("content") or "")
            return
        kind = event.get("type", "")
        if kind == "response.output_text.delta":
            self.text.append(event["delta"])
        elif kind == "content_block_delta":
            self.text.append(event["delta"].get("text", ""))
        elif kind in ("response.completed", "message_stop"):
            self.ended = True
        elif kind in ("response.failed", "error", "response.incomplete"):
            told = event.get("response", event).get("error") or event
            self.error = told.get("code") or told.get("type") or kind
