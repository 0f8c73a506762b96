"""Hands mail in until it is told to stop, and says when each message was taken: submit.py WAY SECONDS FROM TO [LOGIN].

WAY is sendmail, smtp (127.0.0.1:25), lasting (the same, each session stays open for half a second), login
(127.0.0.1:587, one session that stays open) or relay (the same with Dovecot's submission service, port 2587). A line for
each message: time, "taken" or what was said instead.
"""
import smtplib
import subprocess
import sys
import time

way, seconds, sender, recipient = sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4]
PORTS = {'smtp': 25, 'lasting': 25, 'login': 587, 'relay': 2587}
until = time.time() + seconds
session = None
count = 0


def report(result):
    print('%.3f %s' % (time.time(), result.replace('\n', ' ')), flush=True)


def message():
    return 'From: %s\nTo: %s\nSubject: %s %d\n\nhello\n' % (sender, recipient, way, count)


while time.time() < until:
    count += 1
    try:
        if way == 'sendmail':
            done = subprocess.run(['/usr/sbin/sendmail', '-i', '-f', sender, recipient], input=message().encode(),
                                  capture_output=True)
            report('taken' if done.returncode == 0 else done.stderr.decode())
        else:
            if session is None:
                session = smtplib.SMTP('127.0.0.1', PORTS[way], timeout=5)
                session.ehlo('localhost')
                if way in ('login', 'relay'):
                    session.login(sys.argv[5], 'secret')
            session.sendmail(sender, [recipient], message())
            report('taken')
            if way == 'lasting':
                time.sleep(0.5)
            if way in ('smtp', 'lasting'):
                session.quit()
                session = None
    except Exception as e:
        session = None
        report('%s %s' % (type(e).__name__, e))
    time.sleep(0.05)
