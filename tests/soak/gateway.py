"""The `belay serve` under test: its configuration in several versions, its process, its log, its access log."""
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

from calls import MOST_BODY, ROUTES

KEYS = {"main": "gw-SECRET-main", "guest": "gw-SECRET-guest", "narrow": "gw-SECRET-narrow", "bad": "gw-SECRET-nobody", "none": None}

# What a hand in a hurry writes; each must be refused as a whole.
BROKEN = ("\n[route.broken\n", "\n[route.r4]\ntargets = [\"nobody\"]\n", "\n[gateway2]\nlisten = 7\n", "\n[route.r5]\ntargets = [\"one\"]\ndeadline = \"soon\"\n")


def quoted(value):
    return json.dumps(value)


class Gateway:
    def __init__(self, belay, plugins, folder, pace, ports, workers=2):
        self.folder, self.pace, self.ports, self.plugins = folder, pace, ports, plugins
        self.file, self.access, self.key_file = folder / "belay.toml", folder / "access.log", folder / "key-one"
        self.guest, self.flavour, self.lines, self.rotated = True, 0, [], 0
        self.said = threading.Condition()
        self.access_lines, self.bad_access_lines = 0, []
        (folder / "state").mkdir(mode=0o700)
        self.write_key(0)
        self.write()
        self.process = subprocess.Popen([belay, "serve", "--config", self.file, "--workers", str(workers), "--listen", "127.0.0.1:0"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
        threading.Thread(target=self.read, daemon=True).start()
        self.port = int(re.search(r"listens on http://127\.0\.0\.1:(\d+)", self.wait_for("listens on ", 0))[1])

    # ------------------------------------------------------------------------------------------------------------- configuration

    def config(self):
        """What is in force after the next reload. `flavour` changes what may change without a caller seeing it."""
        hold = f"{round(self.pace.hold * 1000)}ms"
        keys = [{"name": "main", "key": "main", "sight": True}, {"name": "narrow", "key": "narrow", "routes": ["narrow"]}]
        keys += [{"name": "guest", "key": "guest"}] if self.guest else []
        lines = ["[host]", f"state = {quoted('file:' + str(self.folder / 'state'))}", 'trust = "any"', f"plugin_dirs = [{quoted(str(self.plugins))}]", "", "[holds]"]
        lines += [f'{name} = "{hold}"' for name in ("auth", "quota", "rate", "overloaded", "endpoint", "model", "plugin")]
        lines += [f'max = "{round(self.pace.hold_most * 1000)}ms"', "", "[gateway]", f"max_body_bytes = {MOST_BODY}", f"access_log = {quoted(str(self.access))}",
                  'drain_timeout = "30s"', f'keep_alive_interval = "{2 + self.flavour % 3}s"', "keys = ["]
        for key in keys:
            more = "".join(f", {name} = {'true' if value is True else quoted(value)}" for name, value in key.items() if name not in ("name", "key"))
            lines.append(f'  {{ name = "{key["name"]}", sha256 = "{hashlib.sha256(KEYS[key["key"]].encode()).hexdigest()}"{more} }},')
        lines += ["]", ""]
        one = [f'file:{self.key_file}', "literal:key-SECRET-one-b"]
        for name, host, credentials in (("one", "127.0.0.1", [{"id": "a", "source": one[0]}, {"id": "b", "source": one[1]}]), ("two", "127.0.0.1", None),
                                        ("three", "localhost", [{"id": "main", "source": "literal:key-SECRET-three"}])):
            lines += [f"[provider.{name}]", 'plugin = "openai"', f'base_url = "http://{host}:{self.ports[name]}/v1"', f'model = "m-{name}"', 'proxy = "none"']
            lines += [f'models = {{ "m-{name}" = {{ embeddings = true, tools = true }} }}'] if self.flavour % 2 else []
            if credentials is None:
                credentials = [{"id": "login", "type": "oauth2", "token_url": f"http://127.0.0.1:{self.ports['token']}/token", "client_id": "belay",
                                "refresh_token": "literal:rt-SECRET-0"}]
            for credential in credentials:
                lines += [f"[[provider.{name}.credential]]", *(f"{field} = {quoted(value)}" for field, value in {"type": "api_key", **credential}.items())]
            lines.append("")
        attempt = f"{round(self.pace.attempt * 1000)}ms"
        for name, chain in (*ROUTES.items(), ("narrow", ROUTES["r123"])):
            if name == "auto":
                continue
            lines += [f"[route.{name}]", f"targets = {quoted(list(chain))}", 'deadline = "40s"', f'attempt_timeout = "{attempt}"', f'first_token_timeout = "{attempt}"',
                      f'idle_timeout = "{attempt}"', 'connect_timeout = "1s"', 'retry_after_max = "200ms"', "transient_retries = 1", 'backoff = "50ms"']
            lines += ["max_concurrency = 3"] if name == "narrow" else []
            lines += [f"params = {{ temperature = 0.{self.flavour % 10} }}", ""]
        lines += ["[auto]", 'providers = ["one", "two", "three"]', ""]
        if self.flavour % 3 == 1:
            lines += ["[provider.idle]", 'plugin = "openai"', 'base_url = "http://127.0.0.1:9/v1"', 'model = "none"', "[route.idler]", 'targets = ["idle"]', ""]
        return "\n".join(lines)

    def replace(self, path, text):
        """As editors and configuration managers do: a new file, moved into place."""
        fresh = path.with_suffix(".fresh")
        fresh.write_text(text)
        fresh.chmod(0o600)
        fresh.rename(path)

    def write(self, broken=""):
        self.replace(self.file, self.config() + broken)

    def write_key(self, number):
        self.replace(self.key_file, f"key-SECRET-one-a{number}")

    # ------------------------------------------------------------------------------------------------------------------- its log

    def read(self):
        for line in self.process.stderr:
            with self.said:
                self.lines.append(line)
                self.said.notify_all()
        with self.said:
            self.lines.append(None)      # it ended
            self.said.notify_all()

    def mark(self):
        with self.said:
            return len(self.lines)

    def wait_for(self, words, since, seconds=60):
        """The first line at or behind `since` with one of these words."""
        words = (words,) if isinstance(words, str) else words

        def found():
            return next((line for line in self.lines[since:] if line is None or any(word in line for word in words)), "")
        with self.said:
            line = self.said.wait_for(lambda: found() != "", seconds) and found()
        if not line:
            raise AssertionError(f"belay never said {' or '.join(words)}:\n{self.log()[-3000:]}")
        return line

    def log(self):
        with self.said:
            return "".join(line for line in self.lines if line)

    def signal(self, number):
        self.process.send_signal(number)

    # --------------------------------------------------------------------------------------------------------------- reloads, rotation

    def reload_by_change(self, broken=""):
        """Changes the file; the line that says what came of it."""
        since = self.mark()
        self.write(broken)
        return self.wait_for(("configuration reloaded", "the new configuration is refused"), since)

    def reload_by_signal(self):
        since = self.mark()
        self.signal(signal.SIGHUP)
        return self.wait_for(("configuration reloaded", "the new configuration is refused"), since)

    def rotate(self):
        """logrotate's way: move it aside, then tell. True: a new one came."""
        aside = self.folder / f"access.{self.rotated}"
        self.rotated += 1
        self.access.rename(aside)
        self.signal(signal.SIGUSR1)
        for _ in range(600):
            if self.access.exists():
                time.sleep(0.5)      # lines that were on their way to the old file
                self.count_lines(aside)
                aside.unlink()
                return True
            time.sleep(0.05)
        return False

    def count_lines(self, path):
        with path.open("rb") as lines:
            for line in lines:
                self.access_lines += 1
                try:
                    whole = line.endswith(b"\n") and "id" in json.loads(line) and b"SECRET" not in line
                except ValueError:
                    whole = False
                if not whole and len(self.bad_access_lines) < 5:
                    self.bad_access_lines.append(line[:300].decode("utf-8", "replace"))

    # ------------------------------------------------------------------------------------------------------------------- what it holds

    def sample(self, upstream_ports):
        """(resident KB, descriptors other than clients' and upstreams' sockets, upstreams' sockets, threads); None: it is gone."""
        root = pathlib.Path(f"/proc/{self.process.pid}")
        try:
            status = (root / "status").read_text()
            peers = {}
            for table in ("tcp", "tcp6"):
                for row in (root / "net" / table).read_text().splitlines()[1:]:
                    part = row.split()
                    peers[part[9]] = (int(part[1].rsplit(":", 1)[1], 16), int(part[2].rsplit(":", 1)[1], 16), part[3])
            own = ours = up = 0
            for name in os.listdir(root / "fd"):
                try:
                    target = os.readlink(root / "fd" / name)
                except OSError:
                    continue
                local, remote, state = peers.get(target[8:-1], (0, 0, "")) if target.startswith("socket:") else (0, 0, "")
                if remote in upstream_ports:
                    up += 1
                elif local == self.port and state != "0A":
                    ours += 1
                else:
                    own += 1
        except (FileNotFoundError, ProcessLookupError):
            return None
        found = dict(re.findall(r"^(VmRSS|Threads):\s+(\d+)", status, re.M))
        return {"rss": int(found["VmRSS"]), "own": own, "clients": ours, "upstreams": up, "threads": int(found["Threads"])}
