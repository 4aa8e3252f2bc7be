import hashlib, locale, multiprocessing, os, subprocess, sys, threading, time


def digest(n):
    return hashlib.sha256(str(n).encode()).hexdigest()


if __name__ == "__main__":
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        assert pool.map(digest, range(8)) == [digest(n) for n in range(8)]
    t = threading.Thread(target=time.sleep, args=(0.01,))
    t.start()
    t.join()
    time.sleep(0.01)
    assert os.sched_getaffinity(0)
    done = subprocess.run(["python3", "-S", "-c", "print(6 * 7)"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    print(done.stdout.decode().strip(), time.strftime("%Z", time.localtime(0)), locale.setlocale(locale.LC_ALL, ""))
