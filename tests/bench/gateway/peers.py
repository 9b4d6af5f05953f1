"""Other LLM gateways, installed by package name at pinned versions into build/bench. One that cannot be installed is named in the table."""
import json, os, pathlib, shutil, subprocess, sys

from targets import Target
from traffic import KEY

PORTKEY = "1.15.2"
LITELLM = "1.108.7"


def install(folder, what, done, steps):
    """Runs `steps` once; afterwards the file `done` stands for them."""
    if done.exists():
        return
    print(f"installing {what} into {folder}", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    for step in steps:
        ran = subprocess.run([str(word) for word in step], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900)
        if ran.returncode != 0:
            last = (ran.stdout.strip() or "no words").splitlines()[-1]
            raise RuntimeError(f"{what} could not be installed: {last}")
    if not done.exists():
        raise RuntimeError(f"{what} could not be installed: {done.name} is missing")


class Portkey(Target):
    name = "portkey"
    title = f"Portkey {PORTKEY}"
    purposes = {"json", "image", "sse", "hold"}
    ready_within = 30

    @staticmethod
    def install(root):
        if not shutil.which("npm"):
            raise RuntimeError("npm is not installed")
        folder = root / "portkey"
        folder.mkdir(parents=True, exist_ok=True)
        # Newer versions of the two make a fresh 1.15.2 answer 500 ("immutable") to every streamed request.
        (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": {"@portkey-ai/gateway": PORTKEY},
                                                          "overrides": {"@hono/node-server": "1.3.3", "hono": "4.9.7"}}))
        install(folder, f"Portkey {PORTKEY}", folder / "node_modules/@portkey-ai/gateway/build/start-server.js", [["npm", "install", "--no-audit", "--no-fund"]])

    def headers(self):
        return {**super().headers(), "x-portkey-provider": "openai", "x-portkey-custom-host": f"http://127.0.0.1:{self.bench.mock.answering}/v1"}

    def command(self):
        return ["node", self.bench.peers / "portkey/node_modules/@portkey-ai/gateway/build/start-server.js", "--headless", f"--port={self.port}"]

    def environment(self):
        return {"NODE_ENV": "production", "TRUSTED_CUSTOM_HOSTS": "127.0.0.1"}


class LiteLlm(Target):
    name = "litellm"
    title = f"LiteLLM {LITELLM}"
    purposes = {"json", "image", "sse", "hold"}
    ready_within = 90

    @staticmethod
    def install(root):
        folder = root / "litellm"
        install(folder, f"LiteLLM {LITELLM}", folder / "env/bin/litellm",
                [[sys.executable, "-m", "venv", "env"], [folder / "env/bin/python", "-m", "pip", "install", "-q", f"litellm[proxy]=={LITELLM}"]])

    def command(self):
        models = [{"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": f"http://127.0.0.1:{self.bench.mock.answering}/v1", "api_key": KEY}}
                  for name in sorted(set(self.models.values()))]
        (self.folder / "litellm.yaml").write_text(json.dumps({"model_list": models, "litellm_settings": {"telemetry": False}}))   # JSON is YAML
        return [self.bench.peers / "litellm/env/bin/litellm", "--config", self.folder / "litellm.yaml", "--host", "127.0.0.1", "--port", self.port,
                "--num_workers", 1, "--telemetry", "False"]

    def environment(self):
        # Its price list comes with the package and must not be fetched; and no keys, as with all targets of the first table.
        return {"LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR", "LITELLM_MODE": "PRODUCTION",
                "NO_DOCS": "True", "HOME": str(self.folder),
                "PATH": f"{self.bench.peers}/litellm/env/bin{os.pathsep}{os.environ['PATH']}"}


ALL = [Portkey, LiteLlm]


def installed(root, asked):
    """The peers that run here, and why the others do not."""
    there, missing = [], ["CLIProxyAPI: refused by the Go module proxy when tried; Bifrost: not tried"]
    for peer in asked:
        try:
            peer.install(pathlib.Path(root))
            there.append(peer)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            missing.append(str(error))
    return there, missing
