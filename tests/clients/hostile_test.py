#!/usr/bin/env python3
"""Bytes that no honest client sends, to the running gateway.

Each is answered with one reply in the shape of an error, nothing behind it is taken for a request, and the gateway goes on. Then hosts and
origins, and bodies that are no requests."""

import contextlib
import json
import socket
import time
import unittest

from support.gateway import Gateway, Upstreams

HOST = b"Host: localhost\r\n"
POST = b"POST /v1/chat/completions HTTP/1.1\r\n" + HOST
GET = b"GET /healthz HTTP/1.1\r\n" + HOST
NEXT = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"  # would be answered with 404 and its name, were it taken for a request
REFUSED = {400}


def chunked(body):
    return POST + b"Transfer-Encoding: chunked\r\n\r\n" + body + NEXT


# name: (bytes, statuses that are right). RFC 9112 unless said otherwise.
HOSTILE = {
    "Content-Length and Transfer-Encoding (6.3)": (POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT, REFUSED),
    "Transfer-Encoding and Content-Length, the other way": (
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + NEXT,
        REFUSED,
    ),
    "two Transfer-Encodings": (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + NEXT, {400, 501}),
    "Transfer-Encoding twice the same": (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT, {400, 501}),
    "Transfer-Encoding: xchunked": (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + NEXT, {400, 501}),
    "Transfer-Encoding: chunked, identity": (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + NEXT, {400, 501}),
    "Transfer-Encoding: gzip, chunked": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + NEXT, {400, 501}),
    "Transfer-Encoding: with a vertical tab": (POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + NEXT, {400, 501}),
    "Transfer-Encoding: empty": (POST + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n" + NEXT, {400, 501}),
    "Transfer-Encoding in HTTP/1.0": (POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT, REFUSED),
    "Transfer-Encoding with white space before its colon": (POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + NEXT, REFUSED),
    "two Content-Lengths that differ": (POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + NEXT, REFUSED),
    "two Content-Lengths alike": (POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + NEXT, REFUSED),
    "a list of Content-Lengths": (POST + b"Content-Length: 2, 2\r\n\r\n{}" + NEXT, REFUSED),
    "Content-Length: +2": (POST + b"Content-Length: +2\r\n\r\n{}" + NEXT, REFUSED),
    "Content-Length: -1": (POST + b"Content-Length: -1\r\n\r\n" + NEXT, REFUSED),
    "Content-Length: 0x2": (POST + b"Content-Length: 0x2\r\n\r\n{}" + NEXT, REFUSED),
    "Content-Length: 2 2": (POST + b"Content-Length: 2 2\r\n\r\n{}" + NEXT, REFUSED),
    "Content-Length: empty": (POST + b"Content-Length:\r\n\r\n" + NEXT, REFUSED),
    "Content-Length beyond 64 bits": (POST + b"Content-Length: 18446744073709551618\r\n\r\n{}" + NEXT, {400, 413}),
    "Content-Length beyond the limit": (POST + b"Content-Length: 99999999999\r\n\r\n{}", {413}),
    "a bare LF behind the request line": (GET.replace(b"HTTP/1.1\r\n", b"HTTP/1.1\n") + b"\r\n" + NEXT, REFUSED),
    "a bare LF behind a field": (GET + b"X: y\n\r\n" + NEXT, REFUSED),
    "bare LFs only": (b"GET /healthz HTTP/1.1\nHost: localhost\n\n", REFUSED),
    "a lone CR in a value": (GET + b"X: a\rGET /smuggled HTTP/1.1\r\n\r\n" + NEXT, REFUSED),
    "a NUL in a value": (GET + b"X: a\0b\r\n\r\n" + NEXT, REFUSED),
    "a NUL in a name": (GET + b"X\0Y: a\r\n\r\n" + NEXT, REFUSED),
    "a control byte in a value": (GET + b"X: a\x01b\r\n\r\n" + NEXT, REFUSED),
    "a folded field (5.2)": (GET + b"X: a\r\n b\r\n\r\n" + NEXT, REFUSED),
    "a folded first field": (b"GET /healthz HTTP/1.1\r\n X: a\r\n" + HOST + b"\r\n" + NEXT, REFUSED),
    "white space before a colon (5.1)": (GET + b"X : a\r\n\r\n" + NEXT, REFUSED),
    "a field without a colon": (GET + b"X\r\n\r\n" + NEXT, REFUSED),
    "a field without a name": (GET + b": a\r\n\r\n" + NEXT, REFUSED),
    "a name with a bracket": (GET + b"X(Y): a\r\n\r\n" + NEXT, REFUSED),
    "no Host (3.2)": (b"GET /healthz HTTP/1.1\r\n\r\n" + NEXT, REFUSED),
    "two Hosts": (GET + HOST + b"\r\n" + NEXT, REFUSED),
    "a Host with a user": (b"GET /healthz HTTP/1.1\r\nHost: a@localhost\r\n\r\n" + NEXT, REFUSED),
    "a Host with a path": (b"GET /healthz HTTP/1.1\r\nHost: localhost/x\r\n\r\n" + NEXT, REFUSED),
    "a Host that is empty": (b"GET /healthz HTTP/1.1\r\nHost:\r\n\r\n" + NEXT, {400, 403}),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", {400, 505}),
    "HTTP/2.0": (b"GET /healthz HTTP/2.0\r\n" + HOST + b"\r\n" + NEXT, {400, 505}),
    "HTTP/0.9": (b"GET /healthz\r\n\r\n", {400, 505}),
    "a version in lower case": (b"GET /healthz http/1.1\r\n" + HOST + b"\r\n" + NEXT, {400, 505}),
    "a version with a tail": (b"GET /healthz HTTP/1.11\r\n" + HOST + b"\r\n" + NEXT, {400, 505}),
    "two blanks in the request line": (b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n" + NEXT, REFUSED),
    "a tab in the request line": (b"GET\t/healthz HTTP/1.1\r\n" + HOST + b"\r\n" + NEXT, REFUSED),
    "a target with a blank": (b"GET /health z HTTP/1.1\r\n" + HOST + b"\r\n" + NEXT, {400, 505}),
    "a target with a control byte": (b"GET /health\x01z HTTP/1.1\r\n" + HOST + b"\r\n" + NEXT, REFUSED),
    "a target beyond ASCII": ("GET /healthæ HTTP/1.1\r\n".encode() + HOST + b"\r\n" + NEXT, REFUSED),
    "a target that is no path": (b"GET healthz HTTP/1.1\r\n" + HOST + b"\r\n" + NEXT, REFUSED),
    "CONNECT": (b"CONNECT localhost:443 HTTP/1.1\r\n" + HOST + b"\r\n" + NEXT, {400, 405, 501}),
    "no request at all": (bytes(range(128, 256)) * 4 + b"\r\n\r\n", REFUSED),
    "a TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64) + b"\r\n\r\n", REFUSED),
    "a head beyond the limit": (GET + b"".join(b"X-%d: %s\r\n" % (i, b"a" * 1000) for i in range(200)) + b"\r\n", {431}),
    "a target beyond the limit": (b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", {414, 431}),
    "ten thousand small fields": (GET + b"".join(b"a: b\r\n" for _ in range(20_000)) + b"\r\n", {400, 431}),
    "an expectation that nobody can meet": (POST + b"Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}" + NEXT, {417}),
    "a chunk size that is no number": (chunked(b"zz\r\n{}\r\n0\r\n\r\n"), REFUSED),
    "a chunk size with a sign": (chunked(b"+2\r\n{}\r\n0\r\n\r\n"), REFUSED),
    "a chunk size with 0x": (chunked(b"0x2\r\n{}\r\n0\r\n\r\n"), REFUSED),
    "a chunk size that is empty": (chunked(b"\r\n{}\r\n0\r\n\r\n"), REFUSED),
    "a chunk size beyond 64 bits": (chunked(b"10000000000000002\r\n{}\r\n0\r\n\r\n"), {400, 413}),
    "a chunk beyond the limit": (chunked(b"ffffffff\r\n{}"), {413}),
    "a chunk that is longer than its size": (chunked(b"2\r\n{}x\r\n0\r\n\r\n"), REFUSED),
    "a chunk size behind a bare LF": (chunked(b"2\n{}\r\n0\r\n\r\n"), REFUSED),
    "a chunk extension without end": (chunked(b"2;" + b"a" * 200_000), {400, 413, 431}),
    "trailers without end": (chunked(b"0\r\n" + b"X: y\r\n" * 40_000), {400, 413, 431}),
}

MALFORMED = {
    "empty": (b"", "empty|object|JSON|request"),
    "no JSON": (b"hello", "1:1|line 1|JSON"),
    "cut": (b'{"model": "chat", "messages": [', r"1:\d+|line 1|column"),
    "an array": (b"[]", "object"),
    "something behind it": (b'{"model":"chat","messages":[]} x', r"1:\d+|line 1|column"),
    "a key twice": (b'{"model":"chat","model":"auto","messages":[{"role":"user","content":"hello"}]}', "model"),
    "a key twice, written in two ways": (rb'{"model":"chat","mod\u0065l":"auto","messages":[{"role":"user","content":"hello"}]}', "model"),
    "a key twice, deep inside": (b'{"model":"chat","messages":[{"role":"user","role":"system","content":"hello"}]}', "role"),
    "no UTF-8": (b'{"model":"chat","messages":[{"role":"user","content":"\xff\xfe"}]}', "UTF-8"),
    "UTF-8 in too many bytes": (b'{"model":"chat","messages":[{"role":"user","content":"\xc0\xaf"}]}', "UTF-8"),
    "a control byte in a string": (b'{"model":"chat","messages":[{"role":"user","content":"a\x01b"}]}', r"1:\d+|control|column"),
    "a hundred thousand arrays in one another": (b'{"model":"chat","messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deep|nest|level"),
    "a hundred thousand objects in one another": (
        b'{"model":"chat","messages":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
        "deep|nest|level",
    ),
    "a number beyond all": (b'{"model":"chat","temperature":1e999999,"messages":[{"role":"user","content":"hello"}]}', r"1:\d+|number|column"),
    "a number with a leading zero": (b'{"model":"chat","temperature":01,"messages":[{"role":"user","content":"hello"}]}', r"1:\d+|number|column"),
}
# Of one API: its own rules.
MISTAKEN = {
    "messages that are none": (b'{"model":"chat","messages":"hello"}', "messages"),
    "no messages": (b'{"model":"chat"}', "messages"),
    "a model that is no string": (b'{"model":7,"messages":[{"role":"user","content":"hello"}]}', "model"),
    "stream that is no truth value": (b'{"model":"chat","stream":"yes","messages":[{"role":"user","content":"hello"}]}', "stream"),
}


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstreams = Upstreams()
        cls.addClassCleanup(cls.upstreams.close)
        cls.gateway = Gateway(
            cls.upstreams, more='[gateway]\nmax_body_bytes = 4000000\nhosts = ["belay.internal"]\norigins = ["https://tools.example.com"]\n'
        )
        cls.addClassCleanup(cls.gateway.close)

    def connect(self):
        link = socket.create_connection(("127.0.0.1", self.gateway.port), timeout=20)
        self.addCleanup(link.close)
        return link

    def talk(self, data, finish=False):
        """Sends it all, and reads until the gateway closes."""
        link = self.connect()
        with contextlib.suppress(ConnectionError):  # it may have seen enough
            link.sendall(data)
            if finish:
                link.shutdown(socket.SHUT_WR)
        got = b""
        with contextlib.suppress(ConnectionError):
            while piece := link.recv(65536):
                got += piece
        link.close()
        return got

    def split(self, got):
        """The replies in it: (status, fields, body)."""
        out = []
        while got:
            head, _, rest = got.partition(b"\r\n\r\n")
            line, *lines = head.decode("latin-1").split("\r\n")
            self.assertRegex(line, r"^HTTP/1\.1 \d{3} ", got[:300])
            fields = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
            size = int(fields.get("content-length", "0"))
            self.assertGreaterEqual(len(rest), size, "the body is cut")
            out.append((int(line.split()[1]), fields, rest[:size]))
            got = rest[size:]
        return out

    def one(self, data):
        replies = self.split(self.talk(data))
        self.assertEqual(len(replies), 1, replies)
        return replies[0]

    def assert_own_error(self, reply, statuses):
        status, fields, body = reply
        self.assertIn(status, statuses, body)
        self.assertEqual(fields["content-type"], "application/json")
        error = json.loads(body)["error"]
        self.assertGreater(len(error["message"]), 15)
        self.assertEqual((error["source"], "trace" in error), ("gateway", False))
        self.assertIsInstance(error["code"], str)

    def assert_healthy(self):
        self.assertEqual(self.gateway.get("/healthz"), {"status": "ok"})


class Hostile(Case):
    def test_each_is_answered_with_one_reply_and_a_close(self):
        for name, (data, statuses) in HOSTILE.items():
            with self.subTest(name):
                reply = self.one(data)
                self.assert_own_error(reply, statuses)
                self.assertEqual(reply[1].get("connection"), "close")
                self.assert_healthy()

    def test_it_makes_no_difference_how_the_bytes_come(self):
        for name in list(HOSTILE)[:30]:
            data, statuses = HOSTILE[name]
            if len(data) > 1000:
                continue
            with self.subTest(name):
                link = self.connect()
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with contextlib.suppress(ConnectionError):
                    for i in range(len(data)):
                        link.sendall(data[i : i + 1])
                got = b""
                with contextlib.suppress(ConnectionError):
                    while piece := link.recv(65536):
                        got += piece
                replies = self.split(got)
                self.assertEqual(len(replies), 1, got)
                self.assert_own_error(replies[0], statuses)

    def test_a_request_that_never_ends_is_answered_in_time(self):
        link = self.connect()
        link.settimeout(40)
        link.sendall(GET)
        began = time.monotonic()
        got = b""
        while not got:  # a byte now and then keeps nobody alive
            with contextlib.suppress(ConnectionError):
                link.sendall(b"X")
            link.settimeout(0.5)
            with contextlib.suppress(TimeoutError):
                got = link.recv(65536) or b"closed"
            self.assertLess(time.monotonic() - began, 40)
        self.assert_own_error(self.split(got)[0], {408})

    def test_a_client_that_leaves_inside_of_a_request_harms_nobody(self):
        for data in GET, POST + b"Content-Length: 100\r\n\r\n{", chunked(b"ff\r\n{")[: -len(NEXT)], b"G", b"":
            self.split(self.talk(data, finish=True))  # an answer, or none: no half one
            self.assert_healthy()

    def test_two_hundred_idle_connections_keep_nobody_out(self):
        links = [self.connect() for _ in range(200)]
        for link in links[::2]:
            link.sendall(b"POST /v1")
        self.assert_healthy()


class Legal(Case):
    def test_pipelined_requests_are_answered_in_their_order(self):
        body = json.dumps({"model": "chat", "messages": [{"role": "user", "content": "hello"}]}).encode()
        call = POST + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        replies = self.split(
            self.talk(GET + b"\r\n" + call + b"GET /nothing HTTP/1.1\r\n" + HOST + b"\r\n" + call + GET + b"Connection: close\r\n\r\n")
        )
        self.assertEqual([status for status, _, _ in replies], [200, 200, 404, 200, 200])
        self.assertEqual([b"Hi there" in text for _, _, text in replies], [False, True, False, True, False])

    def test_a_body_of_a_get_is_no_second_request(self):
        replies = self.split(self.talk(GET + b"Content-Length: %d\r\n\r\n" % len(NEXT) + NEXT + GET + b"Connection: close\r\n\r\n"))
        self.assertEqual([status for status, _, _ in replies], [200, 200])

    def test_a_chunked_body_with_extensions_and_trailers_is_read(self):
        body = b'{"model":"chat","messages":[{"role":"user","content":"hello"}]}'
        data = b"%x;a=b\r\n%s\r\n%X\r\n%s\r\n0\r\nX-Trailer: y\r\n\r\n" % (10, body[:10], len(body) - 10, body[10:])
        status, _, text = self.one(POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + data)
        self.assertEqual((status, b"Hi there" in text), (200, True))

    def test_a_whole_url_is_a_target_and_its_host_counts(self):
        self.assertEqual(self.one(b"GET http://localhost/healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")[0], 200)
        self.assertEqual(self.one(b"GET http://evil.example/healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")[0], 403)

    def test_http_1_0_is_answered_and_closed(self):
        self.assertEqual(self.one(b"GET /healthz HTTP/1.0\r\n\r\n")[0], 200)

    def test_who_waits_for_100_continue_gets_it(self):
        body = b'{"model":"chat","messages":[{"role":"user","content":"hello"}]}'
        link = self.connect()
        link.sendall(POST + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
        self.assertTrue(link.recv(65536).startswith(b"HTTP/1.1 100 "))
        link.sendall(body)
        self.assertTrue(link.recv(65536).startswith(b"HTTP/1.1 200 "))

    def test_an_upgrade_is_not_done(self):
        self.assertEqual(self.one(GET + b"Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n")[0], 200)

    def test_head_has_no_body(self):
        got = self.talk(b"HEAD /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        self.assertTrue(got.startswith(b"HTTP/1.1 200 ") and got.endswith(b"\r\n\r\n"), got)

    def test_unknown_paths_and_wrong_methods_say_what_is_right(self):
        for line, want, words in [
            (b"GET /v1/nothing", 404, b"/v1"),
            (b"DELETE /v1/chat/completions", 405, b"POST"),
            (b"POST /v1/models", 405, b"GET"),
            (b"BREW /healthz", 405, b"GET"),
        ]:
            status, fields, body = self.one(line + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
            self.assertEqual(status, want, line)
            self.assertIn(words, body)
            self.assertEqual("allow" in fields, want == 405)


class Names(Case):
    def ask(self, *lines, target=b"GET /healthz"):
        return self.one(target + b" HTTP/1.1\r\n" + b"".join(line + b"\r\n" for line in lines) + b"Connection: close\r\n\r\n")

    def test_names_of_this_machine_and_those_configured_are_answered(self):
        for host in b"localhost", b"LocalHost:80", b"127.0.0.1:7077", b"127.9.8.7", b"[::1]:9", b"belay.internal", b"belay.internal:7077":
            self.assertEqual(self.ask(b"Host: " + host)[0], 200, host)

    def test_other_names_are_refused(self):
        for host in (
            b"evil.example",
            b"evil.example:7077",
            b"localhost.evil.example",
            b"127.evil.example",
            b"10.0.0.1",
            b"[::2]",
            b"0.0.0.0",
            b"xlocalhost",
        ):
            self.assert_own_error(self.ask(b"Host: " + host), {403})

    def test_pages_of_this_machine_and_origins_configured_may_call(self):
        for origin in b"http://localhost:3000", b"http://127.0.0.1:5173", b"https://tools.example.com":
            status, fields, _ = self.ask(b"Host: localhost", b"Origin: " + origin)
            self.assertEqual((status, fields["access-control-allow-origin"]), (200, origin.decode()))
            status, fields, _ = self.ask(
                b"Host: localhost",
                b"Origin: " + origin,
                b"Access-Control-Request-Method: POST",
                b"Access-Control-Request-Headers: authorization,x-stainless-os",
                target=b"OPTIONS /v1/chat/completions",
            )
            self.assertEqual((status, fields["access-control-allow-headers"]), (204, "authorization,x-stainless-os"))
            self.assertIn("POST", fields["access-control-allow-methods"])

    def test_other_pages_may_not(self):
        for origin in b"https://evil.example", b"null", b"http://localhost.evil.example", b"https://tools.example.com.evil.example", b"file://":
            reply = self.ask(b"Host: localhost", b"Origin: " + origin)
            self.assert_own_error(reply, {403})
            self.assertNotIn("access-control-allow-origin", reply[1])
            self.assert_own_error(
                self.ask(b"Host: localhost", b"Origin: " + origin, b"Access-Control-Request-Method: POST", target=b"OPTIONS /v1/chat/completions"),
                {403},
            )


class Bodies(Case):
    def post(self, body, path=b"/v1/chat/completions"):
        return self.one(b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def test_each_is_400_with_its_place_and_asks_no_upstream(self):
        self.upstreams.control("forget", "POST")
        for path in b"/v1/chat/completions", b"/v1/responses", b"/v1/messages", b"/v1/embeddings":
            for name, (body, words) in {**MALFORMED, **(MISTAKEN if b"chat" in path else {})}.items():
                with self.subTest(f"{path.decode()}: {name}"):
                    status, fields, text = self.post(body, path)
                    self.assertEqual(status, 400, text)
                    self.assertRegex(json.loads(text)["error"]["message"], f"(?i){words}")
        self.assertEqual(self.upstreams.control("seen"), [])
        self.assert_healthy()

    def test_half_a_surrogate_pair_is_the_upstreams_matter(self):
        status, _, text = self.post(rb'{"model":"chat","messages":[{"role":"user","content":"hello \ud83d"}]}')
        self.assertEqual((status, b"Hi there" in text), (200, True))

    def test_a_hundred_thousand_members_are_answered(self):
        body = b'{"model":"chat","messages":[{"role":"user","content":"hello"}]' + b"".join(b',"m%d":1' % i for i in range(100_000)) + b"}"
        status, _, text = self.post(body)
        self.assertIn(status, {200, 400}, text)

    def test_a_body_beyond_the_limit_is_413(self):
        body = b'{"model":"chat","x":"' + b"a" * 4_000_000 + b'"}'
        self.assert_own_error(self.post(body), {413})
        pieces = b"".join(b"10000\r\n" + b"a" * 0x10000 + b"\r\n" for _ in range(70))
        self.assert_own_error(self.one(POST + b"Transfer-Encoding: chunked\r\n\r\n" + pieces + b"0\r\n\r\n"), {413})

    def test_a_body_at_the_limit_is_answered(self):
        frame = b'{"model":"chat","messages":[{"role":"user","content":"hello %s"}]}'
        body = frame % (b"a" * (4_000_000 - len(frame) + 2))
        self.assertEqual(len(body), 4_000_000)
        self.assertEqual(self.post(body)[0], 200)

    def test_an_encoded_body_is_415(self):
        status, _, _ = self.one(POST + b"Connection: close\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")
        self.assertEqual(status, 415)


if __name__ == "__main__":
    unittest.main()
