"""What is made: the chart's README table and copy of the CRD, copies within the CRD, and `deploy/`.

In reading order: `definition` says a scene's audio in the CRD's status as in its spec, `values_table`
reads the comments of values.yaml, `manifests` renders what kubectl applies, and `generated` knows
every file that is written.
"""
