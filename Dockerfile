# Muster's image: the same locked, hash-checked installation as `make setup`, by the same script, under a user of its own.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/muster
# The requirements change seldom: a layer of their own.
COPY scripts/install.sh scripts/install.sh
COPY requirements.txt requirements.txt
RUN scripts/install.sh /opt/muster/bin/python requirements.txt
COPY pyproject.toml README.md ./
COPY streams streams
COPY agents agents
COPY wirecopy wirecopy
COPY desk desk
RUN scripts/install.sh /opt/muster/bin/python requirements.txt --project

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin muster
COPY --from=build /opt/muster /opt/muster
USER 10001
WORKDIR /home/muster
ENV PATH=/opt/muster/bin:$PATH PYTHONUNBUFFERED=1
ENTRYPOINT ["muster"]
CMD ["run"]
