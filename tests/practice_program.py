"""A practice production that only speaks the protocol of docs/drills.md, rightly or wrongly."""

import argparse
import json
import os
import signal
import sys
import urllib.request
from pathlib import Path

SCENARIOS = ("bad-deploy", "dies", "mute", "nonsense", "strays", "strays-in-files", "stubborn")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    for name in ("scenario", "seed", "port", "began", "alerts", "folder"):
        parser.add_argument(f"--{name}", default="")
    args = parser.parse_args()
    if args.list:
        say([{"name": name, "about": "orders fail"} for name in SCENARIOS])
        return
    folder = Path(args.folder)
    (folder / "told.json").write_text(json.dumps({"env": dict(os.environ), **vars(args)}))
    if args.scenario == "dies":
        sys.exit(3)
    if args.scenario == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    strays, out = args.scenario == "strays", args.scenario == "strays-in-files"
    service = {
        "health": "http://127.0.0.1:1/health",
        "logs": ["/var/log/*.log" if out else f"{folder}/*.log"],
        "owners": ["UEVE"],
    }
    told = {
        "prometheus": "http://prometheus.example:9090" if strays else "http://127.0.0.1:1",
        "services": {"shop": service},
        "ways": [f"kubectl --kubeconfig {folder}/kubeconfig get pods"],
    }
    if args.scenario != "mute":
        say("nonsense" if args.scenario == "nonsense" else told)
    if args.scenario == "bad-deploy" and args.alerts.startswith("http://127.0.0.1"):
        tell(args.alerts)
    while sys.stdin.read(1) or args.scenario == "stubborn":
        pass


def say(told: object) -> None:
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


def tell(address: str) -> None:
    """Tell of an alert as Alertmanager does; whoever does not listen is not told."""
    labels = {"alertname": "OrdersFail", "severity": "critical", "service": "shop"}
    alert = {
        "status": "firing",
        "labels": labels,
        "annotations": {"summary": "orders fail"},
        "startsAt": "2026-01-15T12:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "",
        "fingerprint": "f1",
    }
    body: dict[str, object] = {
        "version": "4",
        "groupKey": "g",
        "status": "firing",
        "receiver": "drill",
    }
    body |= {"groupLabels": {}, "commonLabels": labels, "commonAnnotations": {}}
    body |= {"externalURL": "", "truncatedAlerts": 0, "alerts": [alert]}
    request = urllib.request.Request(
        address,
        json.dumps(body).encode(),
        {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {os.environ['DRILL_TOKEN']}",
        },
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        answer.read()


if __name__ == "__main__":
    main()
