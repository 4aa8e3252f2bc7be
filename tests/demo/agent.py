"""agent.py - what a coding agent does all day, in the directory it was given; prints one line a task."""
import hashlib
import multiprocessing
import os
import sqlite3
import subprocess


def digest(n):
    return hashlib.sha256(str(n).encode() * 100000).hexdigest()


def edit():
    os.makedirs("src", exist_ok=True)
    with open("src/main.py", "w") as f:
        f.write("print('hello')\n")
    os.rename("src/main.py", "src/hello.py")
    return "src/hello.py, %d bytes" % os.path.getsize("src/hello.py")


def workers():
    with multiprocessing.Pool(3) as pool:
        return "3 workers hashed %d blocks" % len(set(pool.map(digest, range(12))))


def database():
    db = sqlite3.connect("agent.db")
    db.execute("create table if not exists runs (id integer primary key, note text)")
    db.execute("insert into runs (note) values ('demo')")
    db.commit()
    return "sqlite %s, %d row(s)" % (sqlite3.sqlite_version, db.execute("select count(*) from runs").fetchone()[0])


def git():
    r = subprocess.run(["git", "status", "--short"], capture_output=True, text=True, check=True)
    return "git status: " + " ".join(r.stdout.split())


for task in (edit, workers, database, git):
    print("  works    %-10s %s" % (task.__name__, task()), flush=True)
