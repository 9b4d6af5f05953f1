#!/usr/bin/env python3
"""The gateway's page in a real browser: what it says about a gateway with a fallback, a held target, a login that wants a person and a stream under way.

    page_test.py --belay PATH --plugins DIR [--chromium PROGRAM] [--pictures DIR]
"""
import argparse, hashlib, json, pathlib, shutil, sys, unittest, urllib.request

from browser import Browser
from gateway import Gateway, Upstream

here = pathlib.Path(__file__).resolve().parent
AXE = here.parent / "node_modules/axe-core/axe.min.js"
KEYS = {"sees": "key-that-sees", "blind": "key-that-calls-only"}


def provider(name, fate, more=None, type="api_key"):
    more = more or f'source = "literal:key-of-{name}"'   # two providers with one secret at one origin would be held together
    return f"""
[provider.{name}]
plugin = "openai"
base_url = "{{origin}}/{fate}/v1"
model = "m"
cost = "flat"
zone = "local"
[[provider.{name}.credential]]
id = "main"
type = "{type}"
{more}
"""


LOGIN = 'token_url = "{origin}/token"\nclient_id = "belay"\naccess_token = "literal:old"\nrefresh_token = "literal:spent"'
CONFIGURATION = (provider("good", "ok") + provider("refusing", "refused") + provider("spent", "spent") + provider("broken", "wordy") + provider("slow", "slow") +
                 provider("nokey", "ok", 'source = "env:BELAY_PAGE_TEST_UNSET"') + provider("office", "refused", LOGIN, "oauth2") + """
[holds]
auth = "10m"
quota = "10m"
overloaded = "0s"
[route.plain]
targets = ["good"]
[route.spare]
targets = ["refusing", { target = "good", on = ["auth", "capacity"] }]
[route.budget]
targets = ["spent", "good"]
[route.desk]
targets = ["office", "nokey", "good"]
[route.talk]
targets = ["slow"]
[route.wordy]
targets = ["broken"]
transient_retries = 0
[auto]
providers = ["good"]
""")


def setUpModule():
    global upstream, gateway, browser
    upstream = Upstream()
    unittest.addModuleCleanup(upstream.close)
    gateway = Gateway(options.belay, options.plugins, CONFIGURATION.replace("{origin}", upstream.origin))
    unittest.addModuleCleanup(gateway.close)
    gateway.ids = {model: gateway.call(model) for model in ("plain", "spare", "budget", "desk", "wordy")}
    browser = Browser(options.chromium)
    unittest.addModuleCleanup(browser.close)


class Browsing(unittest.TestCase):
    def setUp(self):
        self.expected = ()

    def open(self, path="/", ready="document.querySelector('#routes .route')", at=None, **look):
        tab = browser.tab(**look)
        self.addCleanup(self.leave, tab)
        tab.open((at or gateway).origin + path)
        tab.until(ready)
        return tab

    def leave(self, tab):
        """Whatever was done: nothing to complain about, and nothing asked of anyone else."""
        complaints = [one for one in tab.complaints() if not any(words in one for words in self.expected)]
        elsewhere = [url for url in tab.asked() if not url.startswith(("http://127.0.0.1:", "about:"))]
        ports = {url.split("/")[2] for url in tab.asked() if url.startswith("http")}
        tab.close()
        self.assertEqual(complaints, [])
        self.assertEqual(elsewhere, [])
        self.assertEqual(len(ports), 1, ports)

    def accessible(self, tab, what):
        for dark in (False, True):
            tab.look(dark=dark, calm=True)
            tab.ask("Runtime.evaluate", expression=AXE.read_text())
            violations = tab.run("axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target + ' ' + node.failureSummary).join('; ')}`))")
            self.assertEqual(violations, [], f"{what}, {'dark' if dark else 'light'}")
            if options.pictures:
                tab.picture(pathlib.Path(options.pictures) / f"{what}-{'dark' if dark else 'light'}.png")
        tab.look()

    def chain(self, tab, route):
        return tab.run(f"[...document.querySelectorAll('.route')].find((one) => one.querySelector('h3').innerText === {json.dumps(route)}).innerText.replace(/\\s+/g, ' ')")


class Page(Browsing):
    # -------------------------------------------------------------------------------------------------------------------- how things are

    def test_says_in_one_sentence_how_things_are_and_who_is_needed(self):
        tab = self.open()
        # wordy and talk were never held (holds.overloaded is 0 s), so every route has a target.
        tab.until("document.querySelector('#sentence').innerText.includes('All 7 routes answer, 3 from a fallback target. 2 credentials need you.')")
        self.assertEqual(tab.run("document.querySelector('#sentence').getAttribute('aria-live')"), "polite")
        self.assertEqual(tab.run("document.querySelectorAll('[aria-live]').length"), 1, "the seconds are told to nobody")

    def test_says_what_a_person_must_do_with_the_command_to_type(self):
        tab = self.open()
        cards = tab.texts("#todo .card")
        login = next(one for one in cards if "office#main" in one)
        self.assertIn("office#main needs a new login", login)
        self.assertIn("The login must be confirmed", login)
        self.assertIn(f"belay credential refresh office#main --config {gateway.config}", login)
        self.assertIn("Used by desk.", login)
        missing = next(one for one in cards if "nokey#main" in one)
        self.assertIn("Set BELAY_PAGE_TEST_UNSET where the gateway is started", missing)

    def test_shows_each_chain_with_the_state_of_its_targets(self):
        tab = self.open()
        self.assertIn("good/m next call answers flat · local", self.chain(tab, "plain").replace("flat local", "flat · local"))
        spare = self.chain(tab, "spare")
        self.assertIn("answers from its second target", spare)
        self.assertIn("auth_rejected", spare)
        self.assertIn("on auth, capacity", spare)
        desk = self.chain(tab, "desk")
        self.assertIn("held until its secret changes", desk)
        self.assertIn("no credential", desk)

    def test_counts_a_hold_down_to_the_second(self):
        tab = self.open()
        left = "(() => { const [, m, s] = /held (\\d+):(\\d\\d)/.exec([...document.querySelectorAll('.route')].find((one) => one.innerText.startsWith('budget')).innerText.replace(/\\s+/g, ' ')) ?? []; return m * 60 + +s; })()"
        before = tab.run(left)
        self.assertTrue(60 < before <= 600, before)
        tab.until(f"{left} <= {before} - 3")

    def test_lists_holds_with_what_lifts_them(self):
        tab = self.open()
        tab.run("document.querySelector('#holds summary').click()")
        tab.until("document.querySelector('#holds tbody tr')")
        row = next(one for one in tab.texts("#holds tbody tr") if "spent#main" in one)
        self.assertIn("quota_exhausted", row)
        self.assertIn("belay reset spent#main", row)

    # ------------------------------------------------------------------------------------------------------------------------------- calls

    def test_a_stream_under_way_appears_grows_and_goes(self):
        tab = self.open()
        upstream.go.clear()
        reply = gateway.stream("talk")
        self.addCleanup(reply.close)
        self.addCleanup(upstream.go.set)
        tab.until("document.querySelector('#live .call')?.innerText.includes('streaming from slow/m')")
        width = "parseFloat(document.querySelector('#live .bar').style.width)"
        before = tab.run(width)
        tab.until(f"{width} > {before}")
        tab.run("document.querySelector('#live a').click()")
        tab.until("document.querySelector('dialog').open && document.querySelector('dialog .summary').innerText.includes('Under way')")
        upstream.go.set()
        self.assertIn(b"[DONE]", reply.read())
        tab.until("document.querySelector('dialog .summary').innerText.includes('Answered by slow/m, at the first attempt')")
        tab.until("document.querySelectorAll('#live .call').length === 0")
        self.assertIn("First content", tab.text("dialog .how"))

    def test_a_fallback_as_a_waterfall(self):
        tab = self.open(f"/#trace={gateway.ids['spare']}", "document.querySelector('dialog').open && document.querySelectorAll('dialog .attempt').length === 2")
        self.assertEqual(tab.text("dialog .summary"), "Answered by good/m, because refusing/m was left: its login was refused.")
        first, second = tab.texts("dialog .attempt")
        for words in ("refusing/m", "#main", "HTTP 401", "auth_rejected", "Incorrect API key provided", "held for", "next_target"):
            self.assertIn(words, first)
        self.assertIn("done answered", second)
        bars = tab.run("[...document.querySelectorAll('dialog .attempt .bar')].map((one) => [parseFloat(one.style.left), parseFloat(one.style.left) + parseFloat(one.style.width)])")
        self.assertTrue(bars[0][0] >= 0 and bars[1][0] >= bars[0][1] - 0.01 and bars[1][1] <= 100.01, bars)
        self.assertTrue(any(gateway.ids["spare"] in one and one.startswith("curl -s ") for one in tab.texts("dialog .command code")))
        self.accessible(tab, "trace")

    def test_passed_over_targets_are_told(self):
        again = gateway.call("budget")
        tab = self.open(f"/#trace={again}", "document.querySelector('dialog .skipped')")
        self.assertIn("spent/m held: quota_exhausted", tab.text("dialog .skipped"))

    def test_words_of_an_upstream_are_never_markup(self):
        tab = self.open(f"/#trace={gateway.ids['wordy']}", "document.querySelector('dialog blockquote')")
        self.assertIn("<img src=x onerror=", tab.text("dialog blockquote"))
        self.assertEqual(tab.run("document.querySelectorAll('dialog img').length"), 0)

    def test_recent_calls_by_outcome_and_by_id(self):
        tab = self.open(ready="document.querySelectorAll('#calls tbody tr').length >= 5")
        tab.run("(() => { const choice = document.querySelector('#outcome'); choice.value = 'failed'; choice.dispatchEvent(new Event('change')); })()")
        tab.until("(() => { const all = [...document.querySelectorAll('#calls tbody tr')]; return all.length > 0 && all.every((one) => one.innerText.includes('failed')); })()")
        tab.run("document.querySelector('#find').focus()")
        tab.type(gateway.ids["plain"])
        tab.press("Enter")
        tab.until("document.querySelector('dialog').open && document.querySelector('dialog .summary').innerText.includes('at the first attempt')")

    def test_a_call_that_is_not_kept_is_said_to_be_gone(self):
        self.expected = ("404",)
        tab = self.open("/#trace=01ARZ3NDEKTSV4RRFFQ69G5FAV", "document.querySelector('dialog').open")
        self.assertIn("No call 01ARZ3NDEKTSV4RRFFQ69G5FAV is kept here", tab.text("dialog .body"))

    # --------------------------------------------------------------------------------------------------------------------- hands and eyes

    def test_everything_is_reached_by_keyboard(self):
        tab = self.open(ready="document.querySelectorAll('#calls tbody tr').length >= 5")
        for _ in range(60):
            tab.press("Tab")
            if tab.run("document.activeElement.closest('#calls tbody') !== null"):
                break
        else:
            self.fail("the list of calls is no stop of the tab key")
        tab.press("ArrowDown")
        tab.press("ArrowDown")
        self.assertEqual(tab.run("[...document.querySelectorAll('#calls tbody a')].indexOf(document.activeElement)"), 2)
        chosen = tab.run("document.activeElement.hash")
        tab.press("Enter")
        tab.until("document.querySelector('dialog').open && document.querySelector('dialog .attempt')")
        self.assertEqual(tab.run("location.hash"), chosen)
        tab.press("Escape")
        tab.until("!document.querySelector('dialog').open && location.hash === ''")
        self.assertEqual(tab.run("document.activeElement.hash"), chosen, "back where one was")
        tab.press("Tab")
        self.assertTrue(tab.run("document.activeElement.closest('#calls tbody') === null"), "one stop for the whole list")

    def test_a_new_call_leaves_the_focus_where_it_is(self):
        tab = self.open(ready="document.querySelectorAll('#calls tbody tr').length >= 5")
        tab.run("document.querySelectorAll('#calls tbody a')[1].focus()")
        chosen, fresh = tab.run("document.activeElement.hash"), gateway.call("plain")
        tab.until(f"[...document.querySelectorAll('#calls tbody a')].some((one) => one.hash.includes('{fresh}'))")
        self.assertEqual(tab.run("document.activeElement.hash"), chosen)

    def test_nothing_is_in_the_way_of_anyone(self):
        tab = self.open(ready="document.querySelectorAll('#calls tbody tr').length >= 5")
        tab.run("document.querySelectorAll('summary').forEach((one) => one.click())")
        tab.until("document.querySelector('#holds tbody tr')")
        self.accessible(tab, "board")

    def test_a_phone_shows_it_without_scrolling_sideways(self):
        tab = self.open(ready="document.querySelectorAll('#calls tbody tr').length >= 5", width=360, height=780)
        tab.run("document.querySelectorAll('summary').forEach((one) => one.click())")
        tab.until("document.querySelector('#holds tbody tr')")
        self.assertEqual(tab.run("document.documentElement.scrollWidth"), 360)
        tab.run(f"location.hash = 'trace={gateway.ids['spare']}'")
        tab.until("document.querySelector('dialog').open && document.querySelector('dialog .attempt')")
        self.assertLessEqual(tab.run("document.querySelector('dialog').scrollWidth"), 360)
        if options.pictures:
            tab.picture(pathlib.Path(options.pictures) / "phone-trace.png")
            tab.press("Escape")
            tab.picture(pathlib.Path(options.pictures) / "phone.png", whole=True)

    def test_is_small_and_whole_in_the_program(self):
        tab = self.open()
        names = {url.split("/", 3)[3] for url in tab.asked() if "/belay/page/" in url or url.endswith("/")}
        size = sum(len(urllib.request.urlopen(f"{gateway.origin}/{name}", timeout=30).read()) for name in names)
        self.assertGreater(len(names), 8)
        self.assertLess(size, 64 * 1024)


class Alone(Browsing):
    """Gateways of their own, since these change what a gateway is."""

    def gateway(self, more=""):
        out = Gateway(options.belay, options.plugins, provider("good", "ok").replace("{origin}", upstream.origin) + '[route.plain]\ntargets = ["good"]\n' + more)
        self.addCleanup(out.close)
        return out

    def test_asks_for_a_key_that_may_see_and_forgets_it(self):
        entries = ", ".join(f'{{ name = "{name}", sha256 = "{hashlib.sha256(key.encode()).hexdigest()}", sight = {"true" if name == "sees" else "false"} }}' for name, key in KEYS.items())
        kept = self.gateway(f"[gateway]\nkeys = [{entries}]\n")
        kept.call("plain", KEYS["blind"])
        self.expected = ("401", "403")
        tab = self.open(at=kept, ready="!document.querySelector('#ask').hidden")
        self.assertIn("sight = true", tab.text("#ask"))
        self.assertEqual(tab.run("document.activeElement.id"), "key")
        self.accessible(tab, "key")

        tab.type("not-a-key")
        tab.press("Enter")
        tab.until("document.querySelector('#ask-why').innerText.includes('not a key of this gateway')")
        tab.type(KEYS["blind"])
        tab.press("Enter")
        tab.until("document.querySelector('#ask-why').innerText.includes('may not see /belay/status')")
        tab.type(KEYS["sees"])
        tab.press("Enter")
        tab.until("document.querySelectorAll('#calls tbody tr').length === 1")
        self.assertEqual(tab.run("[sessionStorage.length, localStorage.length, document.cookie]"), [1, 0, ""])

        tab.open(kept.origin + "/")
        tab.until("document.querySelectorAll('#calls tbody tr').length === 1", "the tab keeps the key")
        tab.run("document.querySelector('#forget').click()")
        tab.until("!document.querySelector('#ask').hidden")
        self.assertEqual(tab.run("sessionStorage.length"), 0)
        self.assertTrue(tab.run("document.querySelector('#board').hidden"), "what was seen with the key is gone")

    def test_says_that_the_gateway_is_gone_and_that_it_is_back(self):
        alone = self.gateway()
        self.expected = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
        tab = self.open(at=alone)
        self.assertEqual(tab.text("#sentence"), "All 2 routes answer.")
        alone.stop()
        tab.until("document.querySelector('#sentence').innerText.includes('does not answer')")
        self.assertRegex(tab.text("#stale"), r"What you see is of \d\d:\d\d:\d\d\.")
        self.assertFalse(tab.run("document.querySelector('#board').hidden"))
        alone.start()
        tab.run("document.querySelector('#stale button').click()")
        tab.until("document.querySelector('#stale').hidden && document.querySelector('#sentence').innerText.includes('All 2 routes answer.')")

    def test_says_why_a_changed_configuration_was_refused(self):
        alone = self.gateway()
        tab = self.open(at=alone)
        good = alone.config.read_text()
        alone.configure(good + '[route.broken]\ntargets = ["nobody"]\n')
        tab.until("document.querySelector('#todo')?.innerText.includes('nobody')")
        self.assertIn("The changed configuration was refused", tab.text("#todo .card"))
        self.assertIn("A changed configuration was refused.", tab.text("#sentence"))
        alone.configure(good)
        tab.until("document.querySelector('#todo').hidden")

    def test_fifty_routes_and_a_thousand_holds_leave_the_browser_time(self):
        many = "".join(f'[route.r{i:02}]\ntargets = ["good/m{i}", "good"]\n' for i in range(50))
        alone = self.gateway(many)
        tab = self.open(at=alone, ready="document.querySelectorAll('.route').length === 52")
        # A gateway does not get a thousand holds in a test's time: its status gets them on its way to the page.
        tab.run("""(() => {
          const ask = fetch;
          window.fetch = async (path, how) => {
            const reply = await ask(path, how);
            if (path !== '/belay/status') return reply;
            const status = await reply.json();
            for (let i = 0; i < 1000; i++) status.holds.push({scope: 'target', what: `good/held-${i}`, reason: 'overloaded', left_ms: 1900000 + i * 1000 - performance.now(), until_secret_changes: false, message: 'busy'});
            return new Response(JSON.stringify(status));
          };
          document.querySelector('#holds summary').click();
        })()""")
        tab.until("document.querySelectorAll('#holds tbody tr').length === 100")
        tab.run("document.querySelector('#holds .more').click()")
        tab.until("document.querySelectorAll('#holds tbody tr').length === 1000")
        tab.ask("Performance.enable")
        busy = lambda: {one["name"]: one["value"] for one in tab.ask("Performance.getMetrics")["metrics"]}
        before, rows = busy(), tab.run("document.querySelector('#holds tbody td.left').innerText")
        tab.until(f"document.querySelector('#holds tbody td.left').innerText !== {json.dumps(rows)}")
        tab.until(f"performance.now() > {tab.run('performance.now()')} + 3000")
        after = busy()
        share = (after["ScriptDuration"] - before["ScriptDuration"]) / (after["Timestamp"] - before["Timestamp"])
        self.assertLess(share, 0.5, "of the time goes into our code")
        tab.run("document.querySelector('#route-find').focus()")
        tab.type("r17")
        tab.until("document.querySelectorAll('.route').length === 1")
        self.assertEqual(tab.texts(".route h3"), ["r17"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--belay", required=True)
    parser.add_argument("--plugins", required=True)
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    parser.add_argument("--pictures", help="a folder that exists: every page that is checked is also kept as a picture")
    options, rest = parser.parse_known_args()
    if shutil.which(options.chromium) is None:
        parser.error("chromium is missing; run: bash packaging/install-packages test")
    if not AXE.exists():
        parser.error("axe-core is missing; run: bash tests/integration/install")
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
