#!/usr/bin/python3
"""kinds.py: abuse at a low packet rate, and innocent programs that look like it. For tests in network namespaces without a way out.

usage: kinds.py KIND UID SECONDS, where a copy that is named KIND.py needs no KIND. Sends to 10.99.128.0/17, where somebody
answers at some ports if told so, and to 10.128.0.0/9, where nobody does. Becomes UID after it has opened what only root may."""
import errno, os, select, socket, struct, sys, threading, time

ANSWERS, SILENT = "10.99.", "10.130."
name = os.path.basename(sys.argv[0]).rsplit(".", 1)[0]
args = sys.argv[1:] if name != "kinds" else sys.argv[2:]
kind = name if name != "kinds" else sys.argv[1]
uid, seconds = int(args[0]), min(float(args[1]), 7200.0)
began = time.monotonic()


def paced(rate):
    """Counts up, so many a second, until the time is over."""
    n = 0
    while time.monotonic() - began < seconds:
        yield n
        n += 1
        ahead = n / rate - (time.monotonic() - began)
        if ahead > 0:
            time.sleep(ahead)


def host(net, n):
    return "%s%d.%d" % (net, 130 + n // 250 % 100, 1 + n % 250)


waiting = []


def connect(address, port, say=b""):
    """Asks for a connection and gives it two seconds; says something where it is answered."""
    s = socket.socket()
    s.setblocking(False)
    try:
        s.connect((address, port))
    except OSError as e:
        if e.errno != errno.EINPROGRESS:
            s.close()
            return
    waiting.append((time.monotonic() + 2, s, say))
    sweep()


def sweep(all_of_it=False):
    ready = select.select([], [w[1] for w in waiting], [], 0)[1]
    for w in list(waiting):
        if w[1] in ready or w[0] < time.monotonic() or all_of_it:
            try:
                if w[1] in ready and w[2]:
                    w[1].send(w[2])
            except OSError:
                pass
            w[1].close()
            waiting.remove(w)


def udp():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def become():
    if os.getuid() == 0:
        os.setgid(uid)
        os.setuid(uid)


def listen(ports):
    """Answers by accepting, reading once and closing."""
    servers = []
    for port in ports:
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("", port))
        s.listen(500)
        s.setblocking(False)
        servers.append(s)
    conversations = {}
    while time.monotonic() - began < seconds:
        for s in select.select(servers + list(conversations), [], [], 0.2)[0]:
            try:
                if s in servers:
                    conversations[s.accept()[0]] = time.monotonic()
                else:
                    if s.recv(1 << 20) and s.getsockname()[1] == 873:
                        conversations[s] = time.monotonic() + 20
                        continue
                    conversations.pop(s)
                    s.close()
            except OSError:
                conversations.pop(s, None)
        for s, since in list(conversations.items()):
            if time.monotonic() - since > 2:
                conversations.pop(s)
                s.close()


def mirror(port, size):
    """Answers each request with so many bytes."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("", port))
    server.listen(200)
    server.settimeout(0.5)
    become()

    def serve(s):
        try:
            s.settimeout(20)
            s.recv(65536)
            s.sendall(b"x" * size)
        except OSError:
            pass
        s.close()

    while time.monotonic() - began < seconds:
        try:
            threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
        except OSError:
            pass


def load(address, port):
    """Asks for something and reads all of it."""
    try:
        s = socket.create_connection((address, port), 5)
        s.sendall(b"GET /pool/main/p/package_1.0_amd64.deb HTTP/1.1\r\nHost: mirror\r\n\r\n")
        while s.recv(65536):
            pass
        s.close()
    except OSError:
        pass


if kind == "listen":
    listen([int(port) for port in args[2].split(",")])
elif kind == "scan":
    become()
    for n in paced(10):
        connect(host(SILENT, n), 22)
elif kind == "rawscan":
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    become()
    for n in paced(10):
        # No checksum: nobody has to take it.
        raw.sendto(struct.pack("!HHIIHHHH", 40000, 3389, 1, 0, 5 << 12 | 2, 1024, 0, 0), (host(SILENT, n), 0))
elif kind == "udpscan":
    s = udp()
    become()
    for n in paced(10):
        s.sendto(b"\x00" * 12, (host(SILENT, n), 161))
elif kind == "guess":
    become()
    for n in paced(5):
        connect(ANSWERS + "131.%d" % (1 + n % 3), 22, b"SSH-2.0-x\r\n" + b"x" * 900)
elif kind == "tunnel":
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
    become()
    for n in paced(150):
        raw.sendto(b"\x00\x00\x08\x00" + b"\x45" + b"\x00" * 300, (SILENT + "8.8", 0))
elif kind == "relay":
    become()
    open_ones = []
    for n in paced(3):
        s = socket.socket()
        s.settimeout(2)
        try:
            s.connect((host(ANSWERS, n), 587))
            s.send(b"EHLO x\r\nAUTH PLAIN AHgAeA==\r\nMAIL FROM:<a@example.org>\r\n" + b"x" * 900)
        except OSError:
            pass
        # Held for a while, as a session is.
        open_ones.append(s)
        if len(open_ones) > 12:
            open_ones.pop(0).close()
elif kind == "requests":
    become()
    for n in paced(150):
        connect(ANSWERS + "131.9", 80, b"GET /?%d HTTP/1.1\r\nHost: example.org\r\n\r\n" % n)
elif kind in ("miner", "caller"):
    become()
    s = socket.socket()
    s.connect((ANSWERS + ("131.8" if kind == "miner" else "131.66"), 873))
    for n in paced(1):
        s.sendall(b'{"id":%d,"method":"submit"}\n' % n)
elif kind == "reflector":
    s = udp()
    s.bind(("", 53))
    become()
    s.settimeout(0.2)
    while time.monotonic() - began < seconds:
        try:
            asked, who = s.recvfrom(2000)
            s.sendto(asked[:12] + b"x" * 1400, who)
        except OSError:
            pass
elif kind == "victim":
    # Asks in the name of somebody who did not.
    s = udp()
    s.bind((ANSWERS + "140.9", 4444))
    for n in paced(800):
        s.sendto(b"\x12\x34\x01\x00\x00\x01" + b"\x00" * 34, (args[2], 53))
elif kind == "bytes":
    s = udp()
    become()
    for n in paced(1900):
        s.sendto(b"\x00" * 1400, (SILENT + "7.7", 9999))
elif kind == "backup":
    become()
    s = socket.socket()
    s.connect((ANSWERS + "131.7", 873))
    for n in paced(400):
        s.sendall(b"\x00" * 14000)
elif kind in ("mirror", "webserver"):
    mirror(int(args[2]), int(args[3]))
elif kind == "apt":
    become()
    to = args[2] if len(args) > 2 else ANSWERS + "131.40"
    for n in paced(0.5):
        all_of_them = [threading.Thread(target=load, args=(to, 80), daemon=True) for _ in range(6)]
        for one in all_of_them:
            one.start()
        for one in all_of_them:
            one.join()
elif kind == "push":
    become()
    s = socket.create_connection((ANSWERS + "131.41", 873))
    for n in paced(100):
        s.sendall(b"\x00" * 10000)
elif kind == "checks":
    become()
    for n in paced(1):
        connect(host(ANSWERS, n % 60), (22, 443, 993, 587)[n // 60 % 4])
elif kind == "site":
    become()
    for n in paced(5):
        connect(ANSWERS + "131.42", 443, b"POST /v1/charge HTTP/1.1\r\n" + b"x" * 400)
        connect(ANSWERS + "131.43", 3306, b"x" * 200)
        if n % 25 == 0:
            connect(ANSWERS + "131.44", 587, b"EHLO site\r\n" + b"x" * 4000)
elif kind == "torrent":
    become()
    s = udp()
    peer = socket.create_connection((ANSWERS + "131.45", 873))
    for n in paced(15):
        s.sendto(b"d1:ad2:id20:" + b"x" * 60, (host(SILENT, n), 10000 + n * 7919 % 50000))
        peer.sendall(b"\x00" * 14000)
        if n % 8 == 0:
            connect(host(SILENT, n), 10000 + n * 104729 % 50000)
elif kind == "nameserver":
    s = udp()
    s.bind(("", 53))
    become()
    s.settimeout(0.5)
    while time.monotonic() - began < seconds:
        try:
            asked, who = s.recvfrom(2000)
            s.sendto(asked[:12] + b"x" * 700, who)
        except OSError:
            pass
elif kind == "clients":
    asking = []
    for n in range(100):
        asking.append(udp())
        asking[-1].bind((ANSWERS + "150.%d" % (1 + n), 0))
    for n in paced(300):
        asking[n % 100].sendto(b"\x12\x34\x01\x00\x00\x01" + b"\x00" * 40, (args[2], 53))
elif kind == "resolver":
    s = udp()
    become()
    for n in paced(20):
        s.sendto(b"\x00" * 40, (host(SILENT, n), 53))
elif kind == "mta":
    become()
    for n in paced(0.9):
        connect(host(ANSWERS, n), 25, b"EHLO x\r\nMAIL FROM:<a@example.org>\r\n" + b"x" * 200)
elif kind == "monitor":
    become()
    for n in paced(4):
        connect(host(ANSWERS, n % 15), (22, 443)[n % 2])
elif kind == "crawler":
    become()
    for n in paced(15):
        connect(host(SILENT, n), 8080)
elif kind == "sharer":
    s = udp()
    become()
    for n in paced(15):
        s.sendto(b"d1:ad2:id20:" + b"x" * 60, (host(SILENT, n), 10000 + n * 7919 % 50000))
else:
    sys.exit("no kind " + kind)
sweep(True)
