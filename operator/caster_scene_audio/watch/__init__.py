"""The informers: all that knows kopf, and what is told to the controller of the cluster.

`watch` lists every object first, and then has each namespace followed by a `namespace_watch`, which
begins anew whatever ends it. `informer` is kopf, with one handler that hands bodies on; it runs in
the thread and loop of `watch_loop`, by the way of `login` and `session`, and `witness` judges what
the API server answers it, by the pieces that `overhearing` hears; what kopf begins is ended by
`offspring`. `sweep` finds what was deleted
while nobody watched.
"""
