#!/usr/bin/env python3
"""Reload, drain, Unix sockets, TLS and several workers of the running gateway."""

import concurrent.futures
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from support.gateway import Gateway, Upstreams

ROUTE = '[route.{}]\ntargets = ["dead", "mock"]\n'


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(link, model="chat", stream=False, content="hello", key=None):
    """(status, text) of a call over that connection; None for a text that was cut."""
    body = json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": content}]})
    link.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})})
    reply = link.getresponse()
    try:
        return reply.status, reply.read().decode()
    except (http.client.IncompleteRead, ConnectionError):
        return reply.status, None


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstreams = Upstreams()
        cls.addClassCleanup(cls.upstreams.close)

    def serve(self, more="", **how):
        gateway = Gateway(self.upstreams, more=more, **how)
        self.addCleanup(gateway.close)
        return gateway

    def connection(self, gateway):
        link = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
        self.addCleanup(link.close)
        return link

    def once(self, gateway, *args, **more):
        link = self.connection(gateway)
        try:
            return ask(link, *args, **more)
        finally:
            link.close()

    def wait_until_upstream_has(self, model):
        for _ in range(2000):
            if any(one["model"] == model for one in self.upstreams.control("seen")):
                return
        self.fail(f"no request for {model} came to the upstream")


class Reload(Case):
    def reload(self, gateway, more, by=signal.SIGHUP, words="configuration reloaded"):
        mark = gateway.mark()
        gateway.configure(more)
        if by:
            gateway.signal(by)
        return gateway.wait_for(words, mark)

    def test_sighup_brings_what_is_new(self):
        gateway = self.serve("[gateway]\nwatch = false\n")
        self.assertEqual(self.once(gateway, "fresh")[0], 404)
        self.reload(gateway, ROUTE.format("fresh") + "[gateway]\nwatch = false\n")
        self.assertEqual(self.once(gateway, "fresh")[0], 200)
        self.reload(gateway, "[gateway]\nwatch = false\n")
        self.assertEqual(self.once(gateway, "fresh")[0], 404)

    def test_a_changed_file_is_noticed(self):
        gateway = self.serve()
        self.reload(gateway, ROUTE.format("fresh"), by=None)
        self.assertEqual(self.once(gateway, "fresh")[0], 200)

    def test_a_bad_configuration_is_refused_with_every_error_and_the_old_one_stays(self):
        gateway = self.serve(ROUTE.format("kept"))
        mark = gateway.mark()
        self.reload(gateway, '[route.broken]\ntargets = ["nobody"]\ndeadline = "soon"\n[gatewy]\n', by=None, words="refused")
        for words in "nobody", "deadline", "gatewy":
            gateway.wait_for(words, mark)
        self.assertEqual(self.once(gateway, "kept")[0], 200)
        failed = gateway.get("/belay/status")["configuration"]
        self.assertIn("deadline", failed["last_error"])
        self.reload(gateway, ROUTE.format("good"), by=None)
        self.assertEqual((self.once(gateway, "good")[0], self.once(gateway, "kept")[0]), (200, 404))

    def test_a_provider_that_is_gone_and_a_plugin_that_is_missing_are_refused(self):
        gateway = self.serve(ROUTE.format("kept"))
        self.reload(gateway, '[provider.odd]\nplugin = "no-such-plugin"\nbase_url = "http://127.0.0.1:9"\n', words="refused")
        self.assertEqual(self.once(gateway, "kept")[0], 200)

    def test_a_new_key_is_taken_and_an_old_one_no_more(self):
        def keys(name):
            return f'[gateway]\nkeys = [{{ name = "k", sha256 = "{hashlib.sha256(name.encode()).hexdigest()}" }}]\n'

        gateway = self.serve(keys("first-key"))
        self.assertEqual((self.once(gateway, key="first-key")[0], self.once(gateway, key="second-key")[0]), (200, 401))
        self.reload(gateway, keys("second-key"))
        self.assertEqual((self.once(gateway, key="first-key")[0], self.once(gateway, key="second-key")[0]), (401, 200))

    def test_no_call_is_lost_under_load(self):
        gateway = self.serve()
        stop = threading.Event()

        def caller(number):
            link, seen = self.connection(gateway), []
            while not stop.is_set():
                status, text = ask(link, stream=number % 2 == 1, content="count")
                seen.append((status, text is not None and ("ten" in text) and (number % 2 == 0 or text.endswith("data: [DONE]\n\n"))))
            return seen

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            callers = [pool.submit(caller, number) for number in range(6)]
            try:
                for number in range(8):
                    self.reload(gateway, ROUTE.format(f"extra-{number}"), by=signal.SIGHUP if number % 2 else None)
                self.reload(gateway, "[broken\n", words="refused")
            finally:
                stop.set()
            seen = [one for each in callers for one in each.result()]
        self.assertEqual([one for one in seen if one != (200, True)], [])
        self.assertGreater(len(seen), 60)

    def test_a_stream_that_began_before_goes_on_after(self):
        gateway = self.serve()
        link = self.connection(gateway)
        link.request("POST", "/v1/chat/completions", json.dumps({"model": "endless", "stream": True, "messages": [{"role": "user", "content": "x"}]}))
        reply = link.getresponse()
        self.assertEqual(reply.status, 200)
        reply.readline()
        self.reload(gateway, ROUTE.format("fresh"))
        self.assertEqual(self.once(gateway, "fresh")[0], 200)
        for _ in range(20):
            self.assertNotEqual(reply.readline(), b"")


class Drain(Case):
    def test_sigterm_lets_calls_finish_and_takes_no_new_ones(self):
        gateway = self.serve()
        idle = self.connection(gateway)
        self.assertEqual(ask(idle)[0], 200)
        self.upstreams.control("forget", "POST")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            calls = [pool.submit(self.once, gateway, "faults/slow", stream) for stream in (False, True)]
            while len([one for one in self.upstreams.control("seen") if one["model"] == "slow"]) < 2:
                pass
            gateway.signal(signal.SIGTERM)
            gateway.wait_for("told to stop")
            self.assertEqual(idle.sock.recv(1), b"")  # closed by the gateway, or about to be
            with self.assertRaises(OSError):
                self.once(gateway)
            (plain, text), (streamed, events) = [call.result() for call in calls]
        self.assertEqual((plain, streamed), (200, 200))
        self.assertIn("fine", text)
        self.assertTrue(events.endswith("data: [DONE]\n\n"), events)
        self.assertEqual(gateway.close(), 0)

    def test_what_does_not_end_in_time_is_cut_and_not_ended_cleanly(self):
        gateway = self.serve('[gateway]\ndrain_timeout = "500ms"\n')
        link = self.connection(gateway)
        link.request("POST", "/v1/chat/completions", json.dumps({"model": "endless", "stream": True, "messages": [{"role": "user", "content": "x"}]}))
        reply = link.getresponse()
        reply.readline()
        gateway.signal(signal.SIGTERM)
        text = b""
        with contextlib.suppress(http.client.IncompleteRead, ConnectionError):
            while line := reply.readline():
                text += line
        self.assertNotIn(b"[DONE]", text)
        self.assertEqual(gateway.close(), 0)

    def test_who_is_told_twice_stops_at_once(self):
        gateway = self.serve()
        link = self.connection(gateway)
        link.request("POST", "/v1/chat/completions", json.dumps({"model": "endless", "stream": True, "messages": [{"role": "user", "content": "x"}]}))
        link.getresponse().readline()
        gateway.signal(signal.SIGINT)
        gateway.wait_for("again to stop at once")
        gateway.signal(signal.SIGINT)
        self.assertEqual(gateway.close(), 0)

    def test_sigint_ends_it_too(self):
        gateway = self.serve()
        gateway.signal(signal.SIGINT)
        self.assertEqual(gateway.close(), 0)


class Places(Case):
    def folder(self):
        folder = tempfile.TemporaryDirectory(prefix="belay-places-")
        self.addCleanup(folder.cleanup)
        return pathlib.Path(folder.name)

    def refused_start(self, gateway, listen):
        """What a second belay says that can't start there."""
        done = subprocess.run(
            [os.environ["BELAY"], "serve", "--config", gateway.file, "--listen", listen],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
        )
        self.assertEqual(done.returncode, 2, done.stderr)
        return done.stderr

    def test_a_unix_socket(self):
        path = self.folder() / "belay.sock"
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(str(path))
        stale.close()
        gateway = self.serve(listen=(f"unix:{path}",))
        self.assertEqual(path.stat().st_mode & 0o777, 0o660)
        link = UnixConnection(str(path))
        self.addCleanup(link.close)
        for stream in False, True:
            self.assertEqual(ask(link, stream=stream)[0], 200)
        self.assertIn(str(path), self.refused_start(gateway, f"unix:{path}"))
        self.assertEqual(ask(link)[0], 200)
        self.assertEqual(gateway.close(), 0)
        self.assertFalse(path.exists())

    def test_two_places_at_once(self):
        path = self.folder() / "belay.sock"
        gateway = self.serve(listen=("127.0.0.1:0",))
        gateway.close()
        text = f'[gateway]\nlisten = ["127.0.0.1:0", "unix:{path}"]\n'
        gateway = self.serve(text, listen=())
        self.assertEqual(len(gateway.addresses), 2)
        link = UnixConnection(str(path))
        self.addCleanup(link.close)
        self.assertEqual((self.once(gateway)[0], ask(link)[0]), (200, 200))

    def test_a_port_that_is_taken_is_an_error_that_says_so(self):
        gateway = self.serve()
        self.assertIn(str(gateway.port), self.refused_start(gateway, f"127.0.0.1:{gateway.port}"))
        self.assertEqual(self.once(gateway)[0], 200)

    def certificate(self, folder, name):
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                f"/CN={name}",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout",
                folder / "key.pem",
                "-out",
                folder / "cert.pem",
            ],
            check=True,
            capture_output=True,
        )

    def test_tls_and_a_certificate_that_is_renewed(self):
        folder = self.folder()
        self.certificate(folder, "first")
        more = f'[gateway]\ntls = {{ certificate = "{folder}/cert.pem", key = "{folder}/key.pem" }}\n'
        gateway = self.serve(more)
        self.assertTrue(gateway.origin.startswith("https://"), gateway.origin)

        def connect():
            context = ssl.create_default_context(cafile=folder / "cert.pem")
            context.set_alpn_protocols(["h2", "http/1.1"])
            link = http.client.HTTPSConnection("127.0.0.1", gateway.port, timeout=30, context=context)
            self.addCleanup(link.close)
            return link

        link = connect()
        for stream in False, True:
            status, text = ask(link, stream=stream, content="count")
            self.assertEqual((status, "ten" in text), (200, True))
        self.assertEqual(link.sock.selected_alpn_protocol(), "http/1.1")
        self.assertIn(link.sock.version(), ("TLSv1.2", "TLSv1.3"))
        status, text = self.once(gateway)  # without TLS
        self.assertEqual((status, "https://" in text), (400, True))
        mark = gateway.mark()
        self.certificate(folder, "second")
        gateway.signal(signal.SIGHUP)
        gateway.wait_for("configuration reloaded", mark)
        self.assertEqual(ask(link)[0], 200)  # a connection keeps what it began with
        self.assertEqual(ask(connect())[0], 200)  # the new one alone is trusted here

    def test_workers_share_the_connections(self):
        gateway = self.serve(workers=2)
        links = [self.connection(gateway) for _ in range(40)]
        for link in links:
            self.assertEqual(ask(link)[0], 200)
        workers = gateway.get("/belay/status")["workers"]
        self.assertEqual(len(workers), 2)
        self.assertTrue(all(one["requests"] > 0 for one in workers), workers)


if __name__ == "__main__":
    unittest.main()
