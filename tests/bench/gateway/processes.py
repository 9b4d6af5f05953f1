"""Programs that the bench starts: pinned to a core, with a log file, and ended by the bench whatever happens."""
import contextlib, os, subprocess


class Process:
    """Ends with its `with` block, by its own process id: SIGTERM, and SIGKILL for one that does not listen."""

    def __init__(self, command, *, cores, log, environment=None, stdin=None, patience=10):
        self.log, self.patience = log, patience
        out = open(log, "ab")
        with out:
            self.popen = subprocess.Popen([str(word) for word in command], stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE if stdin else out, stderr=out,
                                          env={**os.environ, **(environment or {})}, preexec_fn=lambda: os.sched_setaffinity(0, cores) if cores else None)
        self.pid = self.popen.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def running(self):
        return self.popen.poll() is None

    def stop(self):
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        # Asked again: nginx forgets a signal that comes just before it goes to sleep, which callgrind makes likely.
        for _ in range(self.patience // 2):
            if not self.running():
                return
            self.popen.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(2)
        if self.running():
            self.popen.kill()
            self.popen.wait()

    def last_words(self):
        with open(self.log, errors="replace") as file:
            return "".join(file.readlines()[-8:]).strip()
