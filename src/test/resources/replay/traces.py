"""Writes capture files that cost a reader most: traces.py FOLDER. Addresses are those of documentation and of private networks."""
import os
import random
import struct
import sys

ME = bytes([198, 51, 100, 10])
START = 1764950000.0


def ip4(source, destination, protocol, payload):
    header = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, source, destination)
    return b'\x02\0\0\0\0\2\x02\0\0\0\0\1\x08\0' + header + payload


def udp(destination, source_port, port, length):
    return ip4(ME, destination, 17, struct.pack('!HHHH', source_port, port, 8 + length, 0) + b'x' * length)


def address(number):
    return struct.pack('!I', 0x0a000000 + number)


class Trace:
    def __init__(self, name):
        self.file = open(os.path.join(sys.argv[1], name), 'wb', 1 << 20)
        self.file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))

    def add(self, at, frame):
        self.file.write(struct.pack('<IIII', int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame)


class Connection:
    """One that hands in a message to one recipient."""

    def __init__(self, trace, at, server, port):
        self.trace, self.at, self.server, self.port = trace, at, server, port
        self.next = {True: 1000, False: 5000}

    def say(self, client, flags, text=b''):
        ports = (self.port, 25) if client else (25, self.port)
        ends = (ME, self.server) if client else (self.server, ME)
        segment = struct.pack('!HHIIBBHHH', *ports, self.next[client], self.next[not client], 0x50, flags, 65535, 0, 0)
        self.trace.add(self.at, ip4(*ends, 6, segment + text))
        self.next[client] += len(text) + (1 if flags & 3 else 0)

    def run(self, number):
        self.say(True, 2)
        self.say(False, 18)
        self.say(True, 16)
        self.say(False, 24, b'220 mx ESMTP\r\n')
        self.say(True, 24, b'EHLO h\r\n')
        self.say(False, 24, b'250-mx\r\n250 PIPELINING\r\n')
        self.say(True, 24, b'MAIL FROM:<a@b.example>\r\nRCPT TO:<u%d@c.example>\r\nDATA\r\n' % number)
        self.say(False, 24, b'250 ok\r\n250 ok\r\n354 go\r\n')
        self.say(True, 24, b'Subject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n')
        self.say(False, 24, b'250 queued\r\n221 bye\r\n')
        self.say(False, 17)
        self.say(True, 17)


one = udp(bytes([203, 0, 113, 7]), 40000, 80, 1)
trace = Trace('one-flow.pcap')
for i in range(1000000):
    trace.add(START + i * 4e-6, one)
trace = Trace('million-flows.pcap')
for i in range(1000000):
    trace.add(START + i * 1e-5, udp(address(i), 1024 + i % 60000, 53 + i % 7, 20))
trace = Trace('hour.pcap')
chance = random.Random(1)
for i in range(36000):
    trace.add(START + i * 0.1, udp(address(chance.randrange(4000)), 40000 + i % 20000, 443, 60))
trace = Trace('fortnight.pcap')
for i in range(20160):
    trace.add(START + i * 60, one)
trace = Trace('smtp.pcap')
for i in range(200000):
    Connection(trace, START + i * 0.005, address(i % 5000), 1024 + i % 60000).run(i)
