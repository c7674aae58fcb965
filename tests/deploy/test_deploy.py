"""The compose file and the systemd units are what their programs would take.

`compose-spec.json` is the Compose Specification's own schema (github.com/compose-spec/compose-spec,
Apache-2.0, its licence beside it), as the package check-jsonschema carries it.
"""

import copy
import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

HERE = Path(__file__).parent
DEPLOY = HERE.parents[1] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


@pytest.fixture(scope="module")
def schema():
    return json.loads((HERE / "compose-spec.json").read_text())


@pytest.fixture
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_the_compose_file_follows_the_specification(compose, schema):
    jsonschema.validate(compose, schema)
    wrong = copy.deepcopy(compose)
    wrong["services"]["web"]["depend_on"] = wrong["services"]["web"].pop("depends_on")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


def test_every_reference_in_the_compose_file_exists(compose):
    services = compose["services"]
    assert set(services) == {"database", "web", "worker"}
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        names = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert names <= set(compose["volumes"])
    assert (DEPLOY / services["web"]["build"]["context"] / "deploy" / "Dockerfile").is_file()
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])
    for name in ("web", "worker"):
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["read_only"] is True


def test_commands_in_the_deployment_are_the_product_s(compose):
    from bitgoeul.__main__ import build_parser

    given = [service["command"] for service in compose["services"].values() if "command" in service]
    for unit in UNITS:
        given += [
            line.split()
            for line in re.findall(
                r"^ExecStart=/opt/bitgoeul/bitgoeul (.+)$", unit.read_text(), re.M
            )
        ]
    assert len(given) == 5
    for words in given:
        build_parser(words).parse_args(words)


def test_the_image_needs_debian_and_python_only():
    text = (DEPLOY / "Dockerfile").read_text()
    installed = re.search(r"--no-install-recommends (.+?) \\", text)[1].split()
    assert installed == ["python3", "ca-certificates", "${PACKAGES}"]
    assert 'ARG PACKAGES=""' in text
    assert re.search(r"^FROM debian:", text, re.M)
    assert re.search(r"^USER bitgoeul$", text, re.M)


needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="no systemd-analyze: apt-get install systemd"
)


@pytest.fixture
def units(tmp_path):
    """The units, with a program that exists where the installation's would be."""
    for unit in UNITS:
        text = unit.read_text().replace("/opt/bitgoeul/bitgoeul ", "/bin/true ")
        text = text.replace("User=bitgoeul\nGroup=bitgoeul\n", "User=daemon\nGroup=daemon\n")
        (tmp_path / unit.name.replace("@.", "@1.")).write_text(text)
    return tmp_path


@needs_systemd
def test_systemd_takes_the_units(units):
    paths = [str(path) for path in sorted(units.iterdir())]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "bitgoeul" in line]
    assert ours == []
    broken = units / "bitgoeul-broken.service"
    broken.write_text("[Service]\nExecStart=/bin/true\nProtectSistem=strict\n")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(broken)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ProtectSistem" in done.stderr


@needs_systemd
@pytest.mark.parametrize("name", ["bitgoeul.service", "bitgoeul-worker@1.service"])
def test_the_units_are_closed(units, name):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(units / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    told = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout + done.stderr)
    if told is None:
        pytest.skip(f"systemd-analyze cannot judge here: {done.stderr.strip()[:200]}")
    assert float(told[1]) < 3.0
