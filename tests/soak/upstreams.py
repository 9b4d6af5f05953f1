#!/usr/bin/env python3
"""Three upstreams of the Chat Completions wire and one token endpoint, on loopback, that fail as the timeline says.

    upstreams.py SEED SECONDS RECORDS

One JSON line on stdout tells the ports; {"epoch": MONOTONIC} on stdin starts the timeline; the end of stdin ends it, and then RECORDS is written: what every
request met, what the token endpoint saw, and how late this process itself was."""
import asyncio
import json
import pathlib
import random
import socket
import struct
import sys
import time
import urllib.parse

sys.dont_write_bytecode = True
from answers import answer_json, error_json, garbage, said, stream_events
from timeline import NAMES, Timeline


class Gone(Exception):
    """belay closed the connection."""


class Grants:
    """OAuth with rotation: each refresh spends its refresh token; a spent one that comes back is what must never happen."""

    lifetime = 20

    def __init__(self):
        self.number, self.refresh, self.issued, self.dead_before = 0, "rt-SECRET-0", {}, -1e9
        self.spent, self.reused, self.refreshes, self.unneeded, self.failed = set(), [], 0, [], 0

    def valid(self, token, at):
        born = self.issued.get(token)
        return born is not None and born >= self.dead_before and at < born + self.lifetime

    def age(self, at):
        """Of the newest token."""
        return at - self.issued.get(f"at-SECRET-{self.number}", -1e9)

    def spend(self, given, at):
        """The reply's status and object."""
        if given in self.spent:
            self.reused.append({"token": given, "at": at})
        if given != self.refresh:
            return 400, {"error": "invalid_grant", "error_description": "this refresh token was used or never existed"}
        newest = f"at-SECRET-{self.number}"
        # Needed: a dead token, an old one, or the first of all. Advisory refresh begins in the last tenth of the lifetime.
        if self.valid(newest, at) and at < self.issued[newest] + 0.9 * self.lifetime - 0.5:
            self.unneeded.append({"at": at, "age": at - self.issued[newest]})
        self.spent.add(given)
        self.number, self.refreshes = self.number + 1, self.refreshes + 1
        self.refresh, token = f"rt-SECRET-{self.number}", f"at-SECRET-{self.number}"
        self.issued[token] = at
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime, "refresh_token": self.refresh}


class Listener:
    """A port that can refuse connections and come back: shutdown(2) of a listening socket keeps an explicitly bound port."""

    def __init__(self, world, name):
        self.world, self.name, self.links, self.listening = world, name, set(), False
        self.placeholder, self.socket = self.bound(0), None
        self.port = self.placeholder.getsockname()[1]
        self.socket = self.bound(self.port)

    @staticmethod
    def bound(port):
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.setblocking(False)
        made.bind(("127.0.0.1", port))
        return made

    def open(self):
        if not self.listening:
            self.listening = True
            self.socket.listen(512)
            asyncio.get_running_loop().add_reader(self.socket, self.accept)

    def refuse(self):
        """Nobody gets in, and whoever is in is thrown out."""
        if self.listening:
            self.listening = False
            asyncio.get_running_loop().remove_reader(self.socket)
            self.socket.shutdown(socket.SHUT_RDWR)
        for link in list(self.links):
            link.reset()

    def accept(self):
        try:
            taken, _ = self.socket.accept()
        except OSError:
            return
        taken.setblocking(False)
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = asyncio.ensure_future(self.serve(taken))
        self.world.tasks.add(task)
        task.add_done_callback(self.world.tasks.discard)

    async def serve(self, taken):
        loop, reader = asyncio.get_running_loop(), asyncio.StreamReader(limit=1 << 20)
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, taken)
        link = Link(reader, asyncio.StreamWriter(transport, protocol, reader, loop))
        self.links.add(link)
        try:
            while await self.world.one_request(self.name, link):
                pass
        except (Gone, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self.links.discard(link)
            link.writer.close()


class Link:
    def __init__(self, reader, writer):
        self.reader, self.writer, self.was_reset = reader, writer, False
        writer.transport.set_write_buffer_limits(16384)

    def reset(self):
        """RST instead of FIN."""
        self.was_reset = True
        raw = self.writer.get_extra_info("socket")
        if raw is not None and raw.fileno() >= 0:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def send(self, data):
        if self.reader.at_eof() or self.writer.is_closing():
            raise Gone
        self.writer.write(data)
        await self.writer.drain()

    async def pause(self, seconds):
        """Waits, but not for somebody who has left: nothing may come while a reply is under way."""
        try:
            if await asyncio.wait_for(self.reader.read(1), seconds) == b"":
                raise Gone
        except asyncio.TimeoutError:
            pass

    async def request(self):
        """(path, headers, body); None: the connection ended between two requests."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return None
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        if headers.get("expect", "").lower() == "100-continue":
            await self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "chunked" in headers.get("transfer-encoding", ""):
            body = b""
            while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
                body += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readuntil(b"\r\n")
        else:
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return lines[0].split(" ")[1], headers, body


def head(status, kind, length=None, more=""):
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return f"HTTP/1.1 {status} So\r\nContent-Type: {kind}\r\n{framing}\r\n{more}\r\n".encode()


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


class World:
    def __init__(self, seed, seconds):
        self.timeline, self.rng = Timeline(seed, seconds), random.Random(seed + 1)
        self.epoch, self.records, self.surprises, self.late = None, [], [], []
        self.grants, self.storms, self.tasks = Grants(), 0, set()
        self.first_key = 0      # of `one`: its number grows when its owner replaces it
        self.revoked = False
        self.listeners = {name: Listener(self, name) for name in (*NAMES, "token")}

    def now(self):
        return time.monotonic() - self.epoch if self.epoch is not None else -1.0

    # ------------------------------------------------------------------------------------------------------------- the clock's hand

    async def turn(self):
        """Opens and closes listeners, starts storms; notes when this process was late, since belay can't be blamed for that."""
        step, storms = 0.05, list(self.timeline.storms)
        while True:
            before = time.monotonic()
            at = self.now()
            for name in NAMES:
                fault = self.timeline.fault_at(name, at)
                if fault and fault[0] in ("refused", "restart"):
                    self.listeners[name].refuse()
                else:
                    self.listeners[name].open()
            # Not while a token is so new that its refresh's own retry may still be on its way: refused twice in one call, the credential is
            # rightly held, and calls that come meanwhile are told so.
            while storms and storms[0] <= at and self.grants.age(at) > 0.5:
                storms.pop(0)
                self.grants.dead_before, self.storms = at, self.storms + 1
            await asyncio.sleep(step)
            lag = time.monotonic() - before - step
            if lag > 0.5:
                self.late.append((at, at + step + lag))

    # ------------------------------------------------------------------------------------------------------------------- requests

    async def one_request(self, name, link):
        request = await link.request()
        if request is None:
            return False
        path, headers, body = request
        if name == "token":
            await self.token(link, body)
            return True
        asked = json.loads(body)
        call = said(asked)
        record = {"id": call["id"], "upstream": name, "at": round(self.now(), 3), "met": "ok", "end": "whole"}
        self.records.append(record)
        try:
            kept = await self.reply(name, link, path, headers, asked, call, record)
        except (Gone, ConnectionError):
            # The upstream threw it out (a restart), or belay left.
            record["end"] = "reset" if link.was_reset else "left"
            raise
        return kept

    async def reply(self, name, link, path, headers, asked, call, record):
        refused = self.key_refused(name, headers.get("authorization", ""))
        if refused:
            record["met"] = "401"
            await self.tell(link, 401, error_json("invalid_api_key", refused))
            return True
        at_fault = self.timeline.fault_at(name, self.now())
        if at_fault and self.rng.random() < at_fault[1]:
            record["met"] = at_fault[0]
            return await self.fail(at_fault[0], link, asked, call)
        return await self.answer(link, path, asked, call)

    def key_refused(self, name, given):
        """None, or what the reply says."""
        if name == "two":
            return None if self.grants.valid(given.removeprefix("Bearer "), self.now()) else "the access token expired"
        if name == "one":
            good = {"Bearer key-SECRET-one-b"} | (set() if self.revoked else {f"Bearer key-SECRET-one-a{self.first_key}"})
        else:
            good = {"Bearer key-SECRET-three"}
        return None if given in good else "Incorrect API key provided"

    async def tell(self, link, status, body, more=""):
        await link.send(head(status, "application/json", len(body), more) + body)

    async def answer(self, link, path, asked, call, pace=None):
        if not asked.get("stream"):
            body = answer_json(path, asked, call)
            if pace:
                await link.send(head(200, "application/json", len(body)))
                for at in range(0, len(body), max(1, len(body) // 20)):
                    await link.send(body[at:at + max(1, len(body) // 20)])
                    await link.pause(pace)
            else:
                await self.tell(link, 200, body)
            return True
        await link.send(head(200, "text/event-stream"))
        for event in stream_events(asked, call):
            await link.send(chunk(event))
            if pace or call["pace"]:
                await link.pause(max(pace or 0, call["pace"] / 1000))
        await link.send(b"0\r\n\r\n")
        return True

    async def fail(self, fault, link, asked, call):
        """One fault. True: the connection may carry another request."""
        streamed = bool(asked.get("stream"))
        if fault in ("refused", "restart", "reset_before"):
            link.reset()
        elif fault == "reset_in_head":
            await link.send(b"HTTP/1.1 200 So\r\nContent-Ty")
            await link.pause(0.02)
            link.reset()
        elif fault in ("reset_in_body", "cut_early", "cut_late"):
            await self.cut(fault, link, asked, call, streamed)
        elif fault == "hang":
            await link.pause(self.timeline.pace.hang)
            link.reset()
        elif fault == "drip":
            # A JSON body takes longer than an attempt may; a stream makes progress all the time and is whole in the end.
            return await self.answer(link, "/v1/chat/completions", asked, call, self.timeline.pace.attempt / 10 if not streamed else 0.15)
        elif fault == "rate":
            await self.tell(link, 429, error_json("rate_limit_exceeded", "too many requests"), self.rng.choice(["Retry-After: 1\r\n", "retry-after-ms: 700\r\n", ""]))
            return True
        elif fault == "quota":
            await self.tell(link, 402, error_json("insufficient_quota", "you have no credits left"))
            return True
        elif fault == "no_model":
            await self.tell(link, 404, error_json("model_not_found", "the model does not exist"))
            return True
        elif fault == "busy":
            await self.tell(link, self.rng.choice([500, 502, 503, 529]), error_json("server_error", "overloaded"))
            return True
        elif fault == "garbage":
            await link.send(garbage(self.rng, streamed))
        return False

    async def cut(self, fault, link, asked, call, streamed):
        if not streamed:
            body = answer_json("/v1/chat/completions", asked, call)
            await link.send(head(200, "application/json", len(body)) + body[:len(body) // 2])
        else:
            events = list(stream_events(asked, call))
            # Before the commit point only the event with the role was sent; after it, half of the content.
            sent = events[:1] if fault == "cut_early" else events[:max(2, len(events) // 2)]
            await link.send(head(200, "text/event-stream") + b"".join(map(chunk, sent)))
        await link.pause(0.02)
        if fault == "reset_in_body":
            link.reset()

    async def token(self, link, body):
        given, at = dict(urllib.parse.parse_qsl(body.decode())), self.now()
        if fault := self.timeline.token_fault_at(at):
            self.grants.failed += 1
            await self.tell(link, 503 if fault != "garbage" else 502, b"<html>come back later</html>")
            return
        await link.pause(self.rng.choice([0, 0.01, 0.15]) + 0.001)      # the longer it takes, the more calls wait for one refresh
        status, reply = self.grants.spend(given.get("refresh_token", ""), self.now())
        await self.tell(link, status, json.dumps(reply).encode())

    # -------------------------------------------------------------------------------------------------------------- what it is told

    async def commands(self):
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            word = json.loads(line)
            if "epoch" in word:
                self.epoch = word["epoch"]
            self.revoked = word.get("revoked", self.revoked)
            self.first_key = word.get("first_key", self.first_key)

    async def run(self, records):
        for listener in self.listeners.values():
            listener.open()
        print(json.dumps({name: listener.port for name, listener in self.listeners.items()}), flush=True)
        turning = asyncio.ensure_future(self.turn())
        await self.commands()
        turning.cancel()
        records.write_text(json.dumps({"requests": self.records, "late": self.late, "storms": self.storms, "surprises": self.surprises,
                                       "refreshes": self.grants.refreshes, "reused": self.grants.reused, "unneeded": self.grants.unneeded,
                                       "token_failures": self.grants.failed}))
        for task in list(self.tasks):
            task.cancel()


async def main():
    world = World(int(sys.argv[1]), float(sys.argv[2]))

    def surprise(_, context):
        error = context.get("exception")
        if not isinstance(error, (ConnectionError, Gone)):
            world.surprises.append(f"{context.get('message')}: {error!r}")

    asyncio.get_running_loop().set_exception_handler(surprise)
    await world.run(pathlib.Path(sys.argv[3]))


asyncio.run(main())
