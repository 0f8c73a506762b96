"""The world beyond the mail system: an SMTP sink on 127.0.0.1:2525 and Dovecot's authentication protocol.

Recipients at slow.example are put off (451) until WORK/open exists; all others are taken. What is taken is a line of
WORK/sink: time, sender, recipient, subject. Every login with the password "secret" is right.
"""
import base64
import os
import socketserver
import sys
import threading
import time

WORK = sys.argv[1]
LOCK = threading.Lock()


class Sink(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b'\r\n')

    def handle(self):
        self.say('220 sink.example ESMTP')
        sender, recipients = '', []
        for line in self.rfile:
            word = line.decode('latin-1').strip()
            verb = word[:4].upper()
            if verb in ('EHLO', 'HELO'):
                self.say('250 sink.example')
            elif verb == 'MAIL':
                sender, recipients = word.split('<')[1].split('>')[0], []
                self.say('250 ok')
            elif verb == 'RCPT':
                to = word.split('<')[1].split('>')[0]
                if to.endswith('@slow.example') and not os.path.exists(WORK + '/open'):
                    self.say('451 4.3.0 <%s>: come back later' % to)
                else:
                    recipients.append(to)
                    self.say('250 ok')
            elif verb == 'DATA':
                if not recipients:
                    self.say('554 no recipients')
                    continue
                self.say('354 go on')
                subject = ''
                for part in self.rfile:
                    text = part.decode('latin-1').rstrip('\r\n')
                    if text == '.':
                        break
                    if text.lower().startswith('subject:') and not subject:
                        subject = text[8:].strip()
                with LOCK, open(WORK + '/sink', 'a') as sink:
                    for to in recipients:
                        sink.write('%.3f\t%s\t%s\t%s\n' % (time.time(), sender, to, subject))
                self.say('250 taken')
            elif verb == 'QUIT':
                self.say('221 bye')
                return
            else:
                self.say('250 ok')


class Auth(socketserver.StreamRequestHandler):
    def say(self, *words):
        self.wfile.write('\t'.join(words).encode() + b'\n')

    def handle(self):
        self.say('VERSION', '1', '2')
        self.say('MECH', 'PLAIN', 'plaintext')
        self.say('SPID', str(os.getpid()))
        self.say('CUID', '1')
        self.say('COOKIE', '0123456789abcdef0123456789abcdef')
        self.say('DONE')
        for line in self.rfile:
            words = line.decode('latin-1').rstrip('\n').split('\t')
            if words[0] == 'AUTH':
                given = [w[5:] for w in words if w.startswith('resp=')]
                _, user, password = base64.b64decode(given[0]).decode().split('\0')
                if password == 'secret':
                    self.say('OK', words[1], 'user=' + user)
                else:
                    self.say('FAIL', words[1], 'user=' + user)


class Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 200


class Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


threading.Thread(target=Tcp(('127.0.0.1', 2525), Sink).serve_forever).start()
if os.path.isdir('/var/spool/postfix'):
    place = '/var/spool/postfix/private'
    os.makedirs(place, exist_ok=True)
    auth = Unix(place + '/auth', Auth)
    os.chmod(place + '/auth', 0o666)
    threading.Thread(target=auth.serve_forever).start()
