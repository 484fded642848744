"""The flags of every command that asks a cluster, as kubectl has them."""

import argparse
from collections.abc import Mapping


def add_cluster_arguments(parser: argparse.ArgumentParser, *, all_namespaces: bool = True) -> None:
    parser.add_argument("--kubeconfig", metavar="FILE", help="default: KUBECONFIG, ~/.kube/config")
    parser.add_argument("--context", metavar="NAME", help="default: the current one")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-n", "--namespace", metavar="NAME", help="default: that of the context")
    if all_namespaces:
        where.add_argument(
            "-A", "--all-namespaces", action="store_true", help="all that you may list"
        )


def environ_of(arguments: argparse.Namespace, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, in which a kubeconfig that was named counts alone."""
    given = arguments.kubeconfig
    return environ if given is None else {**environ, "KUBECONFIG": given}
