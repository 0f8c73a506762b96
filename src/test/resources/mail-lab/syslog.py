"""What syslogd does with /dev/log (RFC 3164): each message is a line of the file, its priority off and the host put in."""
import os
import re
import socket
import sys

log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind('/dev/log')
os.chmod('/dev/log', 0o666)
with open(sys.argv[1], 'ab', buffering=0) as out:
    while True:
        line = log.recv(65536).rstrip(b'\n\0').replace(b'\n', b'#012')
        out.write(re.sub(rb'^<\d+>(.{15} )', rb'\1mail.example.org ', line) + b'\n')
