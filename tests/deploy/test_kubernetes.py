"""The manifest is what Kubernetes would take, and closed: gVisor, no way out, no rights.

`kubernetes-spec.json` is the part of Kubernetes' own definitions that it needs (Apache-2.0).
"""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

HERE = Path(__file__).parent
MANIFEST = HERE.parents[1] / "deploy" / "kubernetes" / "runner.yaml"
GROUPS = {
    "v1": "core.v1",
    "batch/v1": "batch.v1",
    "networking.k8s.io/v1": "networking.v1",
    "node.k8s.io/v1": "node.v1",
}


@pytest.fixture(scope="module")
def spec():
    return json.loads((HERE / "kubernetes-spec.json").read_text())


@pytest.fixture
def manifest():
    return {one["kind"]: one for one in yaml.safe_load_all(MANIFEST.read_text())}


def check(one, spec):
    name = f"io.k8s.api.{GROUPS[one['apiVersion']]}.{one['kind']}"
    jsonschema.validate(one, {**spec, "$ref": f"#/definitions/{name}"})


def test_the_manifest_follows_kubernetes_definitions(manifest, spec):
    for one in manifest.values():
        check(one, spec)
    wrong = copy.deepcopy(manifest["CronJob"])
    pod = wrong["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    pod["runtimeClass"] = pod.pop("runtimeClassName")
    with pytest.raises(jsonschema.ValidationError):
        check(wrong, spec)


def test_its_pods_run_behind_gvisor_without_rights(manifest):
    pod = manifest["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["runtimeClassName"] == manifest["RuntimeClass"]["metadata"]["name"]
    assert manifest["RuntimeClass"]["handler"] == "runsc"
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    (container,) = pod["containers"]
    closed = container["securityContext"]
    assert closed["allowPrivilegeEscalation"] is False
    assert closed["readOnlyRootFilesystem"] is True
    assert closed["capabilities"] == {"drop": ["ALL"]}
    assert {"cpu", "memory"} <= container["resources"]["limits"].keys()
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}


def test_nothing_but_the_database_and_names_is_reached(manifest):
    policy = manifest["NetworkPolicy"]["spec"]
    assert policy["podSelector"] == {}
    assert policy["ingress"] == []
    ports = {port["port"] for rule in policy["egress"] for port in rule["ports"]}
    assert ports == {5432, 53}
    spaces = {one["metadata"].get("namespace") for one in manifest.values()} - {None}
    assert spaces == {manifest["Namespace"]["metadata"]["name"]}


def test_its_command_is_the_product_s(manifest):
    from bitgoeul.__main__ import build_parser

    pod = manifest["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    args = build_parser(pod["containers"][0]["args"]).parse_args(pod["containers"][0]["args"])
    assert (args.queues, args.burst) == ("code", True)
