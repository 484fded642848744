"""The older SDKs for Node and Java against the emulator, and beside the operator.

In reading order: `client` says what each is, `installation` gets it from its registry into a cache
outside the checkout, `wish` is what all of them are to ask for, `comparison` holds what they sent
against what the operator sends, and `trial` lets one of them make every call.

Numbers alone are written otherwise, and the emulator takes them all:

    the operator                    1.0   10.0   1e-05
    aliyun-python-sdk-core          1.0   10.0   1e-05    in `make check`, with every kind of spec
    @alicloud/pop-core              1     10     0.00001
    aliyun-java-sdk-core            1.0   10.0   1.0E-5   as 32-bit floats
"""
