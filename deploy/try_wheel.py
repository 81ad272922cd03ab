"""Build the wheel, install it into an empty environment, and use it away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent


def main() -> None:
    """Exit with 1 and name the failing command when the wheel isn't complete."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        run([sys.executable, "-m", "build", "--wheel", "--outdir", str(work), str(TOP)], work)
        venv.create(work / "venv", with_pip=True)
        python = str(work / "venv" / "bin" / "python")
        wheel = next(work.glob("*.whl"))
        run([python, "-m", "pip", "install", "--quiet", str(wheel)], work)
        use(work / "venv" / "bin" / "mentorbot", work)
    sys.stdout.write("the wheel works away from the checkout\n")


def use(mentorbot: Path, work: Path) -> None:
    """Run the commands a new user would try first."""
    run([str(mentorbot), "content", "check"], work)
    packs = json.loads(run([str(mentorbot), "content", "list", "--json"], work))
    if packs[0]["counts"]["tips"] < 60:
        sys.exit("the wheel does not carry the whole pack")
    run([str(mentorbot), "content", "new", "test-role", "--in", str(work / "packs")], work)
    run([str(mentorbot), "content", "diff", str(work / "packs" / "test-role"), str(work / "packs" / "test-role")], work)
    run([str(mentorbot), "say", "/mentor plan add Try the wheel"], work)
    if "Try the wheel" not in run([str(mentorbot), "say", "/mentor plan"], work):
        sys.exit("the wheel's database does not remember")
    run([str(mentorbot), "db", "current"], work)
    run([str(mentorbot), "manifest", "slack"], work)
    run([str(mentorbot), "manifest", "discord"], work)


def run(command: list[str], work: Path) -> str:
    """Run `command` in `work`, away from this user's own data, and return its output.

    Exits with the command's output when it fails.
    """
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DATABASE_URL")}
    env |= {"HOME": str(work), "XDG_DATA_HOME": str(work / "data")}
    result = subprocess.run(command, cwd=work, env=env, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


if __name__ == "__main__":
    main()
