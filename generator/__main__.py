"""__main__: starts the command; makes the virtual environment first when the dependencies are missing (standard library only)

In a checkout, `python3 -m generator` needs nothing but Python: the packages that a lock file names are installed into `.venv`,
a stamp there says what they were installed from, and the command runs again inside. While the stamp is right this costs a few
milliseconds and touches no network. Where somebody else installed Papergrove, with pip or pipx or for an environment of their
own, that environment is used as it is; PAPERGROVE_NO_BOOTSTRAP=1 asks for the same in a checkout.

An old Python must be able to read this file as far as its refusal: no `match`, and `X | Y` only in annotations. What takes
long to import is imported where a set-up needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

OLDEST = (3, 11)
NO_BOOTSTRAP = "PAPERGROVE_NO_BOOTSTRAP"
ROOT = Path(__file__).resolve().parent.parent

RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"  # all of the first, and what the tests need
BUILT_FROM = ("pyproject.toml", "hatch_hook.py", RUN_LOCK)  # and, for the tests, the other lock
STAMP = "papergrove-stamp.txt"
UNFINISHED = "unfinished\n"


class SetupError(Exception):
    """The environment could not be made; the text says why, and what to do."""


def main() -> None:
    """The command `papergrove`, and `python -m generator`."""
    if sys.version_info[:2] < OLDEST:
        sys.exit(refusal(sys.version_info[:2], sys.executable))
    if not os.environ.get(NO_BOOTSTRAP) and is_checkout(ROOT):
        enter_environment(ROOT, sys.argv[1:], by_name=__name__ != "__main__")
    try:
        from generator.cli import main as command
    except ModuleNotFoundError as missing:
        package = (missing.name or "").split(".")[0]
        if package == "generator":  # our own mistake
            raise
        sys.exit(f"Papergrove needs the package {package}, which {sys.executable} does not have: install Papergrove with pip.")
    command()


def refusal(version: Sequence[int], executable: str) -> str:
    found, needed = (".".join(str(number) for number in numbers) for numbers in (version, OLDEST))
    return (
        f"Papergrove needs Python {needed} or newer; this is Python {found} ({executable}).\n"
        f"Start it with a newer one, for example: python{needed} -m generator"
    )


def enter_environment(root: Path, arguments: Sequence[str], *, by_name: bool) -> None:
    """Returns when this process is the right one to go on; else one inside `.venv`, made now if need be, takes its place.

    `by_name`: started as `papergrove`, so somebody installed it. Outside `.venv`, that is their own environment.
    """
    inside = os.path.realpath(sys.prefix) == os.path.realpath(root / ".venv")
    if by_name and not inside:
        return
    lock = lock_for(arguments)
    ready = is_ready(root, lock)
    if not ready:
        try:
            set_up(root, lock)
        except (SetupError, OSError) as failure:
            sys.exit(f"Papergrove could not set up {root / '.venv'}: {failure}")
        except KeyboardInterrupt:
            sys.exit("\nStopped. The next run starts the set-up again.")
    if not (ready and inside):
        go_on_inside(python_in(root), arguments)


def go_on_inside(python: Path, arguments: Sequence[str]) -> None:
    command = [str(python), "-P", "-m", "generator", *arguments]  # -P: the folder one stands in may hold another `generator`
    os.environ[NO_BOOTSTRAP] = "1"  # all has been looked at, and nothing can go round in circles
    if sys.platform == "win32":  # whose exec lets the shell go on at once
        import subprocess

        sys.exit(subprocess.run(command).returncode)
    os.execv(python, command)


# ------------------------------------------------------------------ what there is


def is_checkout(root: Path) -> bool:
    """Both files, because now and then a package leaves a stray pyproject.toml beside all that pip installs."""
    return (root / "pyproject.toml").is_file() and (root / RUN_LOCK).is_file()


def lock_for(arguments: Sequence[str]) -> str:
    return TEST_LOCK if arguments[:1] == ["test"] else RUN_LOCK


def python_in(root: Path) -> Path:
    return root / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def home_of(root: Path) -> str:
    """What an environment does not survive a change of: where it lies, and the Python it was made with."""
    return f"{root}\n{os.path.realpath(python_in(root))}\n"


def stamp_for(root: Path, lock: str) -> str:
    """All that an environment is installed from, word for word: exact, and sooner done than a hash function is imported."""
    return home_of(root) + "\n".join(read(root / name) for name in (*BUILT_FROM, lock))


def is_ready(root: Path, lock: str) -> bool:
    stamp = read(root / ".venv" / STAMP)
    return python_in(root).exists() and any(stamp == stamp_for(root, enough) for enough in (lock, TEST_LOCK))


def must_be_made(root: Path) -> bool:
    """There is no environment, or one of ours that was interrupted, or moved, or whose Python has gone or changed.

    One without our stamp is somebody's own work: it is installed into, not thrown away.
    """
    stamp = read(root / ".venv" / STAMP)
    return not python_in(root).exists() or (stamp != "" and not stamp.startswith(home_of(root)))


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


# ------------------------------------------------------------------ what is done about it


def set_up(root: Path, lock: str) -> None:
    """Makes `.venv`, or brings it up to date. The stamp is written last: what was interrupted is not taken for whole."""
    with one_at_a_time(root / ".papergrove"):
        if is_ready(root, lock):  # another run did it meanwhile
            return
        if must_be_made(root):
            say(f"Setting up .venv (once, about {40 if lock == TEST_LOCK else 20} s) …")
            make(root)
        else:
            say("Bringing .venv up to date …")
        install = [*pip_for(root), "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        must([*install, "--require-hashes", "--requirement", str(root / lock)])
        must([*install, "--no-deps", "--editable", str(root)])
        (root / ".venv" / STAMP).write_text(stamp_for(root, lock), encoding="utf-8")


def make(root: Path) -> None:
    import shutil

    venv = root / ".venv"
    if venv.is_symlink():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(venv)
    venv.mkdir()
    (venv / STAMP).write_text(UNFINISHED, encoding="utf-8")
    must([base_python(), "-m", "venv", "--without-pip", str(venv)])


def pip_for(root: Path) -> list[str]:
    """The environment's own pip, brought in when it has none; else ours, told to work there (pip 22.3 or newer)."""
    python = str(python_in(root))
    own = [python, "-m", "pip"]
    ours = [base_python(), "-m", "pip", "--python", python]
    if run([*own, "--version"])[0] == 0 or run([python, "-I", "-m", "ensurepip", "--default-pip"])[0] == 0:
        return own
    if run([*ours, "--version"])[0] == 0:
        return ours
    raise SetupError("there is no pip to install with.\nOn Debian and Ubuntu: apt-get install python3-venv")


def base_python() -> str:
    """Outside every virtual environment: `.venv`, which may be running this, may be about to go."""
    return getattr(sys, "_base_executable", None) or sys.executable


def must(command: Sequence[str]) -> None:
    code, output = run(command)
    if code != 0:
        lines = [" ".join(command), *output.rstrip().split("\n")[-12:]]
        shown = "\n".join("    " + line for line in lines)
        raise SetupError(
            f"a step failed.\n{shown}\nIs the network there? The next run tries again. "
            f"With {NO_BOOTSTRAP}=1 Papergrove runs with the packages that its Python already has."
        )


def run(command: Sequence[str]) -> tuple[int, str]:
    """The exit code, and all that was printed."""
    import subprocess

    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PIP_USER": "0"},  # a configured `user = true` cannot work in a virtual environment
    )
    return done.returncode, done.stdout


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """A locked file, so that two first runs do not install into each other. The system frees it however a process ends.

    Making the environment aside and renaming it would need no lock, but the scripts of a renamed one start the wrong Python.
    """
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("a", encoding="utf-8") as file:
        if not locked(file.fileno(), wait=False):
            say("Another run is setting up .venv; waiting for it …")
            while not locked(file.fileno(), wait=True):
                pass
        yield


if sys.platform == "win32":

    def locked(file: int, *, wait: bool) -> bool:
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)  # LK_LOCK gives up after ten seconds
        except OSError:
            return False
        return True

else:

    def locked(file: int, *, wait: bool) -> bool:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
