"""Whom the chart lets do what."""

from collections.abc import Mapping
from typing import Any

import pytest

from dev.helm.command import Helm
from tests.support.chart.chart import NAMESPACE, RELEASE, Manifest, Manifests, rendered

Right = tuple[str, str, str, tuple[str, ...]]

SCENES = "live.alibabacloud.com"
ON_OBJECTS: set[Right] = {
    (SCENES, "castersceneaudios", "list", ()),
    (SCENES, "castersceneaudios", "watch", ()),
    (SCENES, "castersceneaudios/status", "patch", ()),
    ("events.k8s.io", "events", "create", ()),
    ("events.k8s.io", "events", "patch", ()),
    ("", "events", "patch", ()),
}
ON_SECRETS: set[Right] = {("", "secrets", "get", ()), ("", "secrets", "watch", ())}
ON_LEASES: set[Right] = {
    ("coordination.k8s.io", "leases", "create", ()),
    ("coordination.k8s.io", "leases", "get", (RELEASE,)),
    ("coordination.k8s.io", "leases", "update", (RELEASE,)),
}
EVERYWHERE = "*"


def rights(role: Manifest) -> set[Right]:
    return {
        (group, resource, verb, tuple(rule.get("resourceNames", ())))
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def granted(made: Manifests) -> dict[str, set[Right]]:
    """What is bound to the operator's account, by namespace."""
    roles = made.by_identity()
    account = made.pod_spec()["serviceAccountName"]
    found: dict[str, set[Right]] = {}
    for binding in (*made.of("RoleBinding"), *made.of("ClusterRoleBinding")):
        assert binding["subjects"] == [
            {"kind": "ServiceAccount", "name": account, "namespace": NAMESPACE}
        ]
        where = binding["metadata"].get("namespace", "")
        ref = binding["roleRef"]
        role = roles[ref["kind"], where, ref["name"]]
        found.setdefault(where or EVERYWHERE, set()).update(rights(role))
    return found


def test_by_default_objects_and_secrets_of_the_cluster_and_one_lease(helm4: Helm) -> None:
    assert granted(rendered(helm4)) == {
        EVERYWHERE: ON_OBJECTS | ON_SECRETS,
        NAMESPACE: ON_LEASES,
    }


def test_with_namespaces_named_nothing_holds_for_the_cluster(helm4: Helm) -> None:
    made = rendered(helm4, {"watchNamespaces": ["studio-a", "studio-b"]})

    assert granted(made) == {
        "studio-a": ON_OBJECTS | ON_SECRETS,
        "studio-b": ON_OBJECTS | ON_SECRETS,
        NAMESPACE: ON_LEASES,
    }
    assert not made.of("ClusterRole")


def test_the_operator_s_own_namespace_may_be_one_of_them(helm4: Helm) -> None:
    made = rendered(helm4, {"watchNamespaces": [NAMESPACE]})

    assert granted(made) == {NAMESPACE: ON_OBJECTS | ON_SECRETS | ON_LEASES}
    assert len(made.by_identity()) == len(made.all)


SECRETS: dict[str, tuple[Mapping[str, Any], dict[str, set[Right]]]] = {
    "none": (
        {"rbac": {"secrets": {"enabled": False}}},
        {EVERYWHERE: ON_OBJECTS},
    ),
    "none, though namespaces are named": (
        {"rbac": {"secrets": {"enabled": False, "namespaces": ["studio-a"]}}},
        {EVERYWHERE: ON_OBJECTS},
    ),
    "by name": (
        {"rbac": {"secrets": {"resourceNames": ["studio-key"]}}},
        {
            EVERYWHERE: ON_OBJECTS
            | {("", "secrets", verb, ("studio-key",)) for verb in ("get", "watch")}
        },
    ),
    "by namespace": (
        {"rbac": {"secrets": {"namespaces": ["studio-a"]}}},
        {EVERYWHERE: ON_OBJECTS, "studio-a": ON_SECRETS},
    ),
    "by namespace, of those that are served": (
        {
            "watchNamespaces": ["studio-a", "studio-b"],
            "rbac": {"secrets": {"namespaces": ["studio-a"]}},
        },
        {"studio-a": ON_OBJECTS | ON_SECRETS, "studio-b": ON_OBJECTS},
    ),
}


@pytest.mark.parametrize(("values", "wanted"), SECRETS.values(), ids=SECRETS)
def test_secrets_can_be_cut_down(
    helm4: Helm, values: Mapping[str, Any], wanted: dict[str, set[Right]]
) -> None:
    assert granted(rendered(helm4, values)) == {**wanted, NAMESPACE: ON_LEASES}


def test_the_lease_is_the_one_that_the_operator_is_told_of(helm4: Helm) -> None:
    made = rendered(helm4, {"leaderElection": {"leaseName": "studio-audio"}})
    arguments = made.container()["args"]

    named = {names for _, _, _, names in granted(made)[NAMESPACE] if names}

    assert named == {(arguments[arguments.index("--lease-name") + 1],)} == {("studio-audio",)}


def test_without_leader_election_there_is_no_right_on_leases(helm4: Helm) -> None:
    alone = {"replicaCount": 1, "leaderElection": {"enabled": False}}

    assert granted(rendered(helm4, alone)) == {EVERYWHERE: ON_OBJECTS | ON_SECRETS}


def test_where_somebody_else_writes_roles_the_chart_writes_none(helm4: Helm) -> None:
    made = rendered(helm4, {"rbac": {"create": False}, "watchNamespaces": ["studio-a"]})

    assert not [each for each in made.all if each["apiVersion"].startswith("rbac.")]


def test_another_account_gets_the_rights_where_none_is_made(helm4: Helm) -> None:
    made = rendered(helm4, {"serviceAccount": {"create": False, "name": "theirs"}})

    assert not made.of("ServiceAccount")
    assert made.pod_spec()["serviceAccountName"] == "theirs"
    assert granted(made)


def test_only_the_operator_s_pods_get_a_token(helm4: Helm) -> None:
    made = rendered(helm4, {"emulator": {"enabled": True}})

    tokens = {name: pod["spec"]["automountServiceAccountToken"] for name, pod in made.pods()}

    assert made.one("ServiceAccount")["automountServiceAccountToken"] is False
    assert tokens == {
        f"Deployment/{RELEASE}": True,
        f"Deployment/{RELEASE}-emulator": False,
        f"Pod/{RELEASE}-test": False,
    }


READING = {"get", "list", "watch"}
WRITING = {"create", "update", "patch", "delete", "deletecollection"}
INTO = "rbac.authorization.k8s.io/aggregate-to-"


def of_people(made: Manifests, kind: str) -> dict[str, Manifest]:
    return {each["metadata"]["name"]: each for each in made.of(kind, "user")}


def test_people_get_roles_that_are_part_of_the_clusters_own(helm4: Helm) -> None:
    made = rendered(helm4)
    roles = of_people(made, "ClusterRole")

    assert {name: verbs_on_scenes(role) for name, role in roles.items()} == {
        f"{RELEASE}-view": READING,
        f"{RELEASE}-edit": READING | WRITING,
    }
    assert {name: aggregated_into(role) for name, role in roles.items()} == {
        f"{RELEASE}-view": {"view", "edit", "admin"},
        f"{RELEASE}-edit": {"edit", "admin"},
    }
    assert granted(made) == granted(rendered(helm4, {"rbac": {"userRoles": False}}))


def test_people_get_roles_that_stand_by_themselves(helm4: Helm) -> None:
    made = rendered(helm4, {"rbac": {"aggregateToUserRoles": False}})

    assert [aggregated_into(each) for each in of_people(made, "ClusterRole").values()] == [
        set(),
        set(),
    ]


def test_people_of_a_namespace_get_roles_there(helm4: Helm) -> None:
    made = rendered(helm4, {"watchNamespaces": ["studio-a", "studio-b"]})

    assert {
        (each["metadata"]["namespace"], each["metadata"]["name"])
        for each in made.of("Role", "user")
    } == {
        (namespace, f"{RELEASE}-{role}")
        for namespace in ("studio-a", "studio-b")
        for role in ("view", "edit")
    }


def test_people_get_no_roles_where_that_is_turned_off(helm4: Helm) -> None:
    assert not of_people(rendered(helm4, {"rbac": {"userRoles": False}}), "ClusterRole")


def verbs_on_scenes(role: Manifest) -> set[str]:
    return {verb for group, _, verb, _ in rights(role) if group == SCENES}


def aggregated_into(role: Manifest) -> set[str]:
    labels = role["metadata"]["labels"]
    return {each.removeprefix(INTO) for each in labels if each.startswith(INTO)}
