# The operator's image: docker build -t rolloutguard:0.1.0 .
# It holds Node, the libraries that Node is linked to, and the bundle: no shell, no package manager, no npm packages.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# No package needs its install script to build the bundle.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY LICENSE NOTICE ./
COPY hack/build.ts hack/build.ts
COPY hack/images/operator-root.ts hack/images/operator-root.ts
COPY src src
RUN node hack/images/operator-root.ts /image

FROM scratch
COPY --from=build /image /
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/bin/node", "/rolloutguard/rolloutguard.mjs"]
