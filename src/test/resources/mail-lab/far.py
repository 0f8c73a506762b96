"""The world at the other end of a cable: an SMTP sink on 192.0.2.25:25 that takes half a second to a second over each message.

What is taken is a line of WORK/far: port of the connection, queue id by the mail system's own Received field, sender, begin
and end of the transaction.
"""
import random
import re
import socketserver
import sys
import threading
import time

WORK = sys.argv[1]
LOCK = threading.Lock()
RANDOM = random.Random(4)
ID = re.compile(r'\bid ([0-9A-Za-z-]{6,30})')


class Sink(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b'\r\n')

    def handle(self):
        port = self.client_address[1]
        self.say('220 far.example ESMTP')
        sender, begun = '', time.time()
        for line in self.rfile:
            verb = line.decode('latin-1').strip()
            word = verb[:4].upper()
            if word == 'MAIL':
                sender, begun = verb.split('<')[1].split('>')[0], time.time()
                self.say('250 ok')
            elif word == 'DATA':
                self.say('354 go on')
                queue_id = ''
                for part in self.rfile:
                    text = part.decode('latin-1').rstrip('\r\n')
                    if text == '.':
                        break
                    found = ID.search(text)
                    if found and not queue_id:
                        queue_id = found.group(1)
                with LOCK:
                    pause = RANDOM.uniform(0.5, 1)
                time.sleep(pause)
                with LOCK, open(WORK + '/far', 'a') as lines:
                    lines.write('%d\t%s\t%s\t%.3f\t%.3f\n' % (port, queue_id, sender, begun, time.time()))
                self.say('250 taken')
            elif word == 'QUIT':
                self.say('221 bye')
                return
            else:
                self.say('250 far.example' if word in ('EHLO', 'HELO') else '250 ok')


class Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 200


Tcp(('192.0.2.25', 25), Sink).serve_forever()
