# docker build -t migration-manager .
# docker run --rm --network host -e DATABASE_URL -v "$PWD:/work" migration-manager list

# A tag of https://hub.docker.com/_/swift for Debian 12; Swift 6.2 or newer.
ARG SWIFT_VERSION=6.3

FROM swift:${SWIFT_VERSION}-bookworm AS build
RUN apt-get update -qq \
 && apt-get install -qq --yes --no-install-recommends \
      libpg-query-dev libpq-dev libprotobuf-c-dev libssl-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN scripts/build-release \
 && install -D --strip .build/release/migration-manager /out/usr/bin/migration-manager \
 && install scripts/rollback-batch /out/usr/bin/migration-manager-rollback-batch

FROM debian:bookworm-slim
# For debconf, while packages are configured, there is nobody to ask.
ARG DEBIAN_FRONTEND=noninteractive
RUN apt-get update -qq \
 && apt-get install -qq --yes --no-install-recommends ca-certificates libpq5 libssl3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 1000 --create-home migrator
COPY --from=build /out/ /
COPY LICENSE scripts/packaging/debian/copyright /usr/share/doc/migration-manager/
# The program writes its symbols only where the locale is one of UTF-8.
ENV LANG=C.UTF-8
USER migrator
WORKDIR /work
ENTRYPOINT ["migration-manager"]
CMD ["help"]
