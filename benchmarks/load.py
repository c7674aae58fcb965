"""Sixteen clients at once against the real server: latency, and CPU a request of the server.

    python benchmarks/load.py --port 8170 --seconds 15

Needs `wrk` (apt-get install wrk). The load comes from the same machine and takes a share of its
processors; CPU a request is read off the server's own processes, and with `--database-pid` (the
postmaster's) off PostgreSQL's as well. `idle` is the share of both processors that nobody used:
near 0 the machine was full, and latencies say more about its other work than about the page.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from calling import cookie_of

SCRIPT = """
done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %.1f %.1f %.1f\\n", summary.requests,
    summary.errors.status + summary.errors.read + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
"""


def cpu_of(pids: list[int]) -> float:
    """CPU seconds that processes have spent."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def machine() -> tuple[float, float]:
    """Seconds in which the machine's processors worked, and in which they had nothing to do."""
    ticks = [int(each) for each in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    idle = ticks[3] + ticks[4]
    return (sum(ticks) - idle) / os.sysconf("SC_CLK_TCK"), idle / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def main() -> None:
    """Load and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=8170)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--only", default="")
    parser.add_argument("--database-pid", type=int, default=0)
    args = parser.parse_args()
    import django

    django.setup()
    from pages import addresses

    cookies = {"admin": cookie_of(1), "officer": cookie_of(3)}
    command = [sys.executable, "-m", "bitgoeul.cli.web_server", "--host", "127.0.0.1"]
    command += ["--port", str(args.port), "--workers", "2", "--parent", str(os.getpid())]
    environ = {**os.environ, "BITGOEUL_ALLOWED_HOSTS": "127.0.0.1"}
    server = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{args.port}"
    try:
        wait_for(base + "/health/")
        load = os.getloadavg()[0]
        print(f"{args.clients} clients, {args.seconds} s a page; load before {load:.1f}")
        print(
            f"{'page':26}{'req/s':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'errors':>8}{'CPU ms':>8}"
            f"{'db ms':>8}{'ours':>8}{'idle':>8}"
        )
        for name, address, _peer in addresses():
            if args.only not in name:
                continue
            cookie = cookies["admin" if address.startswith("/alliance") else "officer"]
            check(base + address, cookie)
            measure(name, base + address, cookie, server.pid, args)
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("the server does not start")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A page that leads elsewhere is not the page that is measured."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def check(address: str, cookie: str) -> None:
    """Refuse to measure anything but the page itself: wrk counts a redirect as an answer."""
    request = urllib.request.Request(address, headers={"Cookie": cookie})
    with urllib.request.build_opener(NoRedirect).open(request, timeout=60) as answer:
        if answer.status != 200:
            sys.exit(f"{address} answers {answer.status}")


def measure(name: str, address: str, cookie: str, pid: int, args: argparse.Namespace) -> None:
    """Load one page."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT)
        script.flush()
        before, whole = cpu_of(family(pid)), machine()
        database = cpu_of(family(args.database_pid)) if args.database_pid else 0.0
        command = ["wrk", "-t1", f"-c{args.clients}", f"-d{args.seconds}", "--timeout", "20"]
        command += ["-s", script.name, "-H", f"Cookie: {cookie}", "-H", "Accept-Language: ko"]
        out = subprocess.run([*command, address], capture_output=True, text=True, check=True)
    spent = cpu_of(family(pid)) - before
    if args.database_pid:
        database = cpu_of(family(args.database_pid)) - database
    busy, idle = (now - then for now, then in zip(machine(), whole, strict=True))
    line = next(row for row in out.stdout.splitlines() if row.startswith("RESULT"))
    count, errors, *latencies = line.split()[1:]
    p50, p95, p99 = map(float, latencies)
    done = max(1, int(count))
    print(
        f"{name:26}{done / args.seconds:>8.0f}{p50:>8.0f}{p95:>8.0f}{p99:>8.0f}"
        f"{errors:>8}{spent / done * 1000:>8.1f}{database / done * 1000:>8.1f}"
        f"{(spent + database) / max(busy, 0.01):>8.0%}{idle / max(busy + idle, 0.01):>8.0%}",
        flush=True,
    )


if __name__ == "__main__":
    main()
