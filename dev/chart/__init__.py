"""What is made from the chart, or for it: its README's table, its copy of the CRD, and `deploy/`.

In reading order: `values_table` reads the comments of values.yaml, `manifests` renders what kubectl
applies, and `generated` knows every file that is written.
"""
