#!/usr/bin/env python3
"""Keys, limits and budgets of the gateway: its own 401, 403 and 429 are told apart from what an upstream causes."""

import contextlib
import hashlib
import unittest
import urllib.error
import urllib.request

import anthropic
import openai

from support.gateway import Gateway, Upstreams

NAMES = ("all", "ci", "few", "kept", "hit", "tokens", "one", "ops")
KEYS = {name: f"bk-{name}-5b1d9c0e7f" for name in NAMES}
LIMITS = {
    "ci": 'routes = ["chat", "rate"]',
    "few": "requests_per_minute = 3",
    "kept": "requests_per_minute = 3",
    "hit": "requests_per_minute = 3",
    "tokens": "tokens_per_minute = 40",
    "one": "max_concurrency = 1",
    "ops": "sight = true",
}


def entry(name):
    digest = hashlib.sha256(KEYS[name].encode()).hexdigest()
    return f'{{ name = "{name}", sha256 = "{digest}"' + (f", {LIMITS[name]}" if name in LIMITS else "") + " }"


CONFIG = f"""
[route.dear]
targets = ["dead", "mock"]
[route.long]
targets = ["dead", "mock"]
[gateway]
keys = [{", ".join(entry(name) for name in NAMES)}]
budgets = [{{ route = "dear", requests = 2, per = "720h" }}, {{ route = "long", tokens = 40, per = "720h" }}]
"""


class Keys(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstreams = Upstreams()
        cls.addClassCleanup(cls.upstreams.close)
        cls.gateway = Gateway(cls.upstreams, more=CONFIG)
        cls.addClassCleanup(cls.gateway.close)

    def client(self, key):
        client = openai.OpenAI(base_url=self.gateway.origin + "/v1", api_key=key, max_retries=0)
        self.addCleanup(client.close)
        return client

    def call(self, key, model="chat", **more):
        return self.client(KEYS.get(key, key)).chat.completions.create(model=model, messages=[{"role": "user", "content": "hello"}], **more)

    def refused(self, kind, code, call):
        """The gateway's own refusal."""
        with self.assertRaises(kind) as caught:
            call()
        body = caught.exception.body
        self.assertEqual((body["source"], body["code"], "trace" in body), ("gateway", code, False))
        return caught.exception

    def status(self, path, key=None):
        request = urllib.request.Request(self.gateway.origin + path, headers={"Authorization": f"Bearer {KEYS[key]}"} if key else {})
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def test_a_key_of_the_gateway_is_needed(self):
        self.assertEqual(self.call("all").choices[0].message.content, "Hi there")
        for wrong in (
            "sk-not-one-of-ours",
            KEYS["all"][:-1],
            KEYS["all"] + "x",
            hashlib.sha256(KEYS["all"].encode()).hexdigest(),
            "mock-key-e41d0c5577a9",
        ):
            error = self.refused(openai.AuthenticationError, "auth_rejected", lambda wrong=wrong: self.call(wrong))
            self.assertIn("Bearer", error.response.headers["www-authenticate"])
            self.assertNotIn(wrong, error.response.text)
        self.assertEqual(self.status("/v1/models"), 401)

    def test_every_client_shows_it_in_its_own_way(self):
        for more in {"api_key": KEYS["all"]}, {"auth_token": KEYS["all"]}:
            with anthropic.Anthropic(base_url=self.gateway.origin, max_retries=0, **more) as client:
                self.assertEqual(client.models.retrieve("chat").id, "chat")
        with anthropic.Anthropic(base_url=self.gateway.origin, api_key="sk-ant-x", max_retries=0) as client, self.assertRaises(
            anthropic.AuthenticationError
        ) as caught:
            client.messages.create(model="chat", max_tokens=9, messages=[{"role": "user", "content": "hello"}])
        self.assertEqual(
            (caught.exception.body["type"], caught.exception.body["error"]["type"], caught.exception.body["error"]["source"]),
            ("error", "authentication_error", "gateway"),
        )

    def test_an_upstreams_401_and_429_are_told_apart_from_ours(self):
        with self.assertRaises(openai.InternalServerError) as caught:
            self.call("all", model="all-dead")
        self.assertEqual(
            (caught.exception.status_code, caught.exception.body["code"], "source" in caught.exception.body), (503, "auth_rejected", False)
        )
        self.assertEqual(caught.exception.body["trace"]["attempts"][0]["status"], 401)
        with self.assertRaises(openai.RateLimitError) as caught:
            self.call("ci", model="rate")
        self.assertEqual(
            (caught.exception.body["code"], "source" in caught.exception.body, "trace" in caught.exception.body), ("rate_limited", False, True)
        )

    def test_a_key_calls_its_routes_and_nothing_else(self):
        self.assertEqual(self.call("ci").choices[0].message.content, "Hi there")
        self.upstreams.control("forget", "POST")
        for model in "all-dead", "auto", "mock", "mock/gpt-mock", "faults/fine":
            self.refused(openai.PermissionDeniedError, "permission_denied", lambda model=model: self.call("ci", model=model))
        self.assertEqual(self.upstreams.control("seen"), [])
        self.assertEqual({model.id for model in self.client(KEYS["ci"]).models.list()}, {"chat", "rate"})

    def test_only_a_key_with_sight_sees_what_is_everyones(self):
        for path in "/metrics", "/belay/status", "/belay/traces":
            self.assertEqual((self.status(path), self.status(path, "all"), self.status(path, "ops")), (401, 403, 200), path)
        for path in "/healthz", "/readyz":
            self.assertEqual(self.status(path), 200)

    def test_a_key_sees_the_traces_of_its_own_calls(self):
        raw = self.client(KEYS["all"]).chat.completions.with_raw_response.create(model="chat", messages=[{"role": "user", "content": "hello"}])
        path = f"/belay/traces/{raw.headers['belay-request-id']}"
        self.assertEqual((self.status(path), self.status(path, "all"), self.status(path, "ops"), self.status(path, "ci")), (401, 200, 200, 404))

    def test_requests_a_minute(self):
        for _ in range(3):
            self.call("few")
        error = self.refused(openai.RateLimitError, "rate_limited", lambda: self.call("few"))
        self.assertTrue(1 <= int(error.response.headers["retry-after"]) <= 60, error.response.headers)
        self.assertIn("few", error.message)
        self.call("all")

    def test_tokens_a_minute(self):
        with self.assertRaises(openai.RateLimitError) as caught:
            for _ in range(4):
                self.call("tokens")
        self.assertEqual(caught.exception.body["source"], "gateway")
        self.assertIn("tokens", caught.exception.message)

    def test_calls_at_the_same_time(self):
        with contextlib.closing(self.call("one", model="endless", stream=True)) as stream:
            next(iter(stream))
            self.refused(openai.RateLimitError, "rate_limited", lambda: self.call("one"))
        self.upstreams.control("closed?model=endless")  # its place is free soon after
        for left in range(100, 0, -1):
            try:
                self.assertEqual(self.call("one").choices[0].message.content, "Hi there")
                break
            except openai.RateLimitError:
                self.assertGreater(left, 1)

    def test_budgets_of_routes(self):
        self.call("all", model="dear")
        self.call("ops", model="dear")
        for stream in False, True:
            error = self.refused(openai.RateLimitError, "rate_limited", lambda stream=stream: self.call("all", model="dear", stream=stream))
            self.assertIn("dear", error.message)
            self.assertGreaterEqual(int(error.response.headers["retry-after"]), 1)
        with self.assertRaises(openai.RateLimitError) as caught:
            for _ in range(4):
                self.call("all", model="long")
        self.assertEqual(caught.exception.body["source"], "gateway")
        self.call("all")

    def test_a_reload_forgives_nothing(self):
        for _ in range(3):
            self.call("kept")
        mark = self.gateway.mark()
        self.gateway.configure(CONFIG)
        self.gateway.wait_for("configuration reloaded", mark)
        self.refused(openai.RateLimitError, "rate_limited", lambda: self.call("kept"))

    def test_limits_that_were_hit_are_counted_by_key(self):
        for _ in range(4):
            with contextlib.suppress(openai.RateLimitError):
                self.call("hit")
        request = urllib.request.Request(self.gateway.origin + "/metrics", headers={"Authorization": f"Bearer {KEYS['ops']}"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            text = reply.read().decode()
        self.assertRegex(text, r'belay_[a-z_]*limit[a-z_]*\{[^}]*"hit"[^}]*\} [1-9]')
        for key in KEYS.values():
            self.assertNotIn(key, text)
            self.assertNotIn(key, "".join(self.gateway.lines))


if __name__ == "__main__":
    unittest.main()
