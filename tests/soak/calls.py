"""The kinds of calls that clients make. Each makes one record (pipelined ones: several) of what was asked, when, and what came."""
import asyncio
import json

from answers import question, text_of
from http_link import Link, Lost, request
from wires import PATHS, Stream, body_of, code_in, text_in

# How often, of a hundred and some.
KINDS = {"chat": 26, "chat-fresh": 9, "chat-stream": 15, "responses": 6, "responses-stream": 6, "messages": 6, "messages-stream": 6, "image": 2,
         "big-answer": 2, "long-stream": 2, "slow-reader": 1, "leaver": 3, "pipelined": 2, "direct": 3, "embeddings": 2, "narrow": 2, "bad-key": 2, "no-key": 1, "no-model": 1,
         "malformed": 1, "too-large": 0.3, "not-allowed": 1, "guest": 1, "models": 1}

ROUTES = {"r123": ("one", "two", "three"), "r231": ("two", "three", "one"), "r312": ("three", "one", "two"), "auto": ("one", "two", "three")}
MOST_BODY = 6 << 20


class Call:
    """What one request was and what became of it."""

    def __init__(self, number, kind, wire="chat", model="r123", chain=(), stream=False, size=60, pieces=1, pace=0):
        self.id, self.kind, self.wire, self.model, self.chain, self.stream = f"{kind}-{number}", kind, wire, model, chain, stream
        self.size, self.pieces, self.pace = size, pieces, pace
        self.begin = self.first = self.end = 0.0       # seconds since the epoch: sent, head of the reply, all of it
        self.status = self.request_id = self.provider = self.attempts = self.code = None
        self.expected = (200,)
        self.became = None                             # answered, told (an error status), error_event, left, or what is wrong with the reply
        self.detail = ""

    def text(self):
        return text_of(self.id, self.size)

    def body(self, padding=0):
        return body_of(self.wire, self.model, question(self.id, self.size, self.pieces, self.pace), self.stream, padding)


class Clients:
    """`world`: port, keys, now(), guest_until() and what else the run knows."""

    def __init__(self, world, pool, rng, long):
        self.world, self.pool, self.rng, self.long, self.number, self.calls = world, pool, rng, long, 0, []

    def make(self, kind, **facts):
        self.number += 1
        call = Call(self.number, kind, **facts)
        if not call.chain:
            call.model = self.rng.choice(list(ROUTES))
            call.chain = ROUTES[call.model]
        self.calls.append(call)
        return call

    async def one(self, kind):
        """Makes one call of that kind, to its end."""
        wire, _, streamed = kind.partition("-")
        if kind in ("chat", "responses", "messages"):
            await self.ask(self.make(kind, wire=wire, size=self.rng.choice([40, 120, 1500])))
        elif streamed == "stream" and wire in PATHS:
            await self.ask(self.make(kind, wire=wire, stream=True, size=self.rng.choice([200, 800]), pieces=self.rng.choice([3, 10, 25]), pace=self.rng.choice([0, 0, 5, 20])))
        else:
            await getattr(self, kind.replace("-", "_"))()

    # ------------------------------------------------------------------------------------------------------------------- the frame

    async def ask(self, call, fresh=False, key="main", padding=0, path=None, body=None, reading=None, more=""):
        """Sends it, reads the reply (or lets `reading` do that), and notes what came."""
        sent = request("POST", path or PATHS[call.wire], call.body(padding) if body is None else body, self.world.keys.get(key),
                       "x-api-key" if call.wire == "messages" else "bearer", more)
        link = None
        call.begin = self.world.now()
        try:
            link = await Link.open(self.world.port, small_window=reading is not None) if fresh or reading else await self.pool.take()
            call.begin = self.world.now()
            await link.send(sent)
            await self.read(call, link, reading)
        except Lost as error:
            call.became, call.detail = ("lost" if not error.answered else "cut"), str(error)
        except OSError as error:
            call.became, call.detail = "not connected", repr(error)
        except (ValueError, KeyError, IndexError, TypeError) as error:
            call.became, call.detail = "unreadable", repr(error)
        finally:
            call.end = self.world.now()
            if link is not None:
                link.close() if fresh or reading or call.became not in ("answered", "told") else self.pool.give(link)
            await self.world.ended(call)
        return call

    async def read(self, call, link, reading=None):
        reply = await link.head()
        call.first, call.status = self.world.now(), reply.status
        call.request_id, call.provider = reply.headers.get("belay-request-id"), reply.headers.get("belay-provider")
        call.attempts = int(reply.headers["belay-attempts"]) if "belay-attempts" in reply.headers else None
        if reply.status == 200 and call.stream:
            stream = Stream(call.wire)
            async for piece in (reading or Link.pieces)(link, reply):
                stream.feed(piece)
            if call.became is None:
                self.judge_stream(call, stream)
            return
        await link.whole(reply)
        if reply.status != 200:
            call.became, call.code = "told", code_in(reply.body)
            call.detail = reply.body[:2000].decode("utf-8", "replace")
        elif call.kind == "embeddings":
            self.match(call, json.loads(reply.body)["data"][0]["embedding"][2], call.size)
        else:
            self.match(call, text_in(call.wire, reply.body), call.text())

    @staticmethod
    def match(call, got, wanted):
        call.became = "answered" if got == wanted else "wrong answer"
        if got != wanted:
            call.detail = f"{str(got)[:150]!r} instead of {str(wanted)[:60]!r}"

    def judge_stream(self, call, stream):
        text, wanted = "".join(stream.text), call.text()
        if stream.error:
            call.became, call.code = "error_event" if wanted.startswith(text) else "wrong answer", stream.error
        elif not stream.ended:
            call.became, call.detail = "clean cut", "a stream that ended without end mark and without an error event"
        else:
            self.match(call, text, wanted)
        if stream.rest.strip():
            call.became, call.detail = "cut", "half an event at the end: " + stream.rest[:100].decode("utf-8", "replace")

    # ------------------------------------------------------------------------------------------------------------------- the kinds

    async def chat_fresh(self):
        await self.ask(self.make("chat-fresh"), fresh=True)

    async def image(self):
        await self.ask(self.make("image", wire=self.rng.choice(list(PATHS))), padding=self.rng.choice([200_000, 1_500_000]))

    async def big_answer(self):
        await self.ask(self.make("big-answer", wire=self.rng.choice(list(PATHS)), size=300_000))

    async def long_stream(self):
        """Open for seconds while others come and go, and configurations too."""
        await self.ask(self.make("long-stream", wire=self.rng.choice(list(PATHS)), stream=True, size=2000, pieces=60 if self.long else 20, pace=100))

    async def slow_reader(self):
        """Reads a quarter of a megabyte in sips: the gateway may neither buffer it all for long nor give up on it."""
        async def sip(link, reply):
            async for piece in Link.pieces(link, reply):
                await asyncio.sleep(0.03)
                yield piece
        await self.ask(self.make("slow-reader", stream=True, size=250_000, pieces=60 if self.long else 30), reading=sip)

    async def leaver(self):
        """Goes away in mid-stream: its upstream must be left too, long before it would have been done."""
        call = self.make("leaver", wire=self.rng.choice(list(PATHS)), stream=True, size=3000, pieces=150, pace=100)

        async def leave(link, reply):
            async for piece in Link.pieces(link, reply):
                yield piece
                call.became = "left"
                return
        await self.ask(call, reading=leave)

    async def pipelined(self):
        """Four requests in one write; the replies come in their order."""
        calls = [self.make("pipelined", size=self.rng.choice([40, 4000])) for _ in range(3)]
        link = None
        begin = self.world.now()
        try:
            link = await Link.open(self.world.port)
            sent = [request("POST", PATHS["chat"], call.body(), self.world.keys["main"]) for call in calls]
            begin = self.world.now()
            for call in calls:
                call.begin = begin
            await link.send(b"".join(sent[:2]) + request("GET", "/healthz") + sent[2])
            for at, call in enumerate(calls):
                if at == 2:
                    health = await link.whole(await link.head())
                    self.world.looked("/healthz", health.status)
                await self.read(call, link)
                call.end = self.world.now()
        except Lost as error:
            next(call for call in calls if call.became is None).detail = str(error)
        except OSError as error:
            calls[0].detail = repr(error)
        finally:
            if link is not None:
                link.close()
            for call in calls:
                call.became = call.became or "lost"
                call.end = call.end or self.world.now()
                await self.world.ended(call)

    async def direct(self, name=None):
        """A target by name is a chain of one."""
        name = name or self.rng.choice(["one", "two", "three"])
        await self.ask(self.make("direct", model=self.rng.choice([name, f"{name}/m-{name}"]), chain=(name,), stream=self.rng.random() < 0.3))

    async def embeddings(self):
        call = self.make("embeddings", size=self.number)
        body = json.dumps({"model": call.model, "input": question(call.id, call.size, 1, 0)}).encode()
        await self.ask(call, path="/v1/embeddings", body=body)

    async def narrow(self):
        """A route that takes three at a time; more wait."""
        await self.ask(self.make("narrow", model="narrow", chain=("one", "two", "three")))

    async def refused(self, kind, status, key="main", model="r123", **more):
        call = self.make(kind, model=model, chain=("nobody",))
        call.expected = (status,)
        await self.ask(call, key=key, **more)

    async def bad_key(self):
        await self.refused("bad-key", 401, key="bad")

    async def no_key(self):
        await self.refused("no-key", 401, key="none")

    async def not_allowed(self):
        await self.refused("not-allowed", 403, key="narrow")

    async def no_model(self):
        await self.refused("no-model", 404, model="nobody-has-this")

    async def malformed(self):
        await self.refused("malformed", 400, body=self.rng.choice([b'{"model": "r123", "messages": [', b"[]", b"\xff\xfe", b""]))

    async def too_large(self):
        await self.refused("too-large", 413, fresh=True, body=b" " * (MOST_BODY + 100_000))

    async def guest(self):
        """A key that reloads take away and bring back."""
        call = self.make("guest")
        await self.world.guest_call(call, lambda: self.ask(call, key="guest"))

    async def models(self):
        await self.world.look("/v1/models")


