# One image for every service: the role is its argument, e.g. `docker run smarteats order-service`.
# It needs no shell, writes nowhere but to /tmp, and runs as any numeric user.
ARG BASE_IMAGE=node:24-alpine

FROM ${BASE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY workers/package.json workers/
RUN npm ci --omit=dev --ignore-scripts
COPY charts/image charts/image
COPY workers workers
RUN node charts/image/bundle.mjs /image

FROM ${BASE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /image /app
# Numeric, so that Kubernetes can tell that it is not root; the manifests name the same.
USER 10001:10001
ENTRYPOINT ["node", "--enable-source-maps", "/app/services/main.mjs"]
