"""Builds the wheel through the sdist, installs it into a clean venv and starts it."""

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STYLES = "from tui.paths import stylesheets; print(len(stylesheets()))"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(folder)
        compare(wheel)
        start(wheel, folder / "venv")
    print("the wheel holds everything, and starts")


def build(folder: Path) -> Path:
    """The wheel, made of the sdist and of nothing else."""
    run(sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def compare(wheel: Path) -> None:
    """A file that git knows and the wheel lacks would be missed by users only."""
    tracked = run("git", "-C", str(ROOT), "ls-files", "tui", "styles").splitlines()
    wanted = {f"tui/{each}" if each.startswith("styles/") else each for each in tracked}
    held = set(zipfile.ZipFile(wheel).namelist())
    missing = sorted(wanted - held)
    extra = sorted(each for each in held - wanted if ".dist-info/" not in each)
    if missing or extra:
        sys.exit(f"missing in the wheel: {missing}\nonly in the wheel: {extra}")


def start(wheel: Path, folder: Path) -> None:
    venv.create(folder)
    python, program = folder / "bin/python", folder / "bin/ollama-tui"
    constraints = str(ROOT / "constraints.txt")
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    run(*pip, "install", "--quiet", "-c", constraints, str(wheel))
    version = run(str(program), "--version").strip()
    styles = int(run(str(python), "-c", STYLES))
    expected = len([*(ROOT / "styles").glob("*.tcss")])
    if not version.startswith("ollama-tui ") or styles != expected:
        sys.exit(f"{version!r}, {styles} of {expected} stylesheets")
    print(version, "with", styles, "stylesheets")


def run(*command: str) -> str:
    """What a command prints; its failure is ours."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
