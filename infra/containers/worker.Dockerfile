# The worker: runs the bots' code and sends their replies.
# From the root of the repository: docker build --file infra/containers/worker.Dockerfile --tag botyard-worker .
FROM node:24.21.0-bookworm-slim AS base

# The app, the packages that it runs on, and their part of the lock: what changes elsewhere builds nothing anew.
FROM base AS prune
ENV TURBO_TELEMETRY_DISABLED=1
WORKDIR /repository
COPY . .
# npmrc and ca are for a registry of your own; without them these are npm's.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=ca,target=/run/build-ca.crt \
    npx --yes "turbo@$(sed -n 's/^  turbo: //p' pnpm-workspace.yaml)" prune @botyard/worker --docker --production

FROM base AS install
WORKDIR /botyard
COPY --from=prune /repository/out/json/ .
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=ca,target=/run/build-ca.crt \
    npx --yes "$(node -p 'require("./package.json").packageManager')" install --prod --frozen-lockfile
COPY --from=prune /repository/out/full/ .
# What only compilers, debuggers and package managers read.
RUN find node_modules -type f \( -name '*.d.ts' -o -name '*.d.[cm]ts' -o -name '*.map' \) -delete \
 && find apps packages -mindepth 2 -maxdepth 2 ! -name src ! -name cli ! -name package.json ! -name node_modules \
      -exec rm -rf {} + \
 && rm -rf node_modules/.modules.yaml node_modules/.pnpm-workspace-state* node_modules/.pnpm/lock.yaml

FROM base
LABEL org.opencontainers.image.title="botyard-worker" org.opencontainers.image.licenses="Apache-2.0"
# Ops routes answer the orchestrator: never publish their port.
ENV WORKER_OPS_HOST=0.0.0.0 BOTS_DIR=/bots
COPY --from=install /botyard/apps /botyard/apps
COPY --from=install /botyard/packages /botyard/packages
COPY --from=install /botyard/node_modules /botyard/node_modules
COPY infra/containers/healthcheck.mjs /botyard/healthcheck.mjs
WORKDIR /botyard/apps/worker
# By number: Kubernetes cannot tell whether a name is root's.
USER 1000:1000
EXPOSE 9102
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "/botyard/healthcheck.mjs", "WORKER_OPS_PORT", "9102"]
# Node itself is process 1. It hears SIGTERM, and waits for each child that PROCESSES makes: no init is needed.
ENTRYPOINT ["node"]
CMD ["--min-semi-space-size=32", "--max-semi-space-size=32", "src/server.ts"]
