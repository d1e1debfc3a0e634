"""in_terminal.py ACTION TEXT COMMAND: runs a shell command in a terminal of no size; once it has shown TEXT, closes the
terminal (ACTION close) or types Ctrl-C (ACTION interrupt). Prints what was shown, and ends with the command's status."""
import os
import pty
import select
import sys
import time

action, text, command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.execvp("bash", ["bash", "-c", command])
shown, is_done, is_open, deadline = b"", False, True, time.monotonic() + 120
status = None
while status is None and time.monotonic() < deadline:
    if is_open and select.select([terminal], [], [], 0.1)[0]:
        try:
            shown += os.read(terminal, 65536)
        except OSError:
            is_open = False
            os.close(terminal)
    elif not is_open:
        time.sleep(0.1)
    if not is_done and text.encode() in shown:
        is_done = True
        if action == "close":
            is_open = False
            os.close(terminal)
        else:
            os.write(terminal, b"\x03")
    pid, ended = os.waitpid(child, os.WNOHANG)
    if pid == child:
        status = os.waitstatus_to_exitcode(ended)
sys.stdout.buffer.write(shown)
sys.exit(1 if status is None else status % 256)
