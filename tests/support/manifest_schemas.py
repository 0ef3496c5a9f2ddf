"""The schemas that manifests of the course must agree with, one for each kind of object.

Kubernetes' own come from kubernetes-validate, in its strict form, which refuses unknown fields.
Those of the Dask operator are the definitions that dask-kubernetes ships. No package here ships
those of the Gateway API and of kind: the parts that this course uses are written below.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

Data = dict[str, Any]


def disagreements(data: Data) -> Iterator[str]:
    """Where an object is not what the schema of its kind asks for."""
    if not isinstance(data, dict) or not {"apiVersion", "kind"} <= data.keys():
        yield "a manifest is a mapping with apiVersion and kind"
        return
    group = str(data["apiVersion"]).rpartition("/")[0]
    own = _own_schemas().get((str(data["apiVersion"]), str(data["kind"])))
    if own is not None:
        errors = jsonschema.Draft202012Validator(own).iter_errors(data)
        yield from (f"{error.json_path}: {error.message}" for error in errors)
    elif group in {group.rpartition("/")[0] for group, _ in _own_schemas()}:
        yield f"{data['apiVersion']} has no kind {data['kind']}"
    else:
        yield from _of_kubernetes(data)


def _of_kubernetes(data: Data) -> Iterator[str]:
    try:
        kubernetes_validate.validate(data, kubernetes_validate.latest_version(), strict=True)
    except kubernetes_validate.SchemaNotFoundError as error:
        yield error.message
    except kubernetes_validate.ValidationError as error:
        yield f"{error.json_path}: {error.message}"


def _strict(schema: Any) -> Any:
    """The schema of a custom resource, which now refuses what the API server would drop."""
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: _strict(value) for key, value in schema.items()}
    if "type" in schema and isinstance(schema.get("properties"), dict):
        strict.setdefault("additionalProperties", False)
    if schema.get("x-kubernetes-int-or-string"):
        strict.pop("type", None)
        strict["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    return strict


def package_files(package: str) -> Path:
    """Where a distribution's files lie; it need not be importable."""
    return Path(str(distribution(package).locate_file("")))


CHART = Path("dask_kubernetes/operator/deployment/helm/dask-kubernetes-operator")


def chart() -> Path:
    """The chart of the Dask operator, as its wheel ships it."""
    return package_files("dask-kubernetes") / CHART


@functools.cache
def _own_schemas() -> dict[tuple[str, str], Data]:
    """By apiVersion and kind: what kubernetes-validate does not have."""
    found = dict(_WRITTEN)
    for path in sorted((chart() / "crds").glob("*.yaml")):
        definition = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["spec"]
        for version in definition["versions"]:
            schema = _strict(version["schema"]["openAPIV3Schema"])
            schema["properties"] |= {
                "apiVersion": {"type": "string"},
                "kind": {"type": "string"},
                "metadata": _METADATA,
            }
            name = f"{definition['group']}/{version['name']}"
            found[name, definition["names"]["kind"]] = schema
    return found


def _object(required: str = "", **properties: Any) -> Data:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _list(items: Data) -> Data:
    return {"type": "array", "items": items, "minItems": 1}


_TEXT = {"type": "string"}
_LABELS = {"type": "object", "additionalProperties": _TEXT}
_METADATA = _object("name", name=_TEXT, namespace=_TEXT, labels=_LABELS, annotations=_LABELS)
_PORT = {"type": "integer", "minimum": 1, "maximum": 65535}


def _resource(api: str, kind: str, spec: Data) -> Data:
    head = {"apiVersion": {"const": api}, "kind": {"const": kind}}
    return _object("apiVersion kind metadata spec", metadata=_METADATA, spec=spec, **head)


_GATEWAY = "gateway.networking.k8s.io/v1"
_KIND = "kind.x-k8s.io/v1alpha4"
#: The part of the Gateway API 1.6 and of kind's configuration that this course uses.
_WRITTEN: dict[tuple[str, str], Data] = {
    (_GATEWAY, "Gateway"): _resource(
        _GATEWAY,
        "Gateway",
        _object(
            "gatewayClassName listeners",
            gatewayClassName=_TEXT,
            listeners=_list(
                _object(
                    "name port protocol",
                    name=_TEXT,
                    hostname=_TEXT,
                    port=_PORT,
                    protocol={"enum": ["HTTP", "HTTPS", "TLS", "TCP", "UDP"]},
                    allowedRoutes=_object(
                        namespaces=_object("", **{"from": {"enum": ["All", "Selector", "Same"]}})
                    ),
                )
            ),
        ),
    ),
    (_GATEWAY, "HTTPRoute"): _resource(
        _GATEWAY,
        "HTTPRoute",
        _object(
            parentRefs=_list(_object("name", name=_TEXT, namespace=_TEXT, sectionName=_TEXT)),
            hostnames=_list(_TEXT),
            rules=_list(
                _object(
                    matches=_list(
                        _object(
                            path=_object(
                                type={"enum": ["Exact", "PathPrefix", "RegularExpression"]},
                                value={"type": "string", "pattern": "^/"},
                            )
                        )
                    ),
                    backendRefs=_list(
                        _object("name", name=_TEXT, port=_PORT, weight={"type": "integer"})
                    ),
                )
            ),
        ),
    ),
    (_KIND, "Cluster"): _object(
        "apiVersion kind",
        apiVersion={"const": _KIND},
        kind={"const": "Cluster"},
        name=_TEXT,
        nodes=_list(_object("role", role={"enum": ["control-plane", "worker"]}, image=_TEXT)),
    ),
    ("kustomize.config.k8s.io/v1beta1", "Kustomization"): _object(
        "apiVersion kind",
        apiVersion=_TEXT,
        kind=_TEXT,
        namespace=_TEXT,
        resources=_list(_TEXT),
        images=_list(_object("name", name=_TEXT, newName=_TEXT, newTag=_TEXT)),
        replicas=_list(_object("name count", name=_TEXT, count={"type": "integer"})),
        patches=_list(
            _object("patch", patch=_TEXT, target=_object(kind=_TEXT, name=_TEXT, version=_TEXT))
        ),
    ),
}
