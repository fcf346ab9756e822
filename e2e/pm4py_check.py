"""Reads an XES file with pm4py, as an analyst would, and compares what it finds with what was written.

pm4py_check.py FILE [TRACES EVENTS]   counts as the export told them; without them those of the tags in the file.
pm4py is AGPL: a tool of the test run, in an environment of its own; nothing of it is linked or shipped.
"""

import re
import sys

import pm4py

RESOURCES = {"applicant", "automatic"}


def main(path: str, traces: int, events: int) -> int:
    log = pm4py.read_xes(path)
    frame = pm4py.convert_to_dataframe(log)
    wrong = []

    def want(what: str, found, expected) -> None:
        if found != expected:
            wrong.append(f"{what}: found {found}, expected {expected}")

    want("traces", frame["case:concept:name"].nunique() if len(frame) else 0, traces)
    want("events", len(frame), events)
    for key in ("concept:name", "time:timestamp", "org:resource", "lifecycle:transition"):
        want(f"events without {key}", int(frame[key].isna().sum()), 0)
    want("transitions", set(frame["lifecycle:transition"]) - {"start", "complete"}, set())
    # Agency codes are words joined by dots; a name of a person would be neither.
    found = set(frame["org:resource"]) - RESOURCES
    strangers = {r for r in found if not re.fullmatch(r"[a-z0-9-]+([.][a-z0-9-]+)+", r)}
    want("resources that are no agencies", strangers, set())
    want("moments without a zone", str(frame["time:timestamp"].dt.tz) in ("None", ""), False)
    ordered = frame.groupby("case:concept:name")["time:timestamp"].apply(lambda at: at.is_monotonic_increasing)
    want("traces out of order", int((~ordered).sum()), 0)
    # What analysts do first must work: who follows whom, and how long cases take.
    graph, starts, ends = pm4py.discover_dfg(log)
    print(f"{traces} traces, {events} events, {len(graph)} arcs, starts {dict(starts)}, ends {dict(ends)}")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    told = [int(n) for n in sys.argv[2:4]] or [text.count("<trace>"), text.count("<event>")]
    sys.exit(main(sys.argv[1], *told))
