"""A real Kubernetes control plane on this machine, without a cluster and without containers.

In reading order: `go_module` says what is built and `binaries` chooses what to run; `certificates`,
`kubeconfig` and `commands` make what the components are given; `guard`, `processes` and
`readiness` run them, and `audit` is what they tell of it; `plane` puts it all together.
"""
