"""The machine under the bench: cores, what a process has used, what it is made of."""
import os, pathlib, platform, re, resource, shutil, socket, subprocess, time

CORE_TARGET, CORE_LOAD = {0}, {1}   # the process under test alone; mock and load beside each other


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def family(pid):
    """A process and all that it started."""
    pids = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            pids += family(int(child))
    return pids


def cpu_ns(pid):
    """What the scheduler gave to all threads of a process family, kernel work included."""
    total = 0
    for one in family(pid):
        for task in pathlib.Path(f"/proc/{one}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except OSError:
                pass  # a thread that ended meanwhile
    return total


def resident_kb(pid):
    return sum(int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{one}/status").read_text())[1]) for one in family(pid))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(true, seconds, what):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def first_line(*command):
    if not shutil.which(command[0]):
        return f"{command[0]}: not installed"
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return (done.stdout.strip() or f"{command[0]}: says nothing").splitlines()[0]


def describe(belay, build):
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) // (1 << 20)
    cache = pathlib.Path(build) / "CMakeCache.txt"
    facts = dict(re.findall(r"^(CMAKE_BUILD_TYPE|BELAY_SANITIZE|CMAKE_INTERPROCEDURAL_OPTIMIZATION)\S*=(.+)$", cache.read_text(), re.M)) if cache.is_file() else {}
    lines = [f"machine: {model[1] if model else platform.machine()}, {os.cpu_count()} processors, {memory} GiB, {platform.system()} {platform.release()}, "
             f"load {os.getloadavg()[0]:.2f}, {resource.getrlimit(resource.RLIMIT_NOFILE)[0]} descriptors",
             f"belay: {first_line(str(belay), '--version')}; build: {', '.join(f'{k}={v}' for k, v in facts.items()) or 'unknown'}",
             f"{first_line('nginx', '-v')}; {first_line('haproxy', '-v')}; {first_line('curl', '--version')}"]
    if facts.get("CMAKE_BUILD_TYPE") != "Release":
        lines.append("NOT A RELEASE BUILD: belay's figures mean nothing")
    return "\n".join(lines)
