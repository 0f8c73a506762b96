"""A program that speaks SMTP itself: ADDRESS, then how many connections, then `clear` or `tls`."""
import socket
import sys
import time

ADDRESS, COUNT, HOW = sys.argv[1], int(sys.argv[2]), sys.argv[3]

BODY = ('Subject: x\r\n\r\nMAIL FROM:<evil@b.example>\r\nRCPT TO:<evil@no.example>\r\nEHLO evil.example\r\n'
        + 'x' * 70 + '\r\n')


def speak(number):
    with socket.create_connection((ADDRESS, 25), 5) as connection:
        replies = connection.makefile('rb')

        def reply():
            line = replies.readline()
            while line[3:4] == b'-':
                line = replies.readline()

        def ask(text, answers=1):
            connection.sendall(text.encode())
            for _ in range(answers):
                reply()
            time.sleep(0.01)

        reply()
        ask('EHLO spam.example\r\n')
        if HOW == 'tls':
            ask('STARTTLS\r\n')
            connection.sendall(b'\x16\x03\x01\x00\x20' + b'MAIL FROM:<evil@b.example>\r\n')
            time.sleep(0.1)
            return
        ask('MAIL FROM:<one%d@b.example>\r\n' % number)
        ask('RCPT TO:<a@y.example>\r\n')
        ask('RCPT TO:<b@no.example>\r\n')
        ask('DATA\r\n')
        ask(BODY + '.\r\n')
        ask('MAIL FROM:<two@b.example>\r\nRCPT TO:<c@y.example>\r\nRCPT TO:<d@no.example>\r\nDATA\r\n', 4)
        ask(BODY + 'x' * 20000 + '\r\n.\r\n')
        ask('QUIT\r\n')


for i in range(COUNT):
    speak(i)
