"""A headless Chromium, driven over the DevTools protocol on a pipe: no port, no package. Every request it makes, every word on its console is kept."""
import base64, fcntl, json, os, select, shutil, subprocess, tempfile, time

PATIENCE = 40   # seconds until something awaited counts as missing


class Gone(Exception):
    """The browser ended or does not answer."""


class Browser:
    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="belay-page-")
        to_read, self.to = os.pipe()
        self.come, from_write = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (to_read, from_write)]   # far from 3 and 4, where the program wants them
        for end in (to_read, from_write):
            os.close(end)
        command = [program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
                   "--disable-features=Translate,MediaRouter,OptimizationHints", "--hide-scrollbars", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                   f"--user-data-dir={self.folder}", "about:blank"]
        self.process = subprocess.Popen(["bash", "-c", f'exec "$@" 3<&{ends[0]} 4>&{ends[1]}', "bash", *command], pass_fds=ends, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in ends:
            os.close(end)
        self.rest, self.last = b"", 0
        self.events, self.answers = [], {}

    def close(self):
        try:
            self.ask("Browser.close")
        except Gone:
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.come)
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, method, session=None, **words):
        self.last += 1
        message = {"id": self.last, "method": method, "params": words}
        if session:
            message["sessionId"] = session
        try:
            os.write(self.to, json.dumps(message).encode() + b"\0")
        except BrokenPipeError as error:
            raise Gone(method) from error
        wanted, until = self.last, time.monotonic() + PATIENCE
        while wanted not in self.answers:
            self.hear(until, method)
        answer = self.answers.pop(wanted)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def hear(self, until, what):
        """Reads what has come; waits for something until then."""
        ready, _, _ = select.select([self.come], [], [], max(0, until - time.monotonic()))
        piece = os.read(self.come, 1 << 20) if ready else b""
        if not piece:
            raise Gone(f"the browser does not answer: {what}")
        *whole, self.rest = (self.rest + piece).split(b"\0")
        for one in map(json.loads, whole):
            if "id" in one:
                self.answers[one["id"]] = one
            else:
                self.events.append(one)

    def tab(self, width=1280, height=900, dark=False):
        return Tab(self, width, height, dark)


class Tab:
    """A tab of its own: its storage is nobody else's."""

    def __init__(self, browser, width, height, dark):
        self.browser = browser
        self.context = browser.ask("Target.createBrowserContext")["browserContextId"]
        target = browser.ask("Target.createTarget", url="about:blank", browserContextId=self.context)["targetId"]
        self.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        self.ask("Network.setCacheDisabled", cacheDisabled=True)
        self.size(width, height)
        self.look(dark)

    def ask(self, method, **words):
        return self.browser.ask(method, session=self.session, **words)

    def close(self):
        self.browser.ask("Target.disposeBrowserContext", browserContextId=self.context)

    def size(self, width, height):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def look(self, dark=False, calm=False):
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                                                         {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"}])

    def open(self, url):
        self.ask("Page.navigate", url=url)

    def run(self, code):
        """The value of an expression (a promise is awaited; a node counts as true)."""
        answer = self.ask("Runtime.evaluate", expression=f"Promise.resolve({code}).then((value) => value instanceof Node ? true : value)", awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{code[:200]}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def until(self, code, what=None, patience=PATIENCE):
        """Waits for an expression to become true, asked 20 times a second; returns its value."""
        end = time.monotonic() + patience
        while True:
            try:
                value = self.run(code)
            except RuntimeError:
                value = None   # the page is on its way
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"never came: {what or code}\nthe page says:\n{self.run('document.body.innerText')[:3000]}")
            time.sleep(0.05)

    def texts(self, selector):
        return self.run(f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.innerText.replace(/\\s+/g, ' ').trim())")

    def text(self, selector):
        return (self.texts(selector) or [""])[0]

    def press(self, key, **more):
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38, "Home": 36, "End": 35, " ": 32}
        words = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": codes[key], **more}
        if key in ("Enter", " "):
            words["text"] = "\r" if key == "Enter" else " "
        self.ask("Input.dispatchKeyEvent", type="keyDown", **words)
        words.pop("text", None)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **words)

    def type(self, words):
        self.ask("Input.insertText", text=words)

    def picture(self, path, whole=False):
        more = {}
        if whole:
            size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
            more = {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}
        data = self.ask("Page.captureScreenshot", format="png", **more)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def seen(self, method):
        return [one["params"] for one in self.browser.events if one.get("sessionId") == self.session and one["method"] == method]

    def complaints(self):
        """Errors on the console, of our code and of the browser (a refused policy, a file that is missing)."""
        out = [f"exception: {one['exceptionDetails'].get('exception', {}).get('description')}" for one in self.seen("Runtime.exceptionThrown")]
        out += [f"console: {[argument.get('value') or argument.get('description') for argument in one['args']]}" for one in self.seen("Runtime.consoleAPICalled")
                if one["type"] in ("error", "warning", "assert")]
        return out + [f"log: {one['entry']['text']} {one['entry'].get('url', '')}" for one in self.seen("Log.entryAdded") if one["entry"]["level"] in ("error", "warning")]

    def asked(self):
        return [one["request"]["url"] for one in self.seen("Network.requestWillBeSent")]
