#!/usr/bin/python3
"""The neighbour of the run's host: services that are granted and others, and attempts to come in.

outside.py serve FILE      echo on TCP 443, 444, 53 and UDP 5353, 5354, 53, 9999; every packet from 10.9.0.1 goes to FILE
outside.py scan HOST       the ports of HOST that accept a connection, as ranges
outside.py send PORT OWN X one datagram X from port OWN to 10.9.0.1:PORT
"""
import selectors, socket, struct, sys, time


def serve(log):
    sel = selectors.DefaultSelector()
    for fam, host in ((socket.AF_INET, "10.9.0.2"), (socket.AF_INET6, "fd09::2")):
        for typ, ports in ((socket.SOCK_STREAM, (443, 444, 53)), (socket.SOCK_DGRAM, (5353, 5354, 53, 9999))):
            for port in ports:
                s = socket.socket(fam, typ)
                if fam == socket.AF_INET6:
                    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                s.bind((host, port))
                if typ == socket.SOCK_STREAM:
                    s.listen(64)
                sel.register(s, selectors.EVENT_READ, typ)
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    sel.register(wire, selectors.EVENT_READ, 0)
    out = open(log, "a", buffering=1)
    print("ready", flush=True)
    while True:
        for key, _ in sel.select():
            s = key.fileobj
            if key.data == socket.SOCK_STREAM:
                s.accept()[0].close()
            elif key.data == socket.SOCK_DGRAM:
                data, peer = s.recvfrom(100)
                s.sendto(data, peer)
            else:
                data, info = s.recvfrom(2000)
                if info[2] == 4:  # outgoing: ours
                    continue
                if info[1] == 0x0800 and data[12:16] == socket.inet_aton("10.9.0.1"):
                    port = struct.unpack("!HH", data[20:24]) if data[0] == 0x45 else (0, 0)
                    out.write("v4 %d %d\n" % (data[9], port[1]))
                elif info[1] == 0x86dd and data[6] != 58:  # but for neighbour discovery
                    out.write("v6 %d %s\n" % (data[6], socket.inet_ntop(socket.AF_INET6, data[24:40])))


def scan(host):
    fam = socket.AF_INET6 if ":" in host else socket.AF_INET
    good, pending = [], {}
    sel = selectors.DefaultSelector()

    def drain(limit, wait):
        end = time.time() + wait
        while pending and (len(pending) > limit) and time.time() < end:
            for key, _ in sel.select(0.1):
                s = key.fileobj
                if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                    good.append(pending[s])
                sel.unregister(s)
                del pending[s]
                s.close()

    for port in range(1, 65536):
        s = socket.socket(fam, socket.SOCK_STREAM)
        s.setblocking(False)
        e = s.connect_ex((host, port))
        if e == 0:
            good.append(port)
            s.close()
        elif e == 115:
            pending[s] = port
            sel.register(s, selectors.EVENT_WRITE)
        else:
            s.close()
        drain(200, 5)
    drain(0, 2)
    ranges = []
    for p in sorted(good):
        if ranges and ranges[-1][1] == p - 1:
            ranges[-1][1] = p
        else:
            ranges.append([p, p])
    print(" ".join("%d-%d" % tuple(r) for r in ranges))


def send(port, own, text):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("10.9.0.2", own))
    s.sendto(text.encode(), ("10.9.0.1", port))


if sys.argv[1] == "serve":
    serve(sys.argv[2])
elif sys.argv[1] == "scan":
    scan(sys.argv[2])
else:
    send(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
