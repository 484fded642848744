# The operator as an image. From the top of the checkout:
#
#   docker build --tag caster-scene-audio-operator .
#
# It runs as nobody's user, writes nothing and needs no shell:
#
#   docker run --read-only --cap-drop ALL caster-scene-audio-operator --version

# What it runs on, from a registry of yours or with less in it: --build-arg BASE=…
# The virtual environment links to its Python, so a base that can't build, because it has no shell
# or no pip, needs another with the same Python at the same place: --build-arg BUILD_BASE=…
ARG BASE=python:3.12-slim
ARG BUILD_BASE=${BASE}

FROM ${BUILD_BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
# Dependencies first: this layer stays while only our own code changes. All that is fetched is
# known by its hash, and what comes as source is built with the tools of requirements/build.txt.
# With `--build-arg REQUIREMENTS=tracing` changes can be traced.
ARG REQUIREMENTS=runtime
COPY requirements/runtime.txt requirements/tracing.txt requirements/build.txt /src/requirements/
RUN python -m venv /build \
    && /build/bin/python -m pip install --require-hashes -r /src/requirements/build.txt \
    && /build/bin/python -m pip wheel --wheel-dir /wheels --no-build-isolation \
        --require-hashes -r /src/requirements/${REQUIREMENTS}.txt
COPY pyproject.toml README.md LICENSE /src/
COPY operator /src/operator
RUN /build/bin/python -m pip wheel --wheel-dir /wheels --no-build-isolation \
        --no-index --no-deps /src \
    && python -m venv --without-pip /opt/operator \
    && /build/bin/python -m pip --python /opt/operator/bin/python install \
        --no-index --no-deps --no-compile /wheels/*.whl \
    # Of the Kubernetes client's blocking half nothing here loads the calls and the objects: 56 MB.
    && (cd /opt/operator/lib/python3.*/site-packages/kubernetes/client \
        && rm -r api && find models -type f ! -name __init__.py -delete) \
    # Without time stamps inside, the byte code holds wherever the files are copied to.
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/operator/lib \
    && /opt/operator/bin/caster-scene-audio --version \
    && /opt/operator/bin/live-emulator --help >/dev/null
# A user with a name and a home: libraries ask for both, and fail where the uid has no line here.
RUN mkdir /accounts \
    && cp /etc/passwd /etc/group /accounts/ \
    && echo 'operator:x:65532:65532:operator:/nonexistent:/sbin/nologin' >> /accounts/passwd \
    && echo 'operator:x:65532:' >> /accounts/group

# Only copies from here on: this stage runs nothing, so its base needs no shell.
FROM ${BASE}
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="caster-scene-audio-operator" \
      org.opencontainers.image.description="Kubernetes operator for the audio of ApsaraVideo Live production studios" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${BASE}"
COPY --from=build /accounts/ /etc/
COPY --from=build /opt/operator /opt/operator
ENV PATH=/opt/operator/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# By number, so that Kubernetes can tell that it isn't root.
USER 65532:65532
WORKDIR /
ENTRYPOINT ["caster-scene-audio"]
CMD ["run"]
