"""kstatus, by which Flux and Helm 4 tell whether an object is done, as a program.

`program` says what is built; `module` is its source.
"""
