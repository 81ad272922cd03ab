"""The files operators deploy with: the unit, the compose files, the manifests, the lock file and SECURITY.md."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from mentorbot.adapters.discord.manifest import PERMISSIONS
from mentorbot.adapters.slack.manifest import SCOPES
from mentorbot.app import ProcessRole

TOP = Path(__file__).resolve().parent.parent
DEPLOY = TOP / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
MAX_EXPOSURE = 20
"""As --threshold takes it: a tenth of what `systemd-analyze security` prints."""


def documents(file: Path) -> list[Any]:
    """Read the documents of a YAML file."""
    return list(yaml.safe_load_all(file.read_text(encoding="utf-8")))


def started_roles(commands: list[list[str]]) -> set[str]:
    """List the roles some commands start processes in."""
    return {command[command.index("--only") + 1] for command in commands if "--only" in command}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze isn't here")
def test_unit_is_hardened() -> None:
    unit = DEPLOY / "mentorbot.service"
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={MAX_EXPOSURE}", str(unit)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


_SANDBOXED = """
import ctypes, os, resource, sys
MDWE, NO_NEW_PRIVILEGES = 65, 38
libc = ctypes.CDLL(None)
if libc.prctl(MDWE, 1, 0, 0, 0) or libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
    sys.exit("the kernel can't")
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
os.umask(0o077)
import matplotlib.pyplot, mentorbot.adapters.discord.adapter, mentorbot.adapters.slack.adapter
from mentorbot.cli import main
main(["say", "/mentor plan add Read a book"])
"""


@pytest.mark.slow
def test_bot_runs_under_the_units_limits(tmp_path: Path) -> None:
    """Those a test can set: no writable code (MemoryDenyWriteExecute), no new privileges, few files, a strict umask."""
    unit = (DEPLOY / "mentorbot.service").read_text(encoding="utf-8")
    for limit in ("MemoryDenyWriteExecute=yes", "NoNewPrivileges=yes", "LimitNOFILE=4096", "UMask=0077"):
        assert limit in unit
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_", "MENTORBOT_"))
    }
    env |= {"XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path), "PYTHONPATH": str(TOP)}
    env.pop("DATABASE_URL", None)
    result = subprocess.run([sys.executable, "-c", _SANDBOXED], env=env, capture_output=True, text=True, check=False)
    if "the kernel can't" in result.stderr:
        pytest.skip("this kernel has no PR_SET_MDWE")
    assert (result.returncode, result.stderr) == (0, "")
    assert "Read a book" in result.stdout
    assert [path.stat().st_mode & 0o077 for path in tmp_path.rglob("*.db*")] == [0] * len(list(tmp_path.rglob("*.db*")))


def test_larger_compose_file_runs_every_role_on_postgresql() -> None:
    [compose] = documents(DEPLOY / "compose.scale.yaml")
    services = compose["services"]
    assert started_roles([service.get("command", []) for service in services.values()]) == set(ProcessRole)
    assert services["worker"]["deploy"]["replicas"] == 2
    assert services["postgres"]["image"].startswith("postgres:")
    for name, service in services.items():
        if name != "postgres":
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name
            assert service["environment"]["DATABASE_URL_FILE"].startswith("/run/secrets/"), name


@pytest.mark.parametrize("name", ["compose.yaml", "compose.scale.yaml"])
def test_compose_files_follow_the_specifications_schema(name: str) -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema (in the dev group) isn't here")
    command = ["check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(DEPLOY / name)]
    result = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: file.stem)
def test_manifests_follow_kubernetes_schema(file: Path) -> None:
    validator = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate (in the dev group) isn't here")
    found = documents(file)
    assert found
    for document in found:
        validator.validate(document, validator.latest_version(), strict=True)  # raises what's wrong


def test_manifests_run_every_role_with_probes_and_without_privileges() -> None:
    all_documents = [document for file in MANIFESTS for document in documents(file)]
    pods = [item["spec"]["template"]["spec"] for item in all_documents if item["kind"] in ("Deployment", "Job")]
    containers = [container for pod in pods for container in pod["containers"]]
    assert started_roles([container["args"] for container in containers]) == set(ProcessRole)
    assert ["mentorbot", "db", "upgrade"] in [container["args"] for container in containers]
    for container in containers:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        if "--only" in container["args"]:
            assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
            assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert not any("env" in container for container in containers), "secrets are files"


def test_every_dependency_is_locked_with_hashes_and_without_urls() -> None:
    text = (DEPLOY / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=\S)", text.replace("\\\n", "\n"))
    locked = {_name(block) for block in blocks if "==" in block}
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for dependency in (*project["dependencies"], *extras["postgresql"], *extras["charts"]):
        assert _name(dependency) in locked, f"{dependency} is missing: make lock"


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!; ]", requirement.strip(), maxsplit=1)[0].lower().replace(".", "-").replace("_", "-")


def test_every_scope_and_permission_is_explained() -> None:
    text = (TOP / "SECURITY.md").read_text(encoding="utf-8")
    assert [scope for scope in SCOPES if f"`{scope}`" not in text] == []
    titles = {name: name.replace("_", " ").title() for name in PERMISSIONS if name != "send_messages_in_threads"}
    assert [name for name, title in titles.items() if title not in text] == []
