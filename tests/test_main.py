"""Starting the command: what is installed, when, and where the command then runs."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

import generator.__main__ as start

SOURCE = Path(start.__file__).read_text(encoding="utf-8")


class Machine:
    """Runs commands as a machine would, as far as files tell; remembers them by what matters in them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.failing: dict[str, str] = {}  # what a command says that holds this text, and fails
        self.ran: list[str] = []

    def run(self, command: Sequence[str]) -> tuple[int, str]:
        text = " ".join(command).replace(str(self.root), "ROOT").replace(start.base_python(), "PYTHON")
        self.ran.append(text)
        for part, words in self.failing.items():
            if part in text:
                return 1, words
        if "-m venv" in text:
            python = start.python_in(self.root)
            python.parent.mkdir(parents=True)
            python.symlink_to(sys.executable)
        return 0, ""

    def installed(self) -> list[str]:
        """The commands that make and fill an environment, since the last time somebody asked."""
        asked, self.ran = self.ran, []
        return [text.split(" --disable-pip-version-check ")[-1] for text in asked if " venv " in text or " install " in text]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A checkout in an empty folder."""
    root = tmp_path / "checkout"
    root.mkdir()
    for name in ("pyproject.toml", "hatch_hook.py", start.RUN_LOCK, start.TEST_LOCK):
        (root / name).write_text(f"the first {name}\n", encoding="utf-8")
    machine = Machine(root)
    monkeypatch.setattr(start, "run", machine.run)
    return machine


MADE = "PYTHON -m venv --without-pip ROOT/.venv"
RUN = [f"--require-hashes --requirement ROOT/{start.RUN_LOCK}", "--no-deps --editable ROOT"]
TEST = [f"--require-hashes --requirement ROOT/{start.TEST_LOCK}", "--no-deps --editable ROOT"]


def test_a_fresh_machine_gets_an_environment_with_the_locked_packages_and_the_project(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    start.set_up(machine.root, start.RUN_LOCK)
    assert machine.installed() == [MADE, *RUN]
    assert capsys.readouterr().err == "Setting up .venv (once, about 20 s) …\n"


def test_an_environment_that_is_right_is_left_alone(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    start.set_up(machine.root, start.RUN_LOCK)
    machine.installed()
    capsys.readouterr()
    start.set_up(machine.root, start.RUN_LOCK)
    assert machine.ran == []
    assert capsys.readouterr().err == ""


def test_only_the_tests_need_the_test_packages() -> None:
    assert start.lock_for(["test", "-q"]) == start.TEST_LOCK
    assert start.lock_for(["search", "test"]) == start.RUN_LOCK
    assert start.lock_for([]) == start.RUN_LOCK


def test_the_test_environment_serves_every_command_but_not_the_other_way_round(machine: Machine) -> None:
    start.set_up(machine.root, start.RUN_LOCK)
    machine.installed()
    assert not start.is_ready(machine.root, start.TEST_LOCK)
    start.set_up(machine.root, start.TEST_LOCK)
    assert machine.installed() == TEST
    assert start.is_ready(machine.root, start.RUN_LOCK)


@pytest.mark.parametrize("name", ["pyproject.toml", "hatch_hook.py", start.RUN_LOCK, start.TEST_LOCK])
def test_a_change_of_what_it_was_installed_from_brings_it_up_to_date(machine: Machine, name: str) -> None:
    start.set_up(machine.root, start.TEST_LOCK)
    machine.installed()
    (machine.root / name).write_text("another\n", encoding="utf-8")
    start.set_up(machine.root, start.TEST_LOCK)
    assert machine.installed() == TEST


def test_an_environment_of_ones_own_is_installed_into_and_kept(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.run(["-m venv"])
    mine = machine.root / ".venv" / "mine.txt"
    mine.touch()
    start.set_up(machine.root, start.RUN_LOCK)
    assert machine.installed() == RUN
    assert mine.exists()
    assert capsys.readouterr().err == "Bringing .venv up to date …\n"


# ------------------------------------------------------------------ what breaks an environment


def stop(machine: Machine, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """Ends a set-up in its middle, as a closed terminal would."""

    def run(command: Sequence[str]) -> tuple[int, str]:
        if at in command:
            raise KeyboardInterrupt
        return machine.run(command)

    with monkeypatch.context() as patch:
        patch.setattr(start, "run", run)
        with pytest.raises(KeyboardInterrupt):
            start.set_up(machine.root, start.RUN_LOCK)
    machine.installed()


@pytest.mark.parametrize("at", ["venv", "--require-hashes", "--editable"])
def test_after_an_interruption_the_next_run_starts_again(machine: Machine, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    stop(machine, monkeypatch, at)
    assert not start.is_ready(machine.root, start.RUN_LOCK)
    start.set_up(machine.root, start.RUN_LOCK)
    assert machine.installed() == [MADE, *RUN]


def point_elsewhere(machine: Machine) -> None:
    other = machine.root / "another-python"
    other.touch()
    start.python_in(machine.root).unlink()
    start.python_in(machine.root).symlink_to(other)


def lose_python(machine: Machine) -> None:
    point_elsewhere(machine)
    (machine.root / "another-python").unlink()


def move(machine: Machine) -> None:
    machine.root = Path(shutil.move(machine.root, machine.root.with_name("moved")))


@pytest.mark.parametrize("harm", [point_elsewhere, lose_python, move])
def test_an_environment_whose_python_or_place_changed_is_made_anew(machine: Machine, harm: Callable[[Machine], None]) -> None:
    start.set_up(machine.root, start.RUN_LOCK)
    machine.installed()
    harm(machine)
    start.set_up(machine.root, start.RUN_LOCK)
    assert machine.installed() == [MADE, *RUN]
    assert start.is_ready(machine.root, start.RUN_LOCK)


def test_a_linked_environment_is_made_anew_without_emptying_what_the_link_leads_to(machine: Machine, tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere" / "kept.txt"
    kept.parent.mkdir()
    kept.touch()
    (machine.root / ".venv").symlink_to(kept.parent)
    start.set_up(machine.root, start.RUN_LOCK)
    assert kept.exists()
    assert not (machine.root / ".venv").is_symlink()


def test_while_one_run_sets_up_another_waits(tmp_path: Path) -> None:
    folder = tmp_path / ".papergrove"
    with start.one_at_a_time(folder), (folder / "setup.lock").open("a", encoding="utf-8") as other:
        assert not start.locked(other.fileno(), wait=False)
    with start.one_at_a_time(folder):
        pass


# ------------------------------------------------------------------ what can go wrong on the way


def test_a_failing_step_shows_what_pip_said_last_and_what_to_do(machine: Machine) -> None:
    machine.failing = {"--require-hashes": "\n".join(f"line {number}" for number in range(100)) + "\n"}
    with pytest.raises(start.SetupError) as failure:
        start.set_up(machine.root, start.RUN_LOCK)
    lines = str(failure.value).split("\n")
    assert lines[2:-1] == [f"    line {number}" for number in range(88, 100)]
    assert "Is the network there? The next run tries again." in lines[-1]


def test_a_failed_update_leaves_what_was_there_usable(machine: Machine) -> None:
    start.set_up(machine.root, start.RUN_LOCK)
    pyproject = machine.root / "pyproject.toml"
    before = pyproject.read_text(encoding="utf-8")
    pyproject.write_text("another\n", encoding="utf-8")
    machine.failing = {"--require-hashes": "no network"}
    with pytest.raises(start.SetupError):
        start.set_up(machine.root, start.RUN_LOCK)
    pyproject.write_text(before, encoding="utf-8")
    assert start.is_ready(machine.root, start.RUN_LOCK)


def test_pip_is_brought_into_an_environment_that_has_none(machine: Machine) -> None:
    machine.failing = {"ROOT/.venv/bin/python -m pip --version": "No module named pip"}
    assert start.pip_for(machine.root) == [str(start.python_in(machine.root)), "-m", "pip"]
    assert machine.ran[-1] == "ROOT/.venv/bin/python -I -m ensurepip --default-pip"


def test_without_ensurepip_our_own_pip_works_there(machine: Machine) -> None:
    machine.failing = {"ROOT/.venv/bin/python -m pip --version": "No module named pip", "ensurepip": "not here"}
    assert start.pip_for(machine.root) == [
        start.base_python(),
        "-m",
        "pip",
        "--python",
        str(start.python_in(machine.root)),
    ]


def test_without_any_pip_the_package_to_install_is_named(machine: Machine) -> None:
    machine.failing = {"pip": "not here"}
    with pytest.raises(start.SetupError, match="apt-get install python3-venv"):
        start.pip_for(machine.root)


def test_a_failure_ends_the_command_with_words_and_code_1(machine: Machine) -> None:
    machine.failing = {"-m venv": "Disk quota exceeded"}
    with pytest.raises(SystemExit) as ended:
        start.enter_environment(machine.root, ["check"], by_name=False)
    assert isinstance(ended.value.code, str)  # which Python prints, and exits with 1
    assert "Disk quota exceeded" in ended.value.code


# ------------------------------------------------------------------ where the command runs


@pytest.fixture
def going_on(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, list[str]]]:
    """Where `go_on_inside` would have gone on."""
    gone: list[tuple[Path, list[str]]] = []
    monkeypatch.setattr(start, "go_on_inside", lambda python, arguments: gone.append((python, arguments)))
    return gone


def test_outside_the_environment_the_command_goes_on_inside(machine: Machine, going_on: list[tuple[Path, list[str]]]) -> None:
    for _ in range(2):
        start.enter_environment(machine.root, ["build", "--strict"], by_name=False)
    assert going_on == [(start.python_in(machine.root), ["build", "--strict"])] * 2
    assert machine.installed() == [MADE, *RUN]


def test_inside_it_goes_on_where_it_is_unless_something_had_to_be_installed(
    machine: Machine, going_on: list[tuple[Path, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(machine.root / ".venv"))
    start.enter_environment(machine.root, ["check"], by_name=True)
    assert len(going_on) == 1
    start.enter_environment(machine.root, ["check"], by_name=True)
    assert len(going_on) == 1


def test_papergrove_by_name_uses_the_environment_that_somebody_installed_it_in(
    machine: Machine, going_on: list[tuple[Path, list[str]]]
) -> None:
    start.enter_environment(machine.root, ["check"], by_name=True)
    assert going_on == []
    assert machine.ran == []


def test_an_installed_package_is_no_checkout(machine: Machine) -> None:
    assert start.is_checkout(machine.root)
    (machine.root / start.RUN_LOCK).unlink()
    assert not start.is_checkout(machine.root)


def test_with_the_variable_set_nothing_is_looked_at(monkeypatch: pytest.MonkeyPatch, going_on: list[object]) -> None:
    called: list[bool] = []
    monkeypatch.setenv(start.NO_BOOTSTRAP, "1")
    monkeypatch.setitem(sys.modules, "generator.cli", SimpleNamespace(main=lambda: called.append(True)))
    monkeypatch.setattr(start, "is_checkout", lambda _: pytest.fail("looked at the checkout"))
    start.main()
    assert called == [True]
    assert going_on == []


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(start.NO_BOOTSTRAP, "1")
    monkeypatch.delitem(sys.modules, "generator.cli", raising=False)
    monkeypatch.setitem(sys.modules, "click", None)  # as if it were not installed
    with pytest.raises(SystemExit, match=r"Papergrove needs the package click, which .* does not have"):
        start.main()


def test_the_process_is_replaced_by_one_inside(tmp_path: Path) -> None:
    """With real processes: a checkout whose environment is right, and whose command says where it runs."""
    root = tmp_path / "a checkout"
    package = root / "generator"
    package.mkdir(parents=True)
    shutil.copy(start.__file__, package / "__main__.py")
    (package / "__init__.py").touch()
    says = "import sys\ndef main():\n    print([sys.prefix, sys.argv[1:]])\n    sys.exit(3)\n"
    (package / "cli.py").write_text(says, encoding="utf-8")
    for name in ("pyproject.toml", start.RUN_LOCK):
        (root / name).touch()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    packages = next((root / ".venv").rglob("site-packages"))
    (packages / "editable.pth").write_text(str(root), encoding="utf-8")
    (root / ".venv" / start.STAMP).write_text(start.stamp_for(root, start.RUN_LOCK), encoding="utf-8")

    environ = {name: value for name, value in os.environ.items() if name != start.NO_BOOTSTRAP}
    command = [sys.executable, "-m", "generator", "build", "two words"]
    done = subprocess.run(command, cwd=root, env=environ, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == f"{[str(root / '.venv'), ['build', 'two words']]}\n"


# ------------------------------------------------------------------ Pythons that are too old, or bare


def test_an_old_python_is_refused_in_plain_words() -> None:
    assert start.refusal((3, 8), "/usr/bin/python3") == (
        "Papergrove needs Python 3.11 or newer; this is Python 3.8 (/usr/bin/python3).\n"
        "Start it with a newer one, for example: python3.11 -m generator"
    )


def test_an_old_python_can_read_as_far_as_the_refusal() -> None:
    assert ast.parse(SOURCE, feature_version=(3, 8))
    assert "from __future__ import annotations" in SOURCE


def test_a_bare_python_has_all_that_is_imported_before_the_command() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(SOURCE))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - sys.stdlib_module_names == {"generator"}
