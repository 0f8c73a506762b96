"""A mail server on ADDRESS:25 that refuses every recipient at no.example, and says what it took.

Each connection is a line of FILE when it ends: messages, recipients, refused recipients, whether it went over to TLS.
"""
import socketserver
import sys
import threading

ADDRESS, FILE = sys.argv[1], sys.argv[2]
LOCK = threading.Lock()


class Sink(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b'\r\n')

    def handle(self):
        counts = [0, 0, 0, 0]
        try:
            self.talk(counts)
        except ConnectionError:
            pass
        with LOCK, open(FILE, 'a') as lines:
            lines.write('\t'.join(map(str, counts)) + '\n')

    def talk(self, counts):
        self.say('220 far.example ESMTP')
        for line in self.rfile:
            text = line.decode('latin-1').strip()
            word = text.split(' ')[0].upper()
            if word == 'EHLO':
                self.say('250-far.example\r\n250-PIPELINING\r\n250 STARTTLS')
            elif word == 'MAIL':
                counts[0] += 1
                self.say('250 ok')
            elif word == 'RCPT':
                counts[1] += 1
                no = '@no.example' in text
                counts[2] += no
                self.say('550 5.1.1 no such user' if no else '250 ok')
            elif word == 'DATA':
                self.say('354 go on')
                while self.rfile.readline() not in (b'.\r\n', b''):
                    pass
                self.say('250 taken')
            elif word == 'STARTTLS':
                counts[3] = 1
                self.say('220 go on')
                self.rfile.read()
                return
            elif word == 'QUIT':
                self.say('221 bye')
                return
            else:
                self.say('500 what')


class Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 200


with Tcp((ADDRESS, 25), Sink) as server:
    print('ready', flush=True)
    server.serve_forever()
