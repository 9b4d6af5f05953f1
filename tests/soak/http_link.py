"""One HTTP/1.1 connection to the gateway, by hand: a client library would hide what this run must see."""
import asyncio
import socket

TIMEOUT = 60.0


class Lost(Exception):
    """The connection ended where a reply or the rest of one had to come."""

    def __init__(self, what, answered=False):
        super().__init__(what)
        self.answered = answered    # some of the reply had come


class Reply:
    def __init__(self, status, headers):
        self.status, self.headers, self.body = status, headers, b""


class Link:
    def __init__(self, reader, writer):
        self.reader, self.writer, self.keep, self.used_at = reader, writer, True, 0.0

    @classmethod
    async def open(cls, port, small_window=False):
        raw = socket.socket()
        raw.setblocking(False)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if small_window:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", port))
        return cls(*await asyncio.open_connection(sock=raw, limit=8192 if small_window else 1 << 18))

    def usable(self):
        return self.keep and not self.reader.at_eof() and not self.writer.is_closing()

    def close(self):
        self.keep = False
        self.writer.close()

    async def send(self, data):
        """The gateway may answer before it has read all of it (413): a failure to write shows in the reply, if at all."""
        try:
            self.writer.write(data)
            await asyncio.wait_for(self.writer.drain(), TIMEOUT)
        except ConnectionError:
            self.keep = False

    async def head(self):
        """The head of the next reply; interim ones (100) are skipped."""
        while True:
            try:
                block = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), TIMEOUT)
            except asyncio.IncompleteReadError as error:
                raise Lost("closed without a reply" if not error.partial else "closed within a head", bool(error.partial)) from None
            except ConnectionError:
                raise Lost("reset without a reply") from None
            except asyncio.TimeoutError:
                raise Lost(f"no reply in {TIMEOUT:.0f} s") from None
            lines = block.decode("latin-1").split("\r\n")
            status = int(lines[0].split(" ")[1])
            if status == 100:
                continue
            reply = Reply(status, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)})
            if reply.headers.get("connection", "").lower() == "close":
                self.keep = False
            return reply

    async def pieces(self, reply):
        """The body, as it comes."""
        try:
            if "chunked" in reply.headers.get("transfer-encoding", ""):
                while size := int((await self.within(self.reader.readuntil(b"\r\n"))).split(b";")[0], 16):
                    yield (await self.within(self.reader.readexactly(size + 2)))[:-2]
                await self.within(self.reader.readuntil(b"\r\n"))
            else:
                left = int(reply.headers.get("content-length", 0))
                while left > 0:
                    piece = await self.within(self.reader.read(min(left, 65536)))
                    if not piece:
                        raise Lost("closed within a body", True)
                    left -= len(piece)
                    yield piece
        except (asyncio.IncompleteReadError, ConnectionError):
            self.keep = False
            raise Lost("closed within a body", True) from None

    async def within(self, read):
        try:
            return await asyncio.wait_for(read, TIMEOUT)
        except asyncio.TimeoutError:
            self.keep = False
            raise Lost(f"silent for {TIMEOUT:.0f} s within a body", True) from None

    async def whole(self, reply):
        async for piece in self.pieces(reply):
            reply.body += piece
        return reply


def request(method, path, body=b"", key=None, how="bearer", more=""):
    auth = "" if key is None else f"x-api-key: {key}\r\nanthropic-version: 2023-06-01\r\n" if how == "x-api-key" else f"Authorization: Bearer {key}\r\n"
    framing = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if method == "POST" else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{auth}{framing}{more}\r\n".encode() + body


class Pool:
    """Connections that are kept alive, the last used first; every call has one of its own."""

    def __init__(self, port):
        self.port, self.idle, self.opened = port, [], 0

    async def take(self):
        now = asyncio.get_running_loop().time()
        while self.idle:
            link = self.idle.pop()
            if link.usable() and now - link.used_at < 20:
                return link
            link.close()
        self.opened += 1
        return await Link.open(self.port)

    def give(self, link):
        if link.usable():
            link.used_at = asyncio.get_running_loop().time()
            self.idle.append(link)
        else:
            link.close()

    def close(self):
        for link in self.idle:
            link.close()
        self.idle.clear()
