# Sarai with what serves PostgreSQL; compose.yaml starts it. The code belongs to root, and what runs cannot change it.
FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/sarai
COPY . .
RUN make .venv/runnable && .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-server.lock
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin sarai \
    && install -d -o sarai -g sarai -m 0750 /var/lib/sarai /var/lib/sarai-prefect /var/cache/sarai
ENV PATH=/srv/sarai/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false \
    SARAI_HOME=/var/lib/sarai SARAI_CACHE=/var/cache/sarai
USER sarai
