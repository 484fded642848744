"""Leader election: of several replicas one leads, and only that one calls and writes.

`election` stands by, leads, and ends when the Lease is lost; `lease` holds the Lease and knows
whether it still does, by `lease_lock`, which reads and writes it by its `terms`, tells its `trouble`,
and measures by `clock`; `fence` lets nothing pass but while this process leads.
"""
