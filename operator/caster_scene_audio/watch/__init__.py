"""The informer: all that knows kopf, and what is told to the controller of the cluster.

`watch` lists every object first and then tells each change; `informer` is kopf, with one handler
that hands bodies on; `session` is its way to the API server, and `overhearing` its signs of life;
`sweep` finds what was deleted while nobody watched.
"""
