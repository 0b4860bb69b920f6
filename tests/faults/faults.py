"""Every system call of `linenc init` (over a file that exists) and of `linenc apply -o` fails once with each error that it can have, and the
program is killed at each of them. Afterwards the old file must be whole, or the new one; nothing torn; no temporary left (but after a
kill); an exit code of docs/commands/README.md; and a message that names the file or what was short.

    python3 tests/faults/faults.py build/linenc            # everything
    python3 tests/faults/faults.py build/linenc --only write,fsync

Needs strace, and a machine that lets it trace.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

MODEL = """linenc: 1
inputs: {x: "float32[batch, 64]"}
model:
  compact:
    - Dense: {features: 200}
    - relu
    - Dense: {features: 64}
"""

ERRORS = {
    "write": ["ENOSPC", "EIO", "EDQUOT", "EINTR"], "pwrite64": ["ENOSPC", "EIO", "EINTR"], "read": ["EIO", "EINTR"],
    "fsync": ["EIO", "ENOSPC"], "close": ["EIO"], "openat": ["EMFILE", "EACCES", "ENOSPC", "EIO"], "open": ["EMFILE", "EACCES"],
    "rename": ["ENOSPC", "EACCES", "EIO"], "renameat": ["ENOSPC", "EACCES", "EIO"], "renameat2": ["ENOSPC", "EACCES", "EIO"],
    "fstat": ["EIO", "ENOMEM"], "newfstatat": ["EIO", "EACCES", "ENOMEM"], "statx": ["EIO"], "lseek": ["EINVAL"], "mmap": ["ENOMEM"],
    "mremap": ["ENOMEM"], "munmap": ["EINVAL"], "mprotect": ["ENOMEM"], "madvise": ["ENOMEM"],
    "fcntl": ["EMFILE"], "fchmod": ["EPERM", "EIO"], "getrandom": ["EAGAIN"], "unlinkat": ["EIO"], "readlink": ["EACCES"],
}
OTHER = ["EPERM"]
# The kernel answers a brk that it refuses with the old end; an errno would be taken for an address.
RETURNS = {"brk": ["retval=0"]}
# The end of the process cannot fail, and the start of it is not ours.
SKIPPED = {"exit_group", "exit", "execve", "restart_syscall"}
# prepare_process(), the first thing in main.
FIRST = re.compile(r"^rt_sigaction\(SIGXFSZ|^fcntl\(0, F_GETFD")


class Job:
    def __init__(self, name, folder, command, target):
        self.name, self.folder, self.command, self.target = name, folder, command, target

    def reset(self):
        for entry in os.listdir(self.folder):
            if entry not in self.kept:
                os.unlink(os.path.join(self.folder, entry))
        with open(os.path.join(self.folder, self.target), "wb") as file:
            file.write(self.old)

    def run(self, inject, log="/dev/null"):
        # With one thread the calls come in the same order every time.
        traced = ["strace", "-qq", "-o", log] + (["-e", "inject=" + inject] if inject else []) + self.command
        return subprocess.run(traced, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

    def content(self):
        try:
            with open(os.path.join(self.folder, self.target), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def left(self):
        return sorted(set(os.listdir(self.folder)) - self.kept - {self.target})


def prepare(linenc, folder):
    jobs = []
    for name in ("init", "apply"):
        place = os.path.join(folder, name)
        os.mkdir(place)
        with open(os.path.join(place, "m.yaml"), "w") as file:
            file.write(MODEL)
        subprocess.run([linenc, "init", "m.yaml", "-o", "v.bin", "-q"], cwd=place, check=True)
        if name == "init":
            command = [linenc, "init", "m.yaml", "--seed", "1", "-o", "out.bin", "--force", "--threads", "1"]
            job = Job(name, place, command, "out.bin")
        else:
            subprocess.run([linenc, "apply", "m.yaml", "v.bin", "-i", "x=normal:7", "--dim", "batch=700", "-o", "x.npy"], cwd=place, check=True)
            command = [linenc, "apply", "m.yaml", "v.bin", "x.npy", "-o", "out.npy", "--threads", "1"]
            job = Job(name, place, command, "out.npy")
        job.kept = {"m.yaml", "v.bin", "x.npy"}
        job.old = b"the old file\n" * 1000
        job.reset()
        subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL)
        job.new = job.content()
        jobs.append(job)
    return jobs


def points(job, folder):
    """(call, number, text) of each call after the program's own beginning; the number counts calls of this name from the start."""
    log = os.path.join(folder, job.name + ".log")
    job.reset()
    assert job.run(None, log).returncode == 0
    counts, found, begun = {}, [], False
    with open(log) as file:
        for line in file:
            match = re.match(r"(\w+)\(", line)
            if not match:
                continue
            call = match.group(1)
            counts[call] = counts.get(call, 0) + 1
            begun = begun or bool(FIRST.match(line))
            if begun and call not in SKIPPED:
                found.append((call, counts[call], line.strip()))
    assert found, "the log does not show where main begins"
    return found


def problem(job, ran, killed, call):
    content = job.content()
    if content not in (job.old, job.new):
        return "the file is " + ("gone" if content is None else "torn")
    if killed:
        return None if len(job.left()) <= 1 else "more than one temporary is left"
    text = ran.stderr.decode(errors="replace")
    # What cannot be removed stays.
    if job.left() and call != "unlinkat":
        return "a temporary is left: " + ", ".join(job.left())
    if ran.returncode not in (0, 1, 2):
        return f"exit {ran.returncode}: {text[-300:]}"
    if ran.returncode == 0:
        return None if content == job.new else "exit 0 with the old file"
    if content == job.new and job.new != job.old and "not known to be on the disk" not in text and "standard output" not in text:
        return "not exit 0, but the new file is there: " + text[-300:]
    if not re.search(r"`[^`]+`|stdin|standard output|out of memory", text):
        return "the message names neither a file nor what was short: " + text[-300:]
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("linenc")
    parser.add_argument("--only", default="", help="names of system calls, joined by commas")
    options = parser.parse_args()
    if shutil.which("strace") is None:
        sys.exit("strace is missing")
    linenc = os.path.abspath(options.linenc)
    only = set(filter(None, options.only.split(",")))
    bad = runs = survived = 0
    with tempfile.TemporaryDirectory() as folder:
        for job in prepare(linenc, folder):
            for call, number, line in points(job, folder):
                if only and call not in only:
                    continue
                for what in RETURNS.get(call, ["error=" + error for error in ERRORS.get(call, OTHER)]) + ["signal=SIGKILL"]:
                    job.reset()
                    ran = job.run(f"{call}:{what}:when={number}")
                    runs += 1
                    survived += ran.returncode == 0
                    found = problem(job, ran, what == "signal=SIGKILL", call)
                    if found:
                        bad += 1
                        print(f"{job.name}: {what} at {call} number {number}\n    {line[:160]}\n    {found}")
    print(f"{runs} runs, {survived} without harm, {bad} bad")
    sys.exit(1 if bad or not runs else 0)


if __name__ == "__main__":
    main()
