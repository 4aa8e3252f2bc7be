"""evidence.py - what evidence.sh needs of JSON.

  field FILE A.B          a member; facts.NAME is what was observed of a fact
  schema SCHEMA FILE      exit 0 iff FILE fits
  forge FILE DIR          writes forged copies of a record, one change each, named after the change
  socket COMMAND...       runs COMMAND with a connected socket as standard input
"""
import copy
import json
import os
import socket
import subprocess
import sys


def field(path, name):
    record = json.load(open(path))
    if name.startswith("facts."):
        for row in record["facts"]:
            if row["fact"] == name[6:]:
                print(row["observed"])
        return
    for key in name.split("."):
        record = record[key]
    print("null" if record is None else record)


def schema(schema_path, path):
    import jsonschema
    text = open(path, "rb").read()
    assert text.isascii(), "not ASCII"
    record = json.loads(text)
    # canonical: the members of every object stand in order
    json.loads(text, object_pairs_hook=lambda pairs: check_order([k for k, _ in pairs]))
    jsonschema.Draft202012Validator(json.load(open(schema_path))).validate(record)


def check_order(keys):
    assert keys == sorted(keys), "keys out of order: %s" % keys


# Two hosts may differ in these; a record that changes them consistently is a record of another launch.
FREE = ("exe", "ns.inode:", "parent.ns.inode:", "interpreter", "object:")


def is_free(row):
    name = row["fact"][3:] if row["fact"].startswith("go.") else row["fact"]
    return row["expected"] is None or name.startswith(FREE) or name in ("cgroup:unified", "cgroup:pids")


def forgeries(record):
    for i, row in enumerate(record["facts"]):
        f = copy.deepcopy(record)
        f["facts"].append(row)
        yield "twice " + row["fact"], f
        if is_free(row):
            continue
        f = copy.deepcopy(record)
        del f["facts"][i]
        yield "missing " + row["fact"], f
        f = copy.deepcopy(record)
        f["facts"][i].update(expected="0", observed="0" if row["observed"] != "0" else "1")
        f["facts"][i]["expected"] = f["facts"][i]["observed"]
        yield "changed " + row["fact"], f
        f = copy.deepcopy(record)
        f["facts"][i].update(source="config")
        yield "source of " + row["fact"], f
    for name in ("bundle", "model", "source"):
        f = copy.deepcopy(record)
        f["digests"][name] = "ab" * 32
        yield "digest of the " + name, f
    f = copy.deepcopy(record)
    f["status"] = f["status"].replace("CapEff:\t0000000000000000", "CapEff:\t000001ffffffffff")
    yield "status text", f
    f = copy.deepcopy(record)
    f["run"] = "abp-1-1"
    yield "name of the run", f
    f = copy.deepcopy(record)
    f["note"] = "trust me"
    yield "a member too many", f
    f = copy.deepcopy(record)
    f["program"]["path"] = "/opt/other"
    yield "program", f
    f = copy.deepcopy(record)
    f["facts"] = []
    yield "no facts", f


def forge(path, directory):
    for i, (name, record) in enumerate(forgeries(json.load(open(path)))):
        with open(os.path.join(directory, "%03d %s" % (i, name.replace("/", "_"))), "w") as out:
            json.dump(record, out)


def with_socket(*command):
    ours, theirs = socket.socketpair()
    sys.exit(subprocess.call(command, stdin=theirs, close_fds=False))


{"field": field, "schema": schema, "forge": forge, "socket": with_socket}[sys.argv[1]](*sys.argv[2:])
