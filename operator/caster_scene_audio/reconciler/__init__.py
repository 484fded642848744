"""Who is called next, at what pace, and what is reported of it.

`controller` takes in what is seen and decides; `roster` remembers the objects, and `under_way` the
work on them. `placement` puts them into a `lane` of their account (`lanes`), which is a `queue` with
a `token_bucket`. In its turn (`turns`) an object finds its credentials (`keyring`), makes its
`calls`, and concludes (`attempt`). `reporter` tells the cluster, `snapshot` who looks from outside,
and `sweep` finds what was deleted while nobody watched.
"""
