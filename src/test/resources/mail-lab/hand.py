"""Hands one message in by SMTP and is gone: hand.py ADDRESS FROM TO. Says "taken" where it was."""
import socket
import sys

address, sender, recipient = sys.argv[1:]
connection = socket.create_connection((address, 25), 20)
answers = connection.makefile('rb')


def answer(code):
    line = answers.readline()
    while line[3:4] == b'-':
        line = answers.readline()
    if not line.startswith(code):
        sys.exit(line.decode('latin-1'))


answer(b'220')
for verb, code in (('HELO localhost', b'250'), ('MAIL FROM:<%s>' % sender, b'250'),
                   ('RCPT TO:<%s>' % recipient, b'250'), ('DATA', b'354'),
                   ('From: %s\r\nTo: %s\r\nSubject: short\r\n\r\nhello\r\n.' % (sender, recipient), b'250')):
    connection.sendall(verb.encode() + b'\r\n')
    answer(code)
connection.sendall(b'QUIT\r\n')
print('taken', flush=True)
