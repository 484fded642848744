"""Programs built from the Go module proxy, once for a machine, at pinned versions.

In reading order: `program` says what is built, `toolchain` finds a Go for it, `build` keeps the
result in a cache outside the checkout, `executable` takes ready-made ones instead, and
`telling` is the command line of those who only get one.
"""
