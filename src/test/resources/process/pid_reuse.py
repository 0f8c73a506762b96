"""Lets a bystander take a process number between Outguard's question and the answer. First process of its namespace.

Arguments: the program and its arguments; the word PID stands for the number. Prints one JSON object.
"""
import json
import os
import pty
import subprocess
import sys
import time

victim = subprocess.Popen(["sleep", "300"])
number = victim.pid
command = [word.replace("PID", str(number)) for word in sys.argv[1:]]
outguard, terminal = pty.fork()
if outguard == 0:
    os.execvp(command[0], command)

said = b""
while b"type " + str(number).encode() not in said:
    said += os.read(terminal, 4096)

victim.kill()
victim.wait()
bystander = None
for attempt in range(500):
    with open("/proc/sys/kernel/ns_last_pid", "w") as last:
        last.write(str(number - 1))
    child = os.fork()
    if child == 0:
        if os.getpid() == number:
            time.sleep(300)
        os._exit(0)
    if child == number:
        bystander = child
        break
    os.waitpid(child, 0)

os.write(terminal, str(number).encode() + b"\n")
try:
    while True:
        said += os.read(terminal, 4096)
except OSError:
    pass
_, status = os.waitpid(outguard, 0)
ended, _ = os.waitpid(bystander, os.WNOHANG) if bystander else (None, 0)
print(json.dumps({
    "taken": bystander == number,
    "lives": ended == 0,
    "status": os.waitstatus_to_exitcode(status),
    "said": said.decode(errors="replace"),
}))
