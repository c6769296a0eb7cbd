# Parapet as an image: docs/guide/container.md has what it needs and promises.
# Another base is one argument, such as a mirror's: a Debian with Node 24.11 or newer.
ARG BASE=docker.io/library/node:24.11-bookworm-slim

FROM ${BASE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts
COPY . .
RUN npm pack --loglevel=error --pack-destination /tmp \
  && mkdir /parapet \
  && tar -xzf /tmp/parapet-*.tgz -C /parapet --strip-components=1

FROM ${BASE} AS modules
WORKDIR /modules
COPY package.json package-lock.json .npmrc ./
COPY scripts/manifest.ts scripts/
# What serves, with the drivers of every store, in the versions of the lock file. The image has a Node of its own.
RUN node scripts/manifest.ts > deployed.json && mv deployed.json package.json \
  && npm ci --ignore-scripts

FROM ${BASE}
LABEL org.opencontainers.image.title="parapet" \
  org.opencontainers.image.description="Authorization server for OAuth 2.0 and OpenID Connect" \
  org.opencontainers.image.licenses="Apache-2.0"
COPY --from=modules /modules/node_modules /opt/parapet/node_modules
COPY --from=build /parapet /opt/parapet
# Numbers, so that Kubernetes can see that it is not root.
RUN ln -s /opt/parapet/dist/main.js /usr/local/bin/parapet \
  && chmod 0755 /opt/parapet/dist/main.js \
  && install -d -o 10001 -g 10001 -m 0700 /data
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=8080 \
  PARAPET_DATA=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["parapet", "health"]
ENTRYPOINT ["parapet"]
CMD ["serve"]
